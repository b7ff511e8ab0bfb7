"""One's own ringing button: what stands on it, hidden or not, and who rings in which order.

A button of one's own is individual, or it rings a dial group of its own name (`own-BUTTON`) that holds nobody
but one's household: choosing an order makes the one into the other, taking the order away turns it back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, ConfigDict, Field

from dialplan.directory import Button, paused
from dialplan.plan import DialPlan
from dialplan.rows import ButtonRow, GroupRow, MemberRow, SiteRows
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.delegation import service as bounds
from webadmin.doors.plans import newest_plan
from webadmin.editing.changes import Stale, fingerprint
from webadmin.editing.difference import with_row, without_row
from webadmin.people import service
from webadmin.resident.acting import published, tell_pbx
from webadmin.resident.answers import Body, Problem, nothing_there, taken
from webadmin.resident.whose import Own, own_people

LONGEST_LABEL = 60
NOT_LEFT = "The admin of this house sees to the buttons. You can hide yours."
Seconds = Annotated[int, Field(ge=0, le=120)]


class Place(Body):
    """Somebody or something that rings: after `delay` seconds, for `seconds` (none: to the end)."""

    target: Literal["person", "device"]
    id: Annotated[str, Field(min_length=1, max_length=64)]
    delay: Seconds = 0
    seconds: Annotated[int, Field(ge=5, le=120)] | None = None


class ButtonChange(Body):
    """What may be changed; what is left out stays. `ring` null: all my devices at once. `version`: of the
    button as it was shown; without it, label and order are set whatever they have become since.
    """

    model_config = ConfigDict(extra="forbid", strict=False)

    label: Annotated[str, Field(max_length=LONGEST_LABEL, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    version: Annotated[str, Field(max_length=64)] | None = None
    hidden: bool | None = None
    hidden_until: AwareDatetime | None = None
    ring: Annotated[list[Place], Field(min_length=1, max_length=12)] | None = None


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/buttons")(buttons)
    api.get("/buttons/<key>")(button)
    api.put("/buttons/<key>")(save_button)


def buttons() -> ResponseReturnValue:
    """All of one's own, of every site."""
    return {"buttons": [button for own in own_people() for button in buttons_of(own)]}


def button(key: str) -> ResponseReturnValue:
    """One of them; `key` is DOMAIN:ID."""
    own, found = _found(key)
    return next(each for each in buttons_of(own) if each["button"] == found.id)


def save_button(key: str) -> ResponseReturnValue:
    """Change it and publish."""
    own, found = _found(key)
    body = taken(ButtonChange)
    if body.model_fields_set & {"label", "ring"} and not may_arrange(own):
        raise Problem(403, "not_left_to_you", NOT_LEFT)
    places = _places(own, body.ring)
    site_id, person = own.site.id, own.person.ref

    def edit(rows: SiteRows) -> SiteRows:
        if body.version is not None and body.model_fields_set & {"label", "ring"}:
            _unchanged(own, found.id, body.version)
        return _changed(rows, found.id, person, body, places)

    published(site_id, edit, f"own button of {person}")
    tell_pbx()
    return button(key)


def may_arrange(own: Own) -> bool:
    """Whether the admin leaves names and order of buttons to the people of this building."""
    with lifted():
        return bounds.may_arrange(db.session(), g.reach, own.person.unit_id)


def buttons_of(own: Own) -> list[dict[str, Any]]:
    """One's own buttons at a site."""
    plan = newest_plan(own.site)
    if plan is None:
        return []
    return [
        _shown(plan, own, button) for button in plan.directory.buttons if is_own(plan, button, own.person.ref)
    ]


def own_group(button: str) -> str:
    """The dial group that belongs to a button alone."""
    return f"own-{button}"[:64]


def is_own(plan: DialPlan, button: Button, person: str) -> bool:
    """Whether a button is this person's own."""
    if button.kind == "individual":
        return button.person == person
    group = plan.group(button.group) if button.group == own_group(button.id) else None
    return group is not None and any(_behind(plan, each.kind, each.id) == person for each in group.members)


def _behind(plan: DialPlan, kind: str, key: str) -> str:
    if kind == "person":
        return key
    device = plan.device(key) if kind == "device" else None
    return device.person if device is not None else ""


def _version(plan: DialPlan, button: Button) -> str:
    """Tells one name and order of a button from another; hidden or not is a switch: the last press holds."""
    group = plan.group(button.group)
    return fingerprint((button.label, button.kind, group.members if group is not None else ()))


def _unchanged(own: Own, key: str, version: str) -> None:
    """Raise `Stale` unless the button is as it was shown; under the write lock what is newest is true."""
    plan = newest_plan(own.site)
    button = plan.button(key) if plan is not None else None
    if plan is None or button is None or _version(plan, button) != version:
        raise Stale


def _shown(plan: DialPlan, own: Own, button: Button) -> dict[str, Any]:
    at = datetime.now(UTC)
    group = plan.group(button.group)
    members = group.members if group is not None else ()
    return {
        "id": f"{own.site.domain}:{button.id}",
        "button": button.id,
        "site": own.site.domain,
        "version": _version(plan, button),
        "label": button.label,
        "panels": list(button.panels),
        "hidden": paused(button.hidden, at),
        "hidden_until": None if isinstance(button.hidden, bool) else button.hidden.isoformat(),
        "seconds": button.ring_seconds if group is None else group.ring_seconds,
        "may_arrange": may_arrange(own),
        "ring": [
            {"target": each.kind, "id": each.id, "delay": each.delay, "seconds": each.timeout}
            for each in members
        ]
        or None,
        "choices": _choices(plan, own),
    }


def _choices(plan: DialPlan, own: Own) -> list[dict[str, str]]:
    """Whom one may put into an order: the household, one's own devices, the stations of the flat."""
    me = plan.person(own.person.ref)
    if me is None:
        return []
    people = [
        each for each in plan.directory.people if each.id == me.id or (me.unit and each.unit == me.unit)
    ]
    found = [{"target": "person", "id": each.id, "name": each.name} for each in people]
    for device in plan.directory.devices:
        if device.person == me.id or (me.unit and device.unit == me.unit):
            found.append({"target": "device", "id": device.id, "name": device.name or device.username})
    return found


def _places(own: Own, ring: list[Place] | None) -> tuple[MemberRow, ...]:
    plan = newest_plan(own.site)
    known = {(each["target"], each["id"]) for each in _choices(plan, own)} if plan is not None else set()
    for place in ring or ():
        if (place.target, place.id) not in known:
            raise Problem(422, "not_yours", "Only your household and your own devices can ring here.", "ring")
    if len({(place.target, place.id) for place in ring or ()}) != len(ring or ()):
        raise Problem(422, "twice", "Somebody is in the order twice.", "ring")
    return tuple(
        MemberRow(place.target, place.id, delay=place.delay, timeout=place.seconds) for place in ring or ()
    )


def _found(key: str) -> tuple[Own, Button]:
    domain, _, ref = key.partition(":")
    for own in own_people():
        plan = newest_plan(own.site) if own.site.domain == domain else None
        button = plan.button(ref) if plan is not None else None
        if plan is not None and button is not None and is_own(plan, button, own.person.ref):
            return own, button
    raise nothing_there()


def _changed(
    rows: SiteRows, key: str, person: str, body: ButtonChange, members: tuple[MemberRow, ...]
) -> SiteRows:
    row: ButtonRow = service.one(rows, "buttons", key)
    given = body.model_fields_set
    if "label" in given:
        row = replace(row, label=(body.label or "").strip())
    if given & {"hidden", "hidden_until"}:
        until = body.hidden_until.astimezone(UTC) if body.hidden_until is not None else None
        row = replace(row, hidden=service.pause(bool(body.hidden or until), until))
    if "ring" not in given:
        return with_row(rows, "buttons", row)
    return _in_order(rows, row, person, members) if members else _at_once(rows, row, person)


def _in_order(rows: SiteRows, row: ButtonRow, person: str, members: tuple[MemberRow, ...]) -> SiteRows:
    name = row.label or next((each.alias or each.name for each in rows.people if each.id == person), person)
    group = GroupRow(own_group(row.id), name, members, ring_seconds=row.ring_seconds)
    rows = with_row(rows, "groups", group)
    if row.kind == "individual":  # an address is the person's or the button's, never both's
        people = [each for each in rows.people if each.id == person]
        shared = {text for each in people for text in (each.user or each.id.lower(), each.number)}
        row = replace(
            row,
            kind="common",
            person="",
            group=group.id,
            label=name,
            user="" if row.user in shared else row.user,
            number="" if row.number in shared else row.number,
        )
    return with_row(rows, "buttons", row)


def _at_once(rows: SiteRows, row: ButtonRow, person: str) -> SiteRows:
    if row.kind == "individual":
        return with_row(rows, "buttons", row)
    rows = with_row(rows, "buttons", replace(row, kind="individual", person=person, group=""))
    return without_row(rows, "groups", own_group(row.id))
