"""Lines within a form, in an order: the doors of a panel, the hours of a week, what opens after what.

Without script a line is moved by buttons, with it by dragging; a line that is left empty is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

MOST = 500
Data = MultiDict[str, str]


@dataclass(slots=True)
class Line:
    """Its fields as text, and what is wrong with it."""

    values: dict[str, str]
    error: str = ""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(slots=True)
class Lines:
    """Lines of one kind in a form. `key`: the field that makes a line one; `name`: what fields begin with."""

    name: str
    key: str
    items: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, key: str, rows: Iterable[dict[str, str]]) -> Lines:
        """As they are saved."""
        return cls(name, key, [Line(values) for values in rows])

    @classmethod
    def sent(cls, name: str, key: str, fields: Sequence[str], data: Data) -> Lines:
        """As a browser sent them: in the order of their places, without those removed or left empty."""
        found: list[tuple[int, Line]] = []
        for number in range(min(_number(data.get(f"{name}-lines", "")), MOST)):
            at = f"{name}-{number}-"
            values = {each: ",".join(data.getlist(f"{at}{each}"))[:400].strip() for each in fields}
            if values[key] and f"{at}remove" not in data:
                found.append((_number(data.get(f"{at}place", "")) or number + 1, Line(values)))
        found.sort(key=lambda each: each[0])
        return cls(name, key, [line for _, line in found])

    def arranged(self, data: Data) -> bool:
        """Whether a button was pressed that moves a line and saves nothing; moves it."""
        what, _, rest = data.get("do", "").partition(f"-{self.name}-")
        if what not in ("up", "down", "more") or not rest:
            return False
        place, other = _number(rest), _number(rest) + (-1 if what == "up" else 1)
        if what != "more" and 0 <= place < len(self.items) and 0 <= other < len(self.items):
            self.items[place], self.items[other] = self.items[other], self.items[place]
        return True

    def tell(self, place: Sequence[str], text: str) -> bool:
        """Show a sentence at the line it is about; False when that is none of these."""
        number = next((_number(part) for part in place if part.isdecimal()), -1)
        if not 0 <= number < len(self.items):
            return False
        self.items[number].error = text
        return True

    def shown(self, empty: int = 1) -> list[Line]:
        """The lines, and empty ones to fill in."""
        return [*self.items, *(Line({}) for _ in range(empty))]

    def check(self, fault: Callable[[Line], str]) -> bool:
        """Whether all are right; `fault` says what is wrong with one, "" for nothing."""
        for line in self.items:
            line.error = fault(line)
        return not any(line.error for line in self.items)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
