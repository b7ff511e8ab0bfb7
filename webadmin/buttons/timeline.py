"""The ring timeline: who rings when after a press, as bars for a drawing and rows for a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialplan.plan import DialPlan
from dialplan.simulate import Timeline, simulate


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar: where it begins and how wide it is, in percent of the drawing's width, and what it says."""

    label: str
    x: float
    width: float
    start: int
    end: int
    fallback: bool
    confirm: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars, one a row, marks of the time axis as (seconds, x in percent), and when it is over, in seconds."""

    bars: tuple[Shape, ...]
    marks: tuple[tuple[int, float], ...]
    over: int
    rejected: bool


def draw(plan: DialPlan, panel: str, dialled: str, at: datetime) -> Drawing:
    """What a press of this button at this panel at that moment does, if nobody answers."""
    return shapes(simulate(plan, panel, dialled, at))


def shapes(timeline: Timeline) -> Drawing:
    """Lay a timeline out: one row for each bar, in the order they begin."""
    longest = max([timeline.over, 10.0, *(bar.end for bar in timeline.bars)])
    scale = 100 / longest
    bars = tuple(
        Shape(
            bar.label,
            round(bar.start * scale, 2),
            max(0.5, round((bar.end - bar.start) * scale, 2)),
            round(bar.start),
            round(bar.end),
            bar.kind == "fallback",
            bar.confirm,
        )
        for bar in timeline.bars
    )
    step = next((each for each in (5, 10, 15, 30, 60) if longest / each <= 8), 120)
    marks = tuple((second, round(second * scale, 2)) for second in range(0, int(longest) + 1, step))
    rejected = timeline.reject is not None or not bars
    return Drawing(bars, marks, round(timeline.over), rejected)
