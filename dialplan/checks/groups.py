"""Dial groups: members that exist and can ring, no group inside itself, nothing deeper or larger than
allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialplan.checks.schedules import window
from dialplan.checks.text import check_bounds, check_known
from dialplan.errors import PlanError
from dialplan.limits import DEPTH, RINGS
from dialplan.numbers import is_e164
from dialplan.rows import GroupRow, MemberRow, SiteRows

_RINGING = ("app", "station", "phone")


def groups(rows: SiteRows) -> Iterator[PlanError]:
    """A group has members, and its times lie within bounds."""
    schedules = {schedule.id for schedule in rows.schedules}
    known = {
        "person": {person.id for person in rows.people},
        "device": {device.id for device in rows.devices if device.kind in _RINGING},
        "group": {group.id for group in rows.groups},
    }
    for group in rows.groups:
        where = f"groups/{group.id}"
        if not group.members:
            hint = "add somebody, or delete the group"
            name = group.name or group.id
            yield PlanError(f"{where}/members", f"the group {name} is empty", hint, "group_empty", (name,))
        yield from check_bounds(f"{where}/ring_seconds", group.ring_seconds, 5, 120, "the ring time")
        yield from check_bounds(f"{where}/step_seconds", group.step_seconds, 5, 60, "the time of a step")
        for index, member in enumerate(group.members):
            yield from _member(f"{where}/members/{index}", member, known, group)
            yield from _window(f"{where}/members/{index}", member, schedules)
        yield from _twice(where, group)


def nesting(rows: SiteRows) -> Iterator[PlanError]:
    """No group contains itself, and none is nested too deep or rings too many."""
    inner = {
        group.id: {member.id for member in group.members if member.kind == "group"} for group in rows.groups
    }
    order = _inside_out(inner)
    for looping in _caught(inner, order):
        hint = "remove the group that leads back to this one"
        message = "the group is caught in a loop of groups"
        yield PlanError(f"groups/{looping}/members", message, hint, "group_loop")
    members = {group.id: group.members for group in rows.groups}
    depths: dict[str, int] = {}
    counts: dict[str, int] = {}
    for group in order:
        where = f"groups/{group}/members"
        depths[group] = 1 + max((depths.get(each, 0) for each in inner[group]), default=0)
        count = sum(counts.get(each.id, 0) if each.kind == "group" else 1 for each in members[group])
        counts[group] = min(count, RINGS + 1)  # numbers of any length need not be carried outwards
        if depths[group] > DEPTH:
            message = f"groups are nested {depths[group]} deep"
            yield PlanError(where, message, f"nest at most {DEPTH} deep", "group_deep", (DEPTH,))
        if count > RINGS:
            message = "the group rings too many, with its groups"
            yield PlanError(where, message, f"keep it to {RINGS} in all", "group_large", (RINGS,))


def _member(
    where: str, member: MemberRow, known: dict[str, set[str]], group: GroupRow
) -> Iterator[PlanError]:
    if member.kind == "number":
        if not is_e164(member.id):
            hint = "write it like +4722334455"
            yield PlanError(f"{where}/id", "this is no telephone number", hint, "telephone_number")
    else:
        what = "telephone or app" if member.kind == "device" else member.kind
        yield from check_known(f"{where}/id", member.id, known[member.kind], what)
    length = group.step_seconds if group.ringing == "sequential" else group.ring_seconds
    if not 0 <= member.delay < length:
        hint = f"choose from 0 to {length - 1}, the group or step being {length} s long"
        message = f"the delay is {member.delay}"
        yield PlanError(f"{where}/delay", message, hint, "delay_long", (member.delay, length - 1))
    if member.timeout is not None:
        yield from check_bounds(f"{where}/timeout", member.timeout, 1, 120, "the time-out")


def _window(where: str, member: MemberRow, schedules: set[str]) -> Iterator[PlanError]:
    yield from window(where, member.during, member.outside)
    for field in ("during", "outside"):
        if getattr(member, field):
            yield from check_known(f"{where}/{field}", getattr(member, field), schedules, "schedule")


def _twice(where: str, group: GroupRow) -> Iterator[PlanError]:
    seen: set[tuple[str, str, str, str]] = set()
    for index, member in enumerate(group.members):
        key = (member.kind, member.id, member.during, member.outside)
        if key in seen:
            hint = "remove one, or give them different time windows"
            message = "the same member stands here twice"
            yield PlanError(f"{where}/members/{index}", message, hint, "member_twice")
        seen.add(key)


def _inside_out(inner: Mapping[str, set[str]]) -> list[str]:
    """The groups, each after all groups that it contains; without those that contain a loop (Kahn's
    order)."""
    around: dict[str, list[str]] = {}
    waits = {group: sum(each in inner for each in groups) for group, groups in inner.items()}
    for group, groups in inner.items():
        for each in groups:
            around.setdefault(each, []).append(group)
    order = [group for group, count in waits.items() if not count]
    for group in order:
        for outer in around.get(group, ()):
            waits[outer] -= 1
            if not waits[outer]:
                order.append(outer)
    return order


def _caught(inner: Mapping[str, set[str]], order: list[str]) -> list[str]:
    """The groups in a loop, and those between two loops; not those that merely lead to one."""
    done = set(order)
    around: dict[str, set[str]] = {group: set() for group in inner if group not in done}
    for group in around:
        for each in inner[group] & around.keys():
            around[each].add(group)
    merely_leading = set(_inside_out(around))
    return [group for group in around if group not in merely_leading]
