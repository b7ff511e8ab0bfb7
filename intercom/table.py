"""A TOML file read strictly: typed values, and a complaint in one line about everything else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class SettingsError(Exception):
    """The file is missing or says something that cannot be; the text names file, key and remedy."""


class Table:
    """A TOML table that hands out typed values and, when done, complains about keys nobody asked for."""

    def __init__(self, path: Path, name: str, values: Mapping[str, object]) -> None:
        self._path, self._name, self._values, self._seen = path, name, values, set[str]()

    def wrong(self, key: str, message: str) -> SettingsError:
        where = f"{self._name}.{key}" if self._name else key
        return SettingsError(f"{self._path}: {where}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str) or any(ord(char) < 32 for char in value):
            raise self.wrong(key, "must be one line of text in quotes")
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(key, f"must be a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(key, f"must be a whole number from {low} to {high}")
        return value

    def choice(self, key: str, choices: tuple[T, ...], default: T) -> T:
        value = self._take(key, default)
        if value not in choices:
            raise self.wrong(key, "must be one of " + ", ".join(str(choice) for choice in choices))
        return choices[choices.index(value)]

    def choices(self, key: str, choices: tuple[str, ...]) -> tuple[str, ...]:
        value = self._take(key, list(choices))
        if not isinstance(value, list) or not value or any(one not in choices for one in value):
            raise self.wrong(key, "must be a list of some of " + ", ".join(choices))
        return tuple(dict.fromkeys(value))

    def table(self, key: str) -> Table:
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table")
        return Table(self._path, f"{self._name}.{key}".lstrip("."), value)

    def tables(self, key: str) -> dict[str, Table]:
        outer = self.table(key)
        return {name: outer.table(name) for name in outer._values}

    def over(self, other: Table) -> Table:
        """These values, and those of `other` where there are none, table by table."""
        merged: dict[str, object] = dict(other._values)
        for key, value in self._values.items():
            below = merged.get(key)
            merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
        return Table(self._path, self._name, merged)

    def done(self) -> None:
        for key in self._values:
            if key not in self._seen:
                raise self.wrong(key, "is not a setting")

    def _take(self, key: str, default: object) -> object:
        self._seen.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing")
        return value


def read(path: Path) -> Table:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsError(f"{path}: cannot be read: {reason}") from None
    try:
        return Table(path, "", tomllib.loads(text))
    except (ValueError, RecursionError) as error:  # a number too long to read is a plain ValueError
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
