"""Buttons: each kind has what it rings, and its fallback gets its turn."""

from __future__ import annotations

from collections.abc import Iterator

from dialplan.checks.text import check_bounds
from dialplan.errors import PlanError
from dialplan.rows import ButtonRow, GroupRow, SiteRows


def buttons(rows: SiteRows) -> Iterator[PlanError]:
    """A button rings what its kind asks for, within bounds."""
    groups = {group.id: group for group in rows.groups}
    for button in rows.buttons:
        where = f"buttons/{button.id}"
        yield from _rings(where, button)
        yield from check_bounds(f"{where}/ring_seconds", button.ring_seconds, 5, 120, "the ring time")
        yield from check_bounds(f"{where}/ring_limit", button.ring_limit, 10, 120, "the ring limit")
        if button.talk_seconds is not None:
            yield from check_bounds(f"{where}/talk_seconds", button.talk_seconds, 30, 3600, "the talk time")
        if button.kind == "grouped" and button.group in groups:
            yield from _listable(where, groups[button.group])


def fallbacks(rows: SiteRows) -> Iterator[PlanError]:
    """A fallback begins before the ring limit, even if everybody before it is there and rings."""
    groups = {group.id: group for group in rows.groups}
    for button in rows.buttons:
        group = groups.get(button.group)
        if not button.fallback or button.kind == "grouped" or (group is None and button.kind == "common"):
            continue
        seconds = button.ring_seconds if group is None else _seconds(group)
        if seconds >= button.ring_limit:
            message = f"the fallback never rings: what comes before it takes {seconds} s"
            hint = f"ring shorter before it, or raise the ring limit of {button.ring_limit} s (120 at most)"
            values = (seconds, button.ring_limit)
            yield PlanError(f"buttons/{button.id}/fallback", message, hint, "fallback_late", values)


def _rings(where: str, button: ButtonRow) -> Iterator[PlanError]:
    wanted, other = ("person", "group") if button.kind == "individual" else ("group", "person")
    if not getattr(button, wanted):
        yield PlanError(
            f"{where}/{wanted}", f"the button rings no {wanted}", f"choose a {wanted}", "rings_no", (wanted,)
        )
    if getattr(button, other):
        message = f"a button of kind {button.kind!r} rings a {wanted}, not a {other}"
        hint = f"leave the {other} out, or choose another kind"
        yield PlanError(f"{where}/{other}", message, hint, "rings_other", (wanted, other))


def _listable(where: str, group: GroupRow) -> Iterator[PlanError]:
    for member in group.members:
        if member.kind not in ("person", "device"):
            message = f"the list would show a {member.kind}"
            hint = f"keep to people and devices in the group {group.id!r}"
            yield PlanError(f"{where}/group", message, hint, "not_listable", (member.kind, group.id))


def _seconds(group: GroupRow) -> int:
    """How long a group rings if everybody in it is on; nested groups keep to their place."""
    if group.ringing == "sequential":
        return group.step_seconds * len(group.members)
    return max(
        (
            group.ring_seconds if member.timeout is None else member.delay + member.timeout
            for member in group.members
        ),
        default=0,
    )
