"""What is wrong with a site file, one clear line for each fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and list places (from 0) that lead to a value in the file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `line` counts from 1, None for the file as a whole; `place` such as people.kari.number."""

    line: int | None
    place: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.place}: {self.message}" if self.place else f"{where}{self.message}"


class SiteFileError(Exception):
    """The file is no site; `faults` in the order of the file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def place_text(path: Path) -> str:
    """A path as people write it: list places count from 1."""
    text = ""
    for item in path:
        if isinstance(item, int):
            text += f"[{item + 1}]"
        else:
            text += f".{item}" if text else item
    return text[:200]
