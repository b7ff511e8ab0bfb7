"""Pages that make, change and remove doors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dialplan.rows import DoorRow, SiteRows, ThenRow
from webadmin import offers
from webadmin.db import db
from webadmin.doors import service
from webadmin.doors.forms import DoorForm, NewDoorForm
from webadmin.doors.map import draw
from webadmin.editing.act import act
from webadmin.editing.changes import Edit, fingerprint
from webadmin.forms import choices
from webadmin.lines import Line, Lines
from webadmin.models import Door, Site
from webadmin.people.service import one
from webadmin.shell import here, needed_site

pages = Blueprint("door_changes", __name__)

PLAIN = (
    *("name", "building", "driver", "controller", "relay", "address", "payload", "open_seconds", "fail"),
    *("resting", "escape_route", "exit_hardware", "hold", "contact", "left_open_seconds", "forced_alarm"),
)
"""Fields whose form and row have the same value."""
LOCKDOWN = {None: "", True: "yes", False: "no"}
THEN = ("door", "delay")


@pages.route("/doors/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new door."""
    site = needed_site()
    rows, now = offers.whole(site), DoorRow("", "", "", "", "")
    form = NewDoorForm(data={"everybody": True, "open_seconds": 5, "left_open_seconds": 60})
    form.panels.choices = choices(offers.devices(site, "panel"))
    _offer(form, site, now)
    lines = _lines(form, now)
    if form.is_submitted() and not lines.arranged(request.form) and _check(form, lines):
        door, panels = _row(form, lines, now), form.panels.chosen()
        made = service.add_door(door, panels, bool(form.everybody.data))
        if _act(site, made, form, lines, now):
            return redirect(url_for("doors.index"), 303)
    return _page(site, form, lines, rows, None)


@pages.route("/doors/<int:key>/edit", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Change a door."""
    door = db.session.get(Door, key)
    if door is None:
        abort(404)
    site, ref = here(door.site_id), door.ref
    rows = offers.whole(site)
    now: DoorRow = one(rows, "doors", ref)
    values = {name: getattr(now, name) for name in PLAIN}
    values |= {"lockdown": LOCKDOWN[now.lockdown], "interlock": now.interlock, "version": fingerprint(now)}
    form = DoorForm(data=values)
    _offer(form, site, now)
    lines = _lines(form, now)
    if form.is_submitted() and not lines.arranged(request.form) and _check(form, lines):
        made = service.save_door(_row(form, lines, now), form.text("version"))
        if _act(site, made, form, lines, now):
            return redirect(url_for("doors.show", key=key), 303)
        rows = offers.whole(site)
        form.version.data = fingerprint(one(rows, "doors", ref))
    return _page(site, form, lines, rows, door)


@pages.post("/doors/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take a door away."""
    door = db.session.get(Door, key)
    if door is None:
        abort(404)
    if act(door.site_id, service.remove_door(door.ref), None, "{0} is removed.", door.name):
        return redirect(url_for("doors.index"), 303)
    return redirect(url_for("doors.show", key=key), 303)


def _offer(form: DoorForm, site: Site, now: DoorRow) -> None:
    offers.offer(form.building, offers.buildings(site), now=now.building)
    boxes = offers.devices(site, "controller", "panel")
    offers.offer(form.controller, boxes, now=now.controller)
    offers.offer(form.hold, offers.schedules(site), now=now.hold, none="No schedule")
    offers.speak(form.driver, form.fail, form.resting, form.lockdown)
    form.interlock.choices = choices(pair for pair in offers.doors(site) if pair[0] != now.id)


def _lines(form: DoorForm, now: DoorRow) -> Lines:
    if form.is_submitted():
        return Lines.sent("then", "door", THEN, request.form)
    return Lines.of("then", "door", ({"door": each.door, "delay": str(each.delay)} for each in now.then))


def _check(form: DoorForm, lines: Lines) -> bool:
    seconds = lines.check(
        lambda line: "" if _seconds(line) is not None else "Write whole seconds, such as 20."
    )
    return bool(form.validate()) and seconds


def _seconds(line: Line) -> int | None:
    text = line["delay"] or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


def _row(form: DoorForm, lines: Lines, now: DoorRow) -> DoorRow:
    values: dict[str, Any] = {name: form[name].data for name in PLAIN}
    return DoorRow(
        id=now.id,
        **values,
        lockdown={"": None, "yes": True, "no": False}[form.text("lockdown")],
        interlock=form.interlock.chosen(now.interlock),
        then=tuple(ThenRow(line["door"], _seconds(line) or 0) for line in lines.items),
    )


def _act(site: Site, edit: Edit, form: DoorForm, lines: Lines, now: DoorRow) -> bool:
    known = {ref for ref, _ in offers.doors(site)} | {each.door for each in now.then}
    if not lines.check(lambda line: "" if line["door"] in known else "Choose from the list."):
        return False

    def tell(place: Sequence[str], text: str) -> bool:
        return place[0] == "then" and lines.tell(place, text)

    done = act(site.id, edit, form, "{0} is saved.", form.text("name"), tables=("doors",), tell=tell)
    return done is not None


def _page(site: Site, form: DoorForm, lines: Lines, rows: SiteRows, door: Door | None) -> ResponseReturnValue:
    arranging = request.form.get("do", "save") != "save"
    doors = {each.id: each for each in rows.doors}
    then = tuple(ThenRow(line["door"], _seconds(line) or 0) for line in lines.items)
    ref = door.ref if door else ""
    doors[ref] = DoorRow(
        ref, form.text("name") or "…", "", "", "", interlock=tuple(form.interlock.data or ())
    )
    drawing = draw(DoorRow(ref, "", "", "", "", then=then), doors)
    others = [pair for pair in offers.doors(site) if pair[0] != ref]
    page = render_template(
        "doors/form.html", form=form, lines=lines, door=door, drawing=drawing, others=others, dirty=arranging
    )
    return page, 422 if form.is_submitted() and not arranging else 200
