"""Doors and panels: what drives a door, which digit opens it, and that nobody can be trapped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialplan.checks.text import check_bounds, check_known, check_name, check_twice
from dialplan.errors import PlanError
from dialplan.rows import DoorRow, PanelRow, SiteRows

_DIGIT = re.compile(r"[0-9*#]")
_OPEN_DIGITS = re.compile(r"[0-9*#A-D]{1,8}")
_URL = re.compile(r"https?://[A-Za-z0-9._\-\[\]:]+(/[!-~]*)?")
_TOPIC = re.compile(r"[^\x00-\x1f+#]{1,256}")
MAX_DELAY = 300


def doors(rows: SiteRows) -> Iterator[PlanError]:
    """A door opens for 1 to 60 s, by an output of its own on something that has outputs."""
    kinds = {device.id: device.kind for device in rows.devices}
    outputs: dict[tuple[str, str], str] = {}
    for door in rows.doors:
        where = f"doors/{door.id}"
        yield from check_bounds(f"{where}/open_seconds", door.open_seconds, 1, 60, "the open time")
        yield from _driven(where, door, kinds.get(door.controller, "controller"))
        if outputs.setdefault((door.controller, door.relay), door.id) != door.id:
            other = outputs[door.controller, door.relay]
            message = f"the door {other!r} has the same output"
            yield PlanError(f"{where}/relay", message, "choose another output", "same_output", (other,))
        if door.id in door.interlock:
            yield PlanError(
                f"{where}/interlock", "the door waits for itself", "name other doors", "waits_for_itself"
            )
        yield from check_bounds(
            f"{where}/left_open_seconds", door.left_open_seconds, 5, 3600, "the time it may stand open"
        )
        yield from check_name(f"{where}/contact", door.contact, needed=False)
        yield from _addressed(where, door)


def ways(rows: SiteRows) -> Iterator[PlanError]:
    """The doors after a door exist, are others, and come within reason."""
    known = frozenset(door.id for door in rows.doors)
    for door in rows.doors:
        where = f"doors/{door.id}/then"
        yield from check_twice(where, (door.id, *(each.door for each in door.then)), "the door")
        for index, each in enumerate(door.then):
            yield from check_known(f"{where}/{index}/door", each.door, known, "door")
            yield from check_bounds(f"{where}/{index}/delay", each.delay, 0, MAX_DELAY, "the delay")


def panels(rows: SiteRows) -> Iterator[PlanError]:
    """A panel is a device of kind "panel", and its digits open doors of its own."""
    kinds = {device.id: device.kind for device in rows.devices}
    for panel in rows.panels:
        where = f"panels/{panel.device}"
        if kinds.get(panel.device, "panel") != "panel":
            hint = 'choose a device of kind "panel"'
            yield PlanError(f"{where}/device", "this device is no panel", hint, "no_panel")
        yield from check_bounds(f"{where}/talk_seconds", panel.talk_seconds, 30, 3600, "the talk time")
        yield from check_bounds(f"{where}/idle_seconds", panel.idle_seconds, 5, 300, "the time at rest")
        yield from _keys(where, panel)
    described = {panel.device for panel in rows.panels}
    for device in rows.devices:
        if device.kind == "panel" and device.id not in described:
            hint = "add it to the panels"
            yield PlanError(f"devices/{device.id}", "this panel is not described", hint, "panel_unknown")


def escape_routes(rows: SiteRows) -> Iterator[PlanError]:
    """On an escape route whose exit depends on us, nothing may keep the door shut."""
    for door in rows.doors:
        if not door.escape_route or door.exit_hardware:
            continue
        where = f"doors/{door.id}"
        for field, wrong, what in (
            ("lockdown", door.lockdown is True, "a lockdown would lock"),
            ("interlock", bool(door.interlock), "an interlock could hold"),
            ("fail", door.fail == "secure", "a power failure would lock"),
        ):
            if wrong:
                message = f"{what} an escape route that has no exit hardware of its own"
                yield PlanError(f"{where}/{field}", message, _ESCAPE_HINTS[field], f"escape_{field}")


_ESCAPE_HINTS = {
    "lockdown": "fit a handle or exit button wired past us, or leave lockdown off",
    "interlock": "fit a handle or exit button wired past us, or remove the interlock",
    "fail": 'fit a handle or exit button wired past us, or a lock that opens without power (fail "safe")',
}


def _driven(where: str, door: DoorRow, kind: str) -> Iterator[PlanError]:
    if kind not in ("controller", "panel"):
        message = f"a device of kind {kind!r} drives no door"
        hint = "choose a controller or a panel"
        yield PlanError(f"{where}/controller", message, hint, "drives_nothing", (kind,))
    elif door.hold and door.driver != "agent":
        message = f"the driver {door.driver!r} cannot hold a door open"
        hint = "leave hold out, or drive the door by our agent"
        yield PlanError(f"{where}/hold", message, hint, "cannot_hold", (door.driver,))
    elif door.driver == "panel_digit" and kind != "panel":
        message = "only a panel has an open digit"
        yield PlanError(f"{where}/controller", message, "choose the panel", "only_panels")
    if door.driver == "panel_digit" and _OPEN_DIGITS.fullmatch(door.relay) is None:
        hint = "write the panel's own open digits: 0#"
        yield PlanError(f"{where}/relay", "these are no digits", hint, "no_digits")
    yield from check_name(f"{where}/relay", door.relay)


def _addressed(where: str, door: DoorRow) -> Iterator[PlanError]:
    """What the drivers over a network need, and nobody else has."""
    at = f"{where}/address"
    if door.driver == "http" and _URL.fullmatch(door.address) is None:
        yield PlanError(at, "this is no URL", 'write it like "http://192.0.2.10/relay/0?turn=on"', "no_url")
    elif door.driver == "mqtt" and _TOPIC.fullmatch(door.address) is None:
        hint = 'write it like "cmnd/gate/POWER", without + and #'
        yield PlanError(at, "this is no topic", hint, "no_topic")
    elif door.driver in ("agent", "panel_digit") and (door.address or door.payload):
        message = f"the driver {door.driver!r} has no address"
        yield PlanError(at, message, "leave address and payload out", "needs_no_address")


def _keys(where: str, panel: PanelRow) -> Iterator[PlanError]:
    yield from check_twice(f"{where}/keys", (key.digit for key in panel.keys), "the digit")
    for index, key in enumerate(panel.keys):
        if _DIGIT.fullmatch(key.digit) is None:
            at, hint = f"{where}/keys/{index}/digit", "use 0-9, * or #"
            yield PlanError(at, "this is no key of a telephone", hint, "no_key")
        if key.door not in panel.doors:
            message = f"the digit opens {key.door[:64]!r}, which is no door of this panel"
            hint = "add the door to the panel, or choose another"
            yield PlanError(f"{where}/keys/{index}/door", message, hint, "not_its_door", (key.door[:64],))
