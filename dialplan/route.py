"""The answer to a call as a value: who rings when, how the ring goes on, and when it is over.

A Route is interpreted twice, by the ringing of real calls and by `simulate`; both follow these rules. All
moments are relative to the start of the ring, all lengths are whole seconds, so sums are exact.

**Ring** begins at its parent's begin + `delay` and ends at begin + delay + `timeout` or at its parent's end,
whichever is first. If its begin is not before its parent's end it never rings. It is *gone* when its target
declined or no device of it can be reached (which is known when it begins, not before).

**Parallel**: every branch begins with it. It is over when every branch is over.

**Sequence**: step 0 begins with it; step k+1 begins `seconds` after step k began, or at once when step k is
*exhausted*: every Ring in it is gone. A time-out exhausts nothing: the step stays for its `seconds`. A step's
node ends when the next step begins, and the last one after its `seconds`; with `rings_on` it ends only with
the Sequence's parent. The Sequence is over when its last step's seconds have elapsed (or it is exhausted)
and no Ring of it rings on.

**Exhaustion** spreads upwards: a Ring that is gone, a Parallel whose branches are all exhausted (also one
without branches), a Sequence whose steps are all exhausted (also one without steps) are exhausted, and so
over at once. A device that appears late joins the rings now running, never a step that has passed.

**Route**: `root` begins at 0. When it is over and nobody answered, `fallback` begins. At `ring_limit`
everything ends. The end of a Route is the end of its fallback, or of its root without one, or `ring_limit`.
Two rings at the same time may share a device (a flat's station): it is rung once, for as long as either
lasts.

An answer ends the ring, except on a Ring with `confirm`: it wins only when a digit confirms it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dialplan.rows import Decline

RING_LIMIT = 120.0
"""No call rings longer, in seconds."""

TargetKind = Literal["person", "device", "number"]


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to ring: a person (all devices of `DialPlan.devices_of`), a device, or a number (E.164, by a
    trunk).
    """

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring one target, `delay` seconds after the parent's begin, for at most `timeout` seconds."""

    target: Target
    delay: float
    timeout: float
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Parallel:
    """All branches at the same time."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a Sequence: the next begins `seconds` later; `rings_on`: this one's rings then go on."""

    node: Node
    seconds: float
    rings_on: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """One step after the other."""

    steps: tuple[Step, ...]


Node = Ring | Parallel | Sequence


@dataclass(frozen=True, slots=True)
class Route:
    """What a call does. `button` and `panel` are "" in a call between people; `label` is what was called."""

    button: str
    label: str
    root: Node
    fallback: Node | None
    ring_limit: float
    decline: Decline
    talk_limit: float
    panel: str
    building: str


@dataclass(frozen=True, slots=True)
class Reject:
    """The call is refused: a SIP status and a reason in plain ASCII that quotes nothing the caller sent."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """One Ring in time, nobody answering: rings from `start` to `end`, seconds after the ring's start.

    `step` counts the steps of the outermost Sequence, 0 where there is none; `fallback`: belongs to the
    Route's fallback.
    """

    ring: Ring
    start: float
    end: float
    step: int
    fallback: bool


def rings(node: Node) -> Iterator[Ring]:
    """Every Ring below this node, in order."""
    if isinstance(node, Ring):
        yield node
    elif isinstance(node, Parallel):
        for branch in node.branches:
            yield from rings(branch)
    else:
        for step in node.steps:
            yield from rings(step.node)


def duration(node: Node) -> float:
    """Seconds from a node's begin until it is over, if nobody answers, declines or is unreachable and no
    parent ends it earlier. A node without a Ring is exhausted at once: 0.
    """
    if isinstance(node, Ring):
        return node.delay + node.timeout
    if isinstance(node, Parallel):
        return max((duration(branch) for branch in node.branches), default=0.0)
    begin = over = 0.0
    for step in node.steps:
        seconds = _step_seconds(step)
        over = max(over, begin + seconds, begin + duration(step.node) if step.rings_on else 0.0)
        begin += seconds
    return over


def flatten(route: Route) -> tuple[Span, ...]:
    """Every Ring that rings, as a span of time, if nobody answers, declines or is unreachable; in tree order,
    the fallback's last.
    """
    limit = route.ring_limit
    spans = list(_spans(route.root, 0.0, limit, step=None, fallback=False))
    if route.fallback is not None:
        spans += _spans(route.fallback, duration(route.root), limit, step=None, fallback=True)
    return tuple(span for span in spans if span.start < span.end)


def over_at(route: Route) -> float:
    """When the ring is over if nobody answers, declines or is unreachable: seconds after its start."""
    seconds = duration(route.root) + (duration(route.fallback) if route.fallback is not None else 0.0)
    return min(seconds, route.ring_limit)


def fallback_at(route: Route) -> float | None:
    """When the fallback begins if nobody answers, declines or is unreachable; None if it never does."""
    begin = duration(route.root)
    return begin if route.fallback is not None and begin < route.ring_limit else None


def _step_seconds(step: Step) -> float:
    return step.seconds if any(True for _ in rings(step.node)) else 0.0


def _spans(node: Node, begin: float, end: float, *, step: int | None, fallback: bool) -> Iterator[Span]:
    """Each Ring below `node`, which begins at `begin` and is ended at `end`; one that never rings ends before
    it starts.
    """
    if isinstance(node, Ring):
        start = begin + node.delay
        yield Span(node, start, min(start + node.timeout, end), step or 0, fallback)
    elif isinstance(node, Parallel):
        for branch in node.branches:
            yield from _spans(branch, begin, end, step=step, fallback=fallback)
    else:
        for index, each in enumerate(node.steps):
            following = begin + _step_seconds(each)
            until = end if each.rings_on else min(end, following)
            outermost = index if step is None else step
            yield from _spans(each.node, begin, until, step=outermost, fallback=fallback)
            begin = following
