"""The form of a dial group; it begins with how it rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange

from dialplan.rows import MemberRow
from webadmin.forms import Form, LineField, choices, needed, one_line

_LENGTH = NumberRange(5, 120, "Choose between 5 and 120 seconds.")

MOST = 500


class GroupForm(Form):
    """A dial group."""

    version = HiddenField()
    ringing = RadioField(
        "Ringing",
        choices=choices([("simultaneous", "simultaneous"), ("sequential", "sequential")]),
        default="simultaneous",
    )
    name = LineField("Name", [needed, one_line()])
    step_seconds = IntegerField("Seconds for each step", [_LENGTH], default=25)
    rings_on = BooleanField("Those before ring on when the next begins")
    ring_seconds = IntegerField("Seconds all together", [_LENGTH], default=60)
    fallback = SelectField(
        "If nobody answers", description="Rings when this group is over, from every button that uses it."
    )


@dataclass(slots=True)
class Line:
    """A member as the form shows it. `error`: what is wrong with it."""

    row: MemberRow
    label: str
    delay: str = "0"
    timeout: str = ""
    place: int = 0
    error: str = ""


@dataclass(slots=True)
class Lines:
    """The members of a form, in order."""

    items: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, members: Sequence[MemberRow], labels: Mapping[str, str]) -> Lines:
        """As they are saved."""
        return cls([_line(row, labels) for row in members])

    @classmethod
    def sent(cls, data: Mapping[str, str], labels: Mapping[str, str], kept: Sequence[MemberRow]) -> Lines:
        """As a browser sent them; targets that were not offered (`labels`) nor there before are left out."""
        known = {f"{row.kind}:{row.id}" for row in kept}
        items = []
        for number in range(min(_seconds(data.get("lines", "")) or 0, MOST)):
            target = data.get(f"target-{number}", "")
            if (target in labels or target in known) and f"remove-{number}" not in data:
                items.append(_sent(data, number, target, labels))
        items.sort(key=lambda line: line.place)
        return cls(items)

    def add(self, target: str, labels: Mapping[str, str]) -> bool:
        """One more at the end, if it was offered or is a telephone number."""
        kind, _, key = target.partition(":")
        if target not in labels and kind != "number":
            return False
        self.items.append(_line(MemberRow(kind, key), labels))  # type: ignore[arg-type]
        return True

    def move(self, place: int, by: int) -> None:
        """One up or down."""
        other = place + by
        if 0 <= place < len(self.items) and 0 <= other < len(self.items):
            self.items[place], self.items[other] = self.items[other], self.items[place]

    def rows(self) -> tuple[MemberRow, ...] | None:
        """For the compiler; None with an error at its line when a number is none."""
        rows = []
        for line in self.items:
            delay, timeout = _seconds(line.delay or "0"), _seconds(line.timeout)
            if delay is None or (line.timeout and timeout is None):
                line.error = "Write whole seconds, such as 20."
            rows.append(replace(line.row, delay=delay or 0, timeout=timeout))
        return None if any(line.error for line in self.items) else tuple(rows)


def _line(row: MemberRow, labels: Mapping[str, str]) -> Line:
    label = labels.get(f"{row.kind}:{row.id}", row.id)
    return Line(row, label, str(row.delay), "" if row.timeout is None else str(row.timeout))


def _sent(data: Mapping[str, str], number: int, target: str, labels: Mapping[str, str]) -> Line:
    kind, _, key = target.partition(":")
    values: dict[str, Any] = {
        "on": f"on-{number}" in data,
        "confirm": f"confirm-{number}" in data,
        "during": data.get(f"during-{number}", ""),
        "outside": data.get(f"outside-{number}", ""),
    }
    row = MemberRow(kind, key, **values)  # type: ignore[arg-type]
    place = data.get(f"place-{number}", "")
    return Line(
        row,
        labels.get(target, key),
        data.get(f"delay-{number}", "0").strip()[:6],
        data.get(f"timeout-{number}", "").strip()[:6],
        int(place[:5]) if place[:5].isdecimal() else number + 1,
    )


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
