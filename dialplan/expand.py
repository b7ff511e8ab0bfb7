"""Turns a dial group, as it stands at one moment, into a tree of rings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dialplan.groups import Group, Member
from dialplan.plan import DialPlan
from dialplan.route import RING_LIMIT, Node, Parallel, Ring, Sequence, Step, Target, duration


def expand(plan: DialPlan, group: str, at: datetime) -> Node | None:
    """What the group with this id rings at that moment; None if that is nobody."""
    found = plan.group(group)
    if found is None:
        return None
    present = [(member, node) for member in found.members if (node := _bare(plan, member, at)) is not None]
    if not present:
        return None
    if found.ringing == "sequential":
        return _sequence(found, present)
    left = float(found.ring_seconds)
    branches = tuple(_placed(node, member, left, cut=True) for member, node in present)
    return branches[0] if len(branches) == 1 else Parallel(branches)


def confirm_numbers(node: Node, *, beside: bool = False) -> Node:
    """The same tree, in which every number that may ring beside another target wins only by a digit: a
    mailbox that answers must not take the visit from people still being rung.
    """
    if isinstance(node, Ring):
        return replace(node, confirm=True) if beside and node.target.kind == "number" else node
    if isinstance(node, Parallel):
        beside = beside or len(node.branches) > 1
        return Parallel(tuple(confirm_numbers(branch, beside=beside) for branch in node.branches))
    steps: list[Step] = []
    overlaps = beside
    for index, step in enumerate(node.steps):
        overlaps = overlaps or (step.rings_on and index + 1 < len(node.steps))
        steps.append(replace(step, node=confirm_numbers(step.node, beside=overlaps)))
    return Sequence(tuple(steps))


def _bare(plan: DialPlan, member: Member, at: datetime) -> Node | None:
    """What a member rings at that moment, without delay and time-out; None if that is nobody."""
    if not member.on or not (member.window is None or member.window.is_open(at)):
        return None
    if member.kind == "group":
        return expand(plan, member.id, at)
    target = Target(member.kind, member.id)
    return ring(plan, target, RING_LIMIT) if plan.callable(target, at) else None


def ring(plan: DialPlan, target: Target, timeout: float) -> Node:
    """What rings for one target that may be called: with a person's devices the person's telephone."""
    person = plan.person(target.id) if target.kind == "person" else None
    if person is None or not person.telephone:
        return Ring(target, 0.0, timeout)
    number = Ring(Target("number", person.telephone), 0.0, timeout)
    if not plan.devices_of(target):
        return number
    return Parallel((Ring(target, 0.0, timeout), number))


def _sequence(group: Group, present: list[tuple[Member, Node]]) -> Sequence:
    seconds = float(group.step_seconds)
    steps: list[Step] = []
    for index, (member, node) in enumerate(present):
        left = seconds * (len(present) - index) if group.rings_on else seconds
        steps.append(Step(_placed(node, member, left, cut=group.rings_on), seconds, group.rings_on))
    return Sequence(tuple(steps))


def _placed(node: Node, member: Member, left: float, *, cut: bool) -> Node:
    """The node with the delay, time-out and confirmation of its place in a group that is over in `left`
    seconds; `cut`: nothing above the node ends it then.
    """
    delay = float(member.delay)
    timeout = left - delay if member.timeout is None else float(member.timeout)
    if member.confirm:
        node = _confirmed(node)
    if member.kind != "group":
        return _timed(node, delay, timeout)
    late = _delayed(node, delay)
    if duration(node) <= timeout or (member.timeout is None and not cut):
        return late
    return Sequence((Step(late, delay + timeout),))


def _timed(node: Node, delay: float, timeout: float) -> Node:
    """What rings for one target, at its member's times."""
    if isinstance(node, Ring):
        return replace(node, delay=delay, timeout=timeout)
    return Parallel(tuple(_timed(branch, delay, timeout) for branch in _branches(node)))


def _branches(node: Node) -> tuple[Node, ...]:
    return node.branches if isinstance(node, Parallel) else ()


def _delayed(node: Node, delay: float) -> Node:
    """The same tree, everything beginning `delay` later."""
    if isinstance(node, Ring):
        return replace(node, delay=node.delay + delay)
    if isinstance(node, Parallel):
        return Parallel(tuple(_delayed(branch, delay) for branch in node.branches))
    first, *others = node.steps
    return Sequence((Step(_delayed(first.node, delay), first.seconds + delay, first.rings_on), *others))


def _confirmed(node: Node) -> Node:
    if isinstance(node, Ring):
        return replace(node, confirm=True)
    if isinstance(node, Parallel):
        return Parallel(tuple(_confirmed(branch) for branch in node.branches))
    return Sequence(tuple(replace(step, node=_confirmed(step.node)) for step in node.steps))
