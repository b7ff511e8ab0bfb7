"""The ring timeline: who rings when after a press, as shapes for an SVG and rows for a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialplan.plan import DialPlan
from dialplan.simulate import Timeline, simulate

LEFT = 210
WIDTH = 860
ROW = 40
TOP = 30


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar: its place in the drawing, and what it says."""

    label: str
    x: float
    y: int
    width: float
    start: int
    end: int
    fallback: bool
    confirm: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars, marks of the time axis as (seconds, x), and the drawing's height."""

    bars: tuple[Shape, ...]
    marks: tuple[tuple[int, float], ...]
    height: int
    over: int
    rejected: bool


def draw(plan: DialPlan, panel: str, dialled: str, at: datetime) -> Drawing:
    """What a press of this button at this panel at that moment does, if nobody answers."""
    return shapes(simulate(plan, panel, dialled, at))


def shapes(timeline: Timeline) -> Drawing:
    """Lay a timeline out: one row for each bar, in the order they begin."""
    longest = max([timeline.over, 10.0, *(bar.end for bar in timeline.bars)])
    scale = (WIDTH - LEFT - 20) / longest
    bars = tuple(
        Shape(
            bar.label,
            round(LEFT + bar.start * scale, 1),
            TOP + place * ROW,
            max(2.0, round((bar.end - bar.start) * scale, 1)),
            round(bar.start),
            round(bar.end),
            bar.kind == "fallback",
            bar.confirm,
        )
        for place, bar in enumerate(timeline.bars)
    )
    step = next((each for each in (5, 10, 15, 30, 60) if longest / each <= 8), 120)
    marks = tuple((second, round(LEFT + second * scale, 1)) for second in range(0, int(longest) + 1, step))
    rejected = timeline.reject is not None or not bars
    return Drawing(bars, marks, TOP + max(1, len(bars)) * ROW + 10, round(timeline.over), rejected)
