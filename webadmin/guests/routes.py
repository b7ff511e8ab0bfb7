"""Pages about guests and craftsmen: who is let in until when, the code shown once, the way back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webadmin import offers
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.editing.act import nudge
from webadmin.forms import choices
from webadmin.guests import service
from webadmin.guests.forms import PassForm
from webadmin.guests.service import PassRefused, Wish
from webadmin.guests.uses import uses_of
from webadmin.models import Site
from webadmin.settings import Settings
from webadmin.shell import needed_site, note

pages = Blueprint("guests", __name__)


@pages.get("/guests")
def index() -> ResponseReturnValue:
    """Every pass within reach, newest first."""
    site = needed_site()
    used = uses_of(_settings().database.pbx_url, site.domain)
    found = service.passes(db.session(), site, at=datetime.now(UTC), used=used)
    doors, people = dict(offers.doors(site)), dict(offers.people(site))
    return render_template("guests/index.html", passes=found, doors=doors, people=people)


@pages.route("/guests/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new pass; its link, picture and PIN are shown once."""
    site = needed_site()
    now = datetime.now(ZoneInfo(site.time_zone)).replace(second=0, microsecond=0, tzinfo=None)
    form = PassForm(data={"window": now, "end": now + timedelta(days=1)})
    form.doors.choices = choices(offers.doors(site))
    if form.validate_on_submit():
        made = _make(site, form)
        if made is not None:
            nudge()
            base = _settings().webadmin.public_url or request.host_url
            link = service.share_link(base, made.token)
            picture = Markup(service.qr_svg(link))
            label = form.text("label")
            return render_template("guests/made.html", made=made, link=link, picture=picture, label=label)
    return render_template("guests/form.html", form=form), 422 if form.is_submitted() else 200


@pages.post("/guests/<ref>/revoke")
def revoke(ref: str) -> ResponseReturnValue:
    """The pass opens nothing any more, at once."""
    site = needed_site()
    if all(each.ref != ref for each in service.passes(db.session(), site, at=datetime.now(UTC))):
        abort(404)
    with lifted(), writing() as session:
        service.revoke(session, site, ref, datetime.now(UTC))
    nudge()
    note("The pass is revoked: it opens nothing any more.")
    return redirect(url_for("guests.index"), 303)


def _make(site: Site, form: PassForm) -> service.Made | None:
    zone, start, end = ZoneInfo(site.time_zone), form.window.data, form.end.data
    if start is None or end is None:
        return None
    begin, over = start.replace(tzinfo=zone), end.replace(tzinfo=zone)
    wish = Wish(form.text("label"), form.doors.chosen(), begin, over, form.most(), made_by=g.account.email)
    try:
        with lifted(), writing() as session:
            return service.make(session, site, wish, datetime.now(UTC))
    except PassRefused as fault:
        form[fault.field if fault.field in form else "label"].errors = [fault.reason]
        return None


def _settings() -> Settings:
    found: Settings = current_app.config["DOORLINE"]
    return found
