"""The page of settings: what holds for every site, where it is set, and a test of the e-mails."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import writing
from webadmin.languages import translate
from webadmin.post import NotSent, Post
from webadmin.settings import Settings
from webadmin.shell import note

pages = Blueprint("settings", __name__)
ROLES = {
    "system_owner": "Owner of the system",
    "organisation_admin": "Admin of an organisation",
    "building_admin": "Admin of a building",
    "unit_owner": "Owner of a unit",
    "resident": "Resident",
    "guest": "Guest",
}


@pages.get("/settings")
@organisation_only
def index() -> ResponseReturnValue:
    """What holds here; addresses and mail for the system's owner only."""
    settings: Settings = current_app.config["DOORLINE"]
    forced = [(ROLES[role], role in settings.webadmin.second_factor) for role in ROLES]
    owner, local = g.reach.everything, _post().is_local
    days = settings.visits.keep_days
    return render_template(
        "machine/index.html", settings=settings, forced=forced, owner=owner, local=local, keep_days=days
    )


@pages.post("/settings/mail")
@organisation_only
def try_mail() -> ResponseReturnValue:
    """Send an e-mail to the one who asks."""
    if not g.reach.everything:
        abort(403)
    to, language = g.account.email, g.language
    subject = translate(language, "A test from Doorline")
    text = translate(language, "E-mails of this server reach you. Nothing else is to be done.")
    try:
        _post().send(to, subject, text)
    except (NotSent, OSError) as fault:
        note("The e-mail did not leave: {0}. See the section mail of the configuration.", str(fault))
        return redirect(url_for("settings.index"), 303)
    with lifted(), writing() as session:
        audit.record(session, datetime.now(UTC), to, "sent a test e-mail", to)
    if _post().is_local:
        note("No mail server is set: the e-mail lies in the directory outbox of this machine.")
    else:
        note("The mail server took the e-mail to {0}. Look whether it arrives.", to)
    return redirect(url_for("settings.index"), 303)


def _post() -> Post:
    found: Post = current_app.extensions["doorline.post"]
    return found
