"""Pages about doors: the list, one door with its rights, and the simulator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dialplan.access import Denied, may_open
from dialplan.route import Target
from dialplan.rows import METHODS
from webadmin import offers
from webadmin.db import db
from webadmin.doors.lockdowns import states
from webadmin.doors.map import Map, draw
from webadmin.doors.plans import newest_plan
from webadmin.models import (
    AccessRule,
    AccessRuleDoor,
    AccessRuleHolder,
    Building,
    Device,
    Door,
    Person,
    Schedule,
    Site,
    Unit,
)
from webadmin.shell import here, needed_site

pages = Blueprint("doors", __name__)
REASONS = {
    "unknown_door": "This door is not in the published plan yet.",
    "unknown_subject": "This person is not in the published plan yet.",
    "wrong_panel": "That panel does not belong to this door.",
    "lockdown": "The door is locked down.",
    "no_right": "No rule gives this person this door.",
    "wrong_method": "A rule gives this door, but not in this way.",
    "wrong_time": "A rule gives this door, but not at this time.",
    "tamper": "Somebody tampers with the panel: codes do not count.",
}
WAYS = {
    "app": "with the app", "visitor_call": "in a visitor's call", "code": "with a code",
    "card": "with a card", "api": "by another system",
}  # fmt: skip


@pages.get("/doors")
def index() -> ResponseReturnValue:
    """Every door of the site."""
    site = needed_site()
    driven_by = func.coalesce(func.nullif(Device.name, ""), Device.ref)
    query = select(Door, Building.name, driven_by).join(Building, Building.id == Door.building_id)
    query = query.outerjoin(Device, Device.id == Door.controller_id).where(Door.site_id == site.id)
    rows = db.session.execute(query.order_by(Door.position)).all()
    locked = states(current_app.extensions["doorline.pbx"], site.domain) or {}
    return render_template("doors/index.html", rows=rows, locked=locked)


@pages.get("/doors/<int:key>")
def show(key: int) -> ResponseReturnValue:
    """One door: what it is, who opens it, and may this person open it then?"""
    door = db.session.get(Door, key)
    if door is None:
        abort(404)
    site = here(door.site_id)
    zone = ZoneInfo(site.time_zone)
    people = db.session.execute(
        select(Person.ref, Person.name).where(Person.site_id == site.id).order_by(Person.name)
    ).all()
    asked = {name: request.args.get(name, "") for name in ("person", "way", "at")}
    at = _moment(asked["at"], zone) or datetime.now(UTC).astimezone(zone)
    answer = None
    if asked["person"] in {ref for ref, _ in people} and asked["way"] in METHODS:
        answer = _answer(site, door.ref, asked["person"], asked["way"], at)
    return render_template(
        "doors/show.html", door=door, building=db.session.get(Building, door.building_id), rules=_rules(door),
        people=people, asked=asked, at=at, answer=answer, ways=WAYS, drawing=_drawing(site, door.ref),
    )  # fmt: skip


def _drawing(site: Site, ref: str) -> Map:
    doors = {each.id: each for each in offers.whole(site).doors}
    return draw(doors[ref], doors)


def _answer(site: Site, door: str, person: str, way: Any, at: datetime) -> tuple[bool, str, int]:
    plan = newest_plan(site)
    if plan is None:
        return False, REASONS["unknown_door"], 0
    subject, panel = Target("person", person), ""
    if way == "visitor_call":
        panel = next((each.device for each in plan.directory.panels if door in each.doors), "")
        device = next(iter(plan.devices_of(subject)), "")
        subject = Target("device", device) if device else subject
    found = may_open(plan, subject, door, way, at, panel=panel)
    if isinstance(found, Denied):
        return False, REASONS.get(found.reason, found.reason), 0
    return True, "", round(found.seconds)


def _rules(door: Door) -> list[dict[str, Any]]:
    """The rights at this door, by name."""
    mine = select(AccessRuleDoor.rule_id).where(AccessRuleDoor.door_id == door.id)
    rules = db.session.scalars(
        select(AccessRule).where(AccessRule.id.in_(mine)).order_by(AccessRule.position)
    ).all()
    schedules = {row.id: row.name for row in db.session.scalars(select(Schedule))}
    holders = db.session.scalars(
        select(AccessRuleHolder).where(AccessRuleHolder.rule_id.in_([r.id for r in rules]))
    )
    named: dict[int, list[tuple[str, str]]] = {}
    for holder in holders.all():
        for table, key, endpoint in (
            (Person, holder.person_id, "people.show"),
            (Unit, holder.unit_id, "units.show"),
            (Building, holder.building_id, ""),
        ):
            row: Any = db.session.get(table, key) if key else None
            if row is not None:
                named.setdefault(holder.rule_id, []).append((row.name, f"{endpoint} {row.id}"))
    return [
        {
            "holders": named.get(rule.id, []),
            "ways": [WAYS[each] for each in rule.methods.split(",") if each in WAYS],
            "during": schedules.get(rule.during_id or 0, ""),
            "outside": schedules.get(rule.outside_id or 0, ""),
        }
        for rule in rules
    ]


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=zone) if text else None
    except ValueError:
        return None
