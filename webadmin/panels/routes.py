"""Pages about panels and controllers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialplan.rows import PanelRow
from webadmin import offers
from webadmin.db import db
from webadmin.devices.sheet import sheet
from webadmin.doors.plans import newest_plan
from webadmin.editing.act import act
from webadmin.editing.changes import fingerprint
from webadmin.lines import Line, Lines
from webadmin.models import Building, Credential, Device, Door, PanelDoor, Site
from webadmin.panels import service
from webadmin.panels.forms import BoxForm, NewBoxForm, PanelForm
from webadmin.panels.presence import presences
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.shell import here, needed_site, note

pages = Blueprint("panels", __name__)
KINDS = ("panel", "controller")
LINE = ("door", "digits")


@pages.get("/panels")
def index() -> ResponseReturnValue:
    """Every panel and controller of the site, and whether it is there."""
    site = needed_site()
    query = select(Device, Building.name).join(Building, Building.id == Device.building_id)
    query = query.where(Device.site_id == site.id, Device.kind.in_(KINDS)).order_by(Device.position)
    doors: dict[int, list[str]] = {}
    at = select(PanelDoor.panel_id, Door.name).join(Door, Door.id == PanelDoor.door_id)
    driven = select(Door.controller_id, Door.name)
    for query_of in (at.order_by(PanelDoor.position), driven.order_by(Door.position)):
        for key, name in db.session.execute(query_of):
            if name not in doors.setdefault(key, []):
                doors[key].append(name)
    return render_template(
        "panels/index.html", rows=db.session.execute(query).all(), doors=doors, present=_present(site)
    )


@pages.route("/panels/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new panel or controller, and its log-in shown once."""
    site, form = needed_site(), NewBoxForm()
    offers.offer(form.building, offers.buildings(site))
    if form.validate_on_submit():
        edit = service.add_box(form.kind.data, form.text("name"), form.text("building"))
        done = act(site.id, edit, form, "{0} is saved.", form.text("name"), tables=("devices",))
        if done is not None and done.log_ins:
            return sheet(site, done.log_ins[0], url_for("panels.index"))
    return render_template("panels/new.html", form=form), 422 if form.is_submitted() else 200


@pages.route("/panels/<int:key>", methods=["GET", "POST"])
def show(key: int) -> ResponseReturnValue:
    """One panel or controller: state, form, and what visitors see on it."""
    device = _found(key)
    site, ref = here(device.site_id), device.ref
    rows = offers.whole(site)
    now, panel = service.state(rows, ref)
    values = {"name": now.name or ref, "building": now.building, "number": now.number}
    values["version"] = fingerprint((now, panel))
    form: Any = BoxForm(data=values)
    if panel is not None:
        form = PanelForm(data={**values, **{name: getattr(panel, name) for name in service.PANEL_FIELDS}})
    offers.offer(form.building, offers.buildings(site), now=now.building)
    lines = _lines(form, panel)
    arranging = form.is_submitted() and lines.arranged(request.form)
    if form.is_submitted() and not arranging and form.validate() and _save(site, ref, form, lines, panel):
        return redirect(url_for("panels.show", key=key), 303)
    if form.is_submitted() and not arranging:
        form.version.data = fingerprint(service.state(offers.whole(site), ref))
    return _page(site, key, form, lines, arranging), 422 if form.is_submitted() and not arranging else 200


@pages.post("/panels/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take one away."""
    device = _found(key)
    name = device.name or device.ref
    if act(device.site_id, service.remove_box(device.ref), None, "{0} is removed.", name):
        return redirect(url_for("panels.index"), 303)
    return redirect(url_for("panels.show", key=key), 303)


@pages.post("/panels/<int:key>/restart")
def restart(key: int) -> ResponseReturnValue:
    """Ask a panel to begin anew."""
    device = _found(key)
    site = here(device.site_id)
    link: PbxLink = current_app.extensions["doorline.pbx"]
    try:
        why = link.order("PanelRestart", Site=site.domain, Panel=device.username or device.ref.lower())
    except PbxAway:
        note("The door server did not answer. Nothing was changed.")
    else:
        if why:
            note("It was not restarted: {0}", why)
        else:
            note("{0} restarts.", device.name or device.ref)
    return redirect(url_for("panels.show", key=key), 303)


def _page(site: Site, key: int, form: Any, lines: Lines, arranging: bool) -> str:
    device = _found(key)
    plan, at = newest_plan(site), datetime.now(UTC).astimezone(ZoneInfo(site.time_zone))
    seen = plan is not None and plan.panel(device.ref) is not None
    listing = plan.listing(device.ref, at) if plan is not None and seen else ()
    present = _present(site)
    where = (Credential.site == site.domain, Credential.device == device.ref)
    driven = select(Door).where(Door.controller_id == key).order_by(Door.position)
    return render_template(
        "panels/show.html", device=device, form=form, lines=lines, doors=offers.doors(site), listing=listing,
        driven=db.session.scalars(driven).all(),
        known=present is not None, presence=(present or {}).get(device.username or device.ref.lower()),
        state=db.session.scalar(select(Credential.state).where(*where)), dirty=arranging,
    )  # fmt: skip


def _lines(form: Any, panel: PanelRow | None) -> Lines:
    if form.is_submitted():
        return Lines.sent("doors", "door", LINE, request.form)
    rows = ({"door": each, "digits": service.digits(panel, each)} for each in panel.doors) if panel else ()
    return Lines.of("doors", "door", rows)


def _save(site: Site, ref: str, form: Any, lines: Lines, panel: PanelRow | None) -> bool:
    known = {door for door, _ in offers.doors(site)} | set(panel.doors if panel else ())

    def fault(line: Line) -> str:
        return "" if line["door"] in known else "Choose from the list."

    if not lines.check(fault):
        return False
    owners: tuple[int, ...] = ()
    if panel is not None:
        pairs = [(line["door"], line["digits"].replace(" ", "").replace(",", "")) for line in lines.items]
        keys, owners = service.keys(pairs)
        doors = tuple(door for door, _ in pairs)
        kept = {name: form[name].data for name in service.PANEL_FIELDS}
        kept["camera_notice"] = form.text("camera_notice")
        panel = replace(panel, doors=doors, keys=keys, **kept)

    def tell(place: Sequence[str], text: str) -> bool:
        if place[0] != "keys" or len(place) < 2 or not place[1].isdecimal() or int(place[1]) >= len(owners):
            return False
        return lines.tell([str(owners[int(place[1])])], text)

    number = form.text("number") if panel is not None else ""
    edit = service.save_box(
        ref, form.text("name"), form.text("building"), number, panel, form.text("version")
    )
    tables = ("devices", "panels")
    return act(site.id, edit, form, "{0} is saved.", form.text("name"), tables=tables, tell=tell) is not None


def _present(site: Site) -> Any:
    return presences(current_app.extensions["doorline.pbx"], site.domain)


def _found(key: int) -> Device:
    device = db.session.get(Device, key)
    if device is None or device.kind not in KINDS:
        abort(404)
    return device
