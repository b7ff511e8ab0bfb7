"""Finds the line of every key and list element in a TOML text that `tomllib` has accepted (TOML 1.0).

`tomllib` tells no positions. This scanner reads only as much of the grammar as positions need.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right

from webadmin.site_file.errors import Path

_SPACE = " \t\r\n"
_VALUE_END = ",]}#\r\n"


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """The line of `path`, or of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def find_lines(text: str) -> dict[Path, int]:
    """The line, from 1, of every key and element; what cannot be followed is left out."""
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (IndexError, ValueError, RecursionError):
        pass  # a place without a line is still a place
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._starts = [0]
        self._counts: dict[Path, int] = {}
        for place, character in enumerate(text):
            if character == "\n":
                self._starts.append(place + 1)

    def document(self) -> None:
        table: Path = ()
        while self._skip_space():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        at = self._at
        repeated = self._text.startswith("[[", at)
        self._at += 2 if repeated else 1
        path: Path = ()
        keys = self._key()
        for number, key in enumerate(keys):
            path = (*path, key)
            self._note(path, at)
            last = number == len(keys) - 1
            if path in self._counts and not (last and repeated):
                path = (*path, self._counts[path] - 1)
        if repeated:
            count = self._counts.get(path, 0)
            self._counts[path] = count + 1
            path = (*path, count)
        self._note(path, at)
        self._at = self._text.index("]", self._at) + (2 if repeated else 1)
        return path

    def _pair(self, table: Path) -> None:
        at = self._at
        path = (*table, *self._key())
        self._note(path, at)
        self._at = self._text.index("=", self._at) + 1
        self._value(path)

    def _key(self) -> list[str]:
        keys = []
        while True:
            self._skip_blank()
            start = self._at
            if self._text[start] in "\"'":
                self._quoted()
                keys.append(tomllib.loads(f"k={self._text[start : self._at]}")["k"])
            else:
                while self._text[self._at] not in " \t.=]":
                    self._at += 1
                keys.append(self._text[start : self._at])
            self._skip_blank()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        first = self._text[self._at]
        if first in "\"'":
            self._quoted()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            start = self._at
            while self._at < len(self._text) and self._text[self._at] not in _VALUE_END:
                self._at += 1
            if self._at == start:
                raise ValueError("no value")

    def _array(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._skip_space() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._note((*path, count), self._at)
            self._value((*path, count))
            count += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip_space() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1

    def _quoted(self) -> None:
        quote = self._text[self._at]
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
            if self._at >= len(self._text):
                raise ValueError("unended text")
        self._at += len(mark)
        while len(mark) == 3 and self._text.startswith(quote, self._at):
            self._at += 1  # up to two quotes may stand before the closing three

    def _skip_blank(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _skip_space(self) -> bool:
        while self._at < len(self._text):
            if self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif self._text[self._at] in _SPACE:
                self._at += 1
            else:
                return True
        return False

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, at))
