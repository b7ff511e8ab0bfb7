"""What a press of a button now, or at any time, does: who rings when, for how long, then what.

The Route that a real call would get, read by the rules of `route` on the assumption that nobody answers,
declines or is unreachable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialplan.plan import DialPlan
from dialplan.resolve import resolve
from dialplan.route import Reject, Route, Target, fallback_at, flatten, over_at


@dataclass(frozen=True, slots=True)
class Bar:
    """One target ringing from `start` to `end`, seconds after the press. `step` counts the steps of the
    outermost sequence from 0; `kind`: part of the first attempt or of the fallback.
    """

    target: Target
    label: str
    start: float
    end: float
    step: int
    kind: Literal["root", "fallback"]
    confirm: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars in order of their start. `over`: when the ring ends; `reject`: why nobody rings at all."""

    label: str
    bars: tuple[Bar, ...]
    over: float
    fallback_at: float | None
    reject: Reject | None = None


def simulate(plan: DialPlan, panel: str, dialled: str, at: datetime) -> Timeline:
    """The timeline of a call from this panel (a device id) made at that moment.

    Raises ValueError if `at` has no time zone.
    """
    route = resolve(plan, panel, dialled, at)
    if isinstance(route, Reject):
        return Timeline("", (), 0.0, None, route)
    return timeline(plan, route)


def timeline(plan: DialPlan, route: Route) -> Timeline:
    """A Route drawn as bars, with the names that this plan has for its targets."""
    bars = [
        Bar(
            target=span.ring.target,
            label=plan.label_of(span.ring.target),
            start=span.start,
            end=span.end,
            step=span.step,
            kind="fallback" if span.fallback else "root",
            confirm=span.ring.confirm,
        )
        for span in flatten(route)
    ]
    bars.sort(key=lambda bar: bar.start)
    return Timeline(route.label, tuple(bars), over_at(route), fallback_at(route))
