"""The page of this moment: calls, and who is logged in."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import db, writing
from webadmin.live import service
from webadmin.models import Device, Site
from webadmin.panels.presence import Presence, presences
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.shell import needed_site, note, sites

pages = Blueprint("live", __name__)


@pages.get("/live")
@organisation_only
def index() -> ResponseReturnValue:
    """Calls of every site within reach; panels, controllers and devices of the current one."""
    site, known = needed_site(), {each.domain: each for each in sites()}
    calls: list[service.LiveCall] | None
    contacts: list[service.Contact] = []
    try:
        calls = service.calls(_link(), known)
        if site.kind == "commercial":
            contacts = service.contacts(_link(), _users(site))
    except PbxAway:
        calls = None
    present = presences(_link(), site.domain) if calls is not None else None
    running = (_link().running() or {}).get(site.domain) if calls is not None else None
    boxes = db.session.scalars(
        select(Device)
        .where(Device.site_id == site.id, Device.kind.in_(("panel", "controller")))
        .order_by(Device.position)
    ).all()
    nowhere = Presence(False, "", "")
    shown = [(box, (present or {}).get((box.username or box.ref).lower(), nowhere)) for box in boxes]
    return render_template(
        "live/index.html", calls=calls, known=known, boxes=shown, contacts=contacts, running=running
    )


@pages.post("/live/hang-up")
@organisation_only
def hang_up() -> ResponseReturnValue:
    """End one call of a site within reach."""
    wanted, known = request.form.get("call", "")[:120], {each.domain: each for each in sites()}
    back = redirect(url_for("live.index"), 303)
    try:
        call = next((each for each in service.calls(_link(), known) if each.id == wanted), None)
        if call is None:
            note("That call was over already.")
            return back
        refused = _link().order("Hangup", Channel=call.channel)
    except PbxAway:
        note("The door server did not answer. Nothing was ended.")
        return back
    if refused:
        note("That call was over already.")
        return back
    organisation_id = known[call.site].organisation_id
    who = g.account.email
    with lifted(), writing() as database:
        audit.record(database, datetime.now(UTC), who, "ended a call", call.site, organisation_id)
    note("The call is ended.")
    return back


def _users(site: Site) -> set[str]:
    rows = db.session.execute(select(Device.username, Device.ref).where(Device.site_id == site.id))
    return {(username or ref).lower() for username, ref in rows}


def _link() -> PbxLink:
    link: PbxLink = current_app.extensions["doorline.pbx"]
    return link
