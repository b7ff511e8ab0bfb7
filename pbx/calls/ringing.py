"""Interprets a Route on a clock handed in: whose ring begins, whose ends, and when nobody is left.

The times are those of `dialplan.route`: `dialplan.simulate` shows what this module does when nobody
answers, declines or is away, and a property test holds the two together. What only a live call knows
comes in by `declined`, `unreachable` and `revived`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dialplan.route import Node, Parallel, Ring, Route, Sequence, Step

FOREVER = float("inf")


class Outcome(Enum):
    """Why a ring is over. Only the last two let a sequence go on before its time."""

    TIMED_OUT = "timed_out"
    STOPPED = "stopped"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"

    @property
    def gone(self) -> bool:
        """True when the ring ended because of what somebody did, not by the plan's time."""
        return self in (Outcome.DECLINED, Outcome.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class RingBegan:
    """Ring number `ring` begins and lasts until `ends` (moment) at most."""

    ring: int
    ends: float


@dataclass(frozen=True, slots=True)
class RingOver:
    """Ring number `ring` is over."""

    ring: int
    outcome: Outcome


class RingNode:
    """One target in the tree. Before its delay is over it waits, then it is current until `ends`."""

    __slots__ = ("began", "begins", "closed", "ends", "index", "out", "outcome", "ring")

    def __init__(self, ring: Ring, score: Ringing) -> None:
        self.ring = ring
        self.out = score.out  # not the score itself: a call that is over must free itself, without a search
        self.index = score.enroll(self)
        self.begins = self.ends = FOREVER
        self.began = False
        self.closed = False
        self.outcome: Outcome | None = None

    @property
    def over(self) -> bool:
        return self.outcome is not None

    @property
    def exhausted(self) -> bool:
        return self.outcome is not None and self.outcome.gone

    def start(self, at: float, end: float) -> None:
        self.begins = at + self.ring.delay
        self.ends = min(self.begins + self.ring.timeout, end)
        if self.begins >= end:  # its turn never comes
            self.begins = FOREVER
        self.advance(at)

    def advance(self, at: float) -> None:
        if self.over:
            return
        if not self.began and at >= self.begins:
            self.began = True
            self.out.append(RingBegan(self.index, self.ends))
        if at >= self.ends:
            self.finish(Outcome.TIMED_OUT)

    def finish(self, outcome: Outcome) -> None:
        if self.over:
            return
        self.outcome = outcome
        if self.began:
            self.out.append(RingOver(self.index, outcome))

    def stop(self) -> None:
        """End the ring because its step or the call is over; a late device can no longer join."""
        if self.outcome is not None and self.outcome.gone and not self.closed:
            self.out.append(RingOver(self.index, Outcome.STOPPED))  # a silent leg may still be out
        self.finish(Outcome.STOPPED)
        self.closed = True

    def deadline(self) -> float:
        if self.over:
            return FOREVER
        return self.ends if self.began else min(self.begins, self.ends)


class ParallelNode:
    """Branches that start together."""

    __slots__ = ("branches",)

    def __init__(self, parallel: Parallel, score: Ringing) -> None:
        self.branches = [build(branch, score) for branch in parallel.branches]

    @property
    def over(self) -> bool:
        return all(branch.over for branch in self.branches)

    @property
    def exhausted(self) -> bool:
        return all(branch.exhausted for branch in self.branches)

    def start(self, at: float, end: float) -> None:
        for branch in self.branches:
            branch.start(at, end)

    def advance(self, at: float) -> None:
        for branch in self.branches:
            branch.advance(at)

    def stop(self) -> None:
        for branch in self.branches:
            branch.stop()

    def deadline(self) -> float:
        return min((branch.deadline() for branch in self.branches), default=FOREVER)


class SequenceNode:
    """Steps one after another; an exhausted step makes room for the next at once."""

    __slots__ = ("children", "end", "position", "step_ends", "steps")

    def __init__(self, sequence: Sequence, score: Ringing) -> None:
        self.steps: tuple[Step, ...] = sequence.steps
        self.children = [build(step.node, score) for step in sequence.steps]
        self.position = -1
        self.step_ends = self.end = FOREVER

    @property
    def over(self) -> bool:
        return self.position >= len(self.steps) and all(child.over for child in self.children)

    @property
    def exhausted(self) -> bool:
        return all(child.exhausted for child in self.children)

    def start(self, at: float, end: float) -> None:
        self.end = end
        self._begin_next(at)
        self.advance(at)

    def advance(self, at: float) -> None:
        for child in self.children[: self.position + 1]:
            child.advance(at)
        while self.position < len(self.steps) and self._step_over(at):
            if not self.steps[self.position].rings_on:
                self.children[self.position].stop()
            self._begin_next(at)

    def _step_over(self, at: float) -> bool:
        child = self.children[self.position]
        return at >= self.step_ends or child.exhausted

    def _begin_next(self, at: float) -> None:
        self.position += 1
        if self.position >= len(self.steps):
            self.step_ends = FOREVER
            return
        step = self.steps[self.position]
        self.step_ends = min(at + step.seconds, self.end)
        self.children[self.position].start(at, self.end if step.rings_on else self.step_ends)

    def stop(self) -> None:
        self.position = len(self.steps)
        self.step_ends = FOREVER
        for child in self.children:
            child.stop()

    def deadline(self) -> float:
        running = self.children[: self.position + 1]
        return min([self.step_ends, *(child.deadline() for child in running)])


TreeNode = RingNode | ParallelNode | SequenceNode


def build(node: Node, score: Ringing) -> TreeNode:
    """The running form of a route's node; its rings are numbered in the order of the tree."""
    if isinstance(node, Ring):
        return RingNode(node, score)
    if isinstance(node, Parallel):
        return ParallelNode(node, score)
    return SequenceNode(node, score)


class Ringing:
    """A Route being rung.

    Call `start` once, then `handle_timeout` whenever `next_deadline` has come; drain `events` after
    each call. Ring numbers index `rings`.
    """

    __slots__ = ("_fallback", "_root", "end", "out", "rings", "route", "stage")

    def __init__(self, route: Route) -> None:
        self.route = route
        self.rings: list[RingNode] = []
        self.out: list[RingBegan | RingOver] = []
        self._root = build(route.root, self)
        self._fallback = build(route.fallback, self) if route.fallback is not None else None
        self.stage: TreeNode | None = None
        self.end = FOREVER

    def enroll(self, node: RingNode) -> int:
        """Give a ring of the tree its number."""
        self.rings.append(node)
        return len(self.rings) - 1

    @property
    def over(self) -> bool:
        """True when nobody rings and nobody will."""
        return self.end != FOREVER and self.stage is None

    def start(self, now: float) -> None:
        """Begin to ring."""
        self.end = now + self.route.ring_limit
        self.stage = self._root
        self._root.start(now, self.end)
        self._settle(now)

    def declined(self, ring: int, now: float) -> None:
        """Everybody whom this ring reached said no."""
        self._end_early(ring, Outcome.DECLINED, now)

    def unreachable(self, ring: int, now: float) -> None:
        """Nobody behind this ring can be reached."""
        self._end_early(ring, Outcome.UNREACHABLE, now)

    def revived(self, ring: int, now: float) -> None:
        """Somebody appeared behind a ring that reached nobody, while its step still runs."""
        node = self.rings[ring]
        if self.joinable(ring, now):
            node.outcome = None

    def joinable(self, ring: int, now: float) -> bool:
        """True while a device that appears may still join this ring (ARCHITECTURE decision 6)."""
        node = self.rings[ring]
        reached_nobody = node.outcome in (None, Outcome.UNREACHABLE)
        return node.began and not node.closed and now < node.ends and reached_nobody

    def stop(self) -> None:
        """Somebody won, or the call is over: end every ring."""
        if self.stage is not None:
            self.stage.stop()
        self.stage = None

    def handle_timeout(self, now: float) -> None:
        """Do everything that was due by `now`, each thing at its own moment and in order."""
        while self.stage is not None and (due := self.next_deadline()) <= now:
            self.stage.advance(due)
            self._settle(due)

    def next_deadline(self) -> float:
        """The next moment something happens by itself; infinity when nothing will."""
        return FOREVER if self.stage is None else min(self.end, self.stage.deadline())

    def events(self) -> list[RingBegan | RingOver]:
        """What happened since the last time, in order."""
        if not self.out:
            return []
        out = self.out.copy()
        self.out.clear()
        return out

    def _end_early(self, ring: int, outcome: Outcome, now: float) -> None:
        self.rings[ring].finish(outcome)
        if self.stage is not None:
            self.stage.advance(now)
            self._settle(now)

    def _settle(self, now: float) -> None:
        """Go from the root to the fallback, and from there to the end."""
        if now >= self.end:
            self.stop()
        if self.stage is self._root and self._root.over and self._fallback is not None:
            self._root.stop()
            self.stage = self._fallback
            self._fallback.start(now, self.end)
        if self.stage is not None and self.stage.over:
            self.stop()
