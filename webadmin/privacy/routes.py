"""Pages about privacy: what is kept, the log of visits, and a person's data as a file or no more."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dialplan.rows import SiteRows
from webadmin import audit, offers
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import db, writing
from webadmin.editing.act import act
from webadmin.models import Person, Site
from webadmin.people.service import move_out
from webadmin.privacy import service
from webadmin.privacy.visits import MOST, visits
from webadmin.shell import here, needed_site, note

pages = Blueprint("privacy", __name__)


@pages.get("/privacy")
def index() -> ResponseReturnValue:
    """What is kept about whom, for how long, and who sees it."""
    days = current_app.config["DOORLINE"].visits.keep_days
    return render_template("privacy/index.html", here=needed_site(), keep_days=days)


@pages.get("/visits")
@organisation_only
def log() -> ResponseReturnValue:
    """The log of a commercial site; that it was read is written down."""
    site = needed_site()
    if site.kind != "commercial":
        return render_template("privacy/visits.html", rows=None, most=MOST, names={})
    domain, who, organisation_id = site.domain, g.account.email, site.organisation_id
    rows = offers.whole(site)
    with lifted(), writing() as session:
        audit.record(session, datetime.now(UTC), who, "read the log of visits", domain, organisation_id)
    found = visits(current_app.config["DOORLINE"].database.pbx_url, domain)
    return render_template("privacy/visits.html", rows=found, most=MOST, names=_names(rows))


@pages.get("/people/<int:key>/data.json")
@organisation_only
def export(key: int) -> ResponseReturnValue:
    """Everything kept about one person, as a file."""
    person = _found(key)
    site, ref = here(person.site_id), person.ref
    with lifted():
        found = service.about(db.session(), site, person, offers.whole(site))
    who, domain, organisation_id = g.account.email, site.domain, site.organisation_id
    with lifted(), writing() as session:
        audit.record(session, datetime.now(UTC), who, "took out a person's data", domain, organisation_id)
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str)
    headers = {"Content-Disposition": f"attachment; filename={ref}.json"}
    return Response(text, mimetype="application/json", headers=headers)


@pages.route("/people/<int:key>/erase", methods=["GET", "POST"])
@organisation_only
def erase(key: int) -> ResponseReturnValue:
    """Erase a person, from the history too; this is not undone."""
    person = _found(key)
    site = here(person.site_id)
    if request.method == "GET":
        return render_template("privacy/erase.html", person=person)
    ref, name, who, site_id = person.ref, person.name, g.account.email, site.id
    with lifted(), writing() as session:
        addresses = service.end_accounts(session, key)
    if not act(site_id, move_out(ref), None, service.ERASED):
        return redirect(url_for("people.show", key=key), 303)
    with lifted(), writing() as session:
        site, at = session.get_one(Site, site_id), datetime.now(UTC)
        service.forget(session, site, ref, name, addresses, who, at)
    note("Nothing is kept about this person any more.")
    return redirect(url_for("people.index"), 303)


def _names(rows: SiteRows) -> dict[str, str]:
    """What the ids of a visit are called now."""
    names = {person.id: person.name for person in rows.people}
    names |= {device.id: device.name for device in rows.devices if device.name}
    names |= {door.id: door.name for door in rows.doors} | {group.id: group.name for group in rows.groups}
    labels = {button.id: button.label or names.get(button.person or button.group) for button in rows.buttons}
    return names | {key: label for key, label in labels.items() if label}


def _found(key: int) -> Person:
    person = db.session.get(Person, key)
    if person is None:
        abort(404)
    return person
