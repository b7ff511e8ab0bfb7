"""The header lines of a message: ordered, names without case, compact forms expanded (RFC 3261 sections
7.3, 20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Any

from .errors import MisuseError, PeerError
from .grammar import LWS, is_token, split_list
from .names import DISPLAY, KEYS, SINGLE


def key_of(name: str) -> str:
    """The name by which a header is found: lower case, compact form expanded."""
    lower = name.lower()
    return KEYS.get(lower, lower)


class Headers:
    """Header lines, kept as they came; a value is cut out when asked for.

    ``parsed`` is a cache for typed fields, keyed by whoever fills it; any change to the lines empties it.
    """

    __slots__ = ("_keys", "_lines", "parsed")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._keys: list[str] = []
        self._lines: list[str] = []
        self.parsed: dict[str, Any] = {}
        for name, value in pairs:
            self.add(name, value)

    @classmethod
    def from_lines(cls, lines: list[str]) -> Headers:
        """Take over the lines of a head, CRLF already split off; ``PeerError`` 400 for what is no header
        line.

        The caller has checked that no line holds CR, LF or NUL.
        """
        self = cls.__new__(cls)
        try:
            self._keys = [KEYS[line.partition(":")[0]] for line in lines]
        except KeyError:
            self._keys = _keys_slowly(lines)
        else:
            # A line that is nothing but a known name was found too, and has no colon.
            if not KEYS.keys().isdisjoint(lines):
                raise PeerError(400, "Bad header line", fatal=True)
        self._lines = lines
        self.parsed = {}
        return self

    def get(self, name: str) -> str | None:
        """Value of the first line of that name, stripped, or ``None``."""
        key = KEYS.get(name) or key_of(name)
        keys = self._keys
        if key not in keys:
            return None
        return self._lines[keys.index(key)].partition(":")[2].strip(LWS)

    def need(self, name: str) -> str:
        """Like ``get``, but a missing header is the peer's fault: ``PeerError`` 400."""
        try:
            place = self._keys.index(KEYS.get(name) or key_of(name))
        except ValueError:
            raise PeerError(400, f"Missing {name}") from None
        return self._lines[place].partition(":")[2].strip(LWS)

    def first(self, name: str) -> str | None:
        """The first comma-separated value of that name, or ``None``."""
        text = self.get(name)
        return split_list(text)[0] if text and "," in text else text

    def all(self, name: str) -> list[str]:
        """The value of every line of that name, in order."""
        return [line.partition(":")[2].strip(LWS) for line in self.lines(name)]

    def lines(self, name: str) -> list[str]:
        """Whole lines of that name, as they came or were added, in order."""
        key = KEYS.get(name) or key_of(name)
        keys = self._keys
        count = keys.count(key)
        if count <= 1:
            return [self._lines[keys.index(key)]] if count else []
        return [line for line, other in zip(self._lines, keys, strict=True) if other == key]

    def values(self, name: str) -> list[str]:
        """Every comma-separated value over all lines of that name; commas in quotes and ``<>`` part nothing.

        A value left empty between commas comes as ``""``, for its parser to refuse.
        """
        return [value for text in self.all(name) for value in split_list(text)]

    def tokens(self, name: str) -> frozenset[str]:
        """The values of a token list (Allow, Supported, Require ...) in lower case, empty ones left out."""
        return frozenset(value.lower() for value in self.values(name) if value)

    def add(self, name: str, value: str) -> None:
        """Append a line; ``MisuseError`` when the value holds a line end."""
        line = _line(name, value)
        self._keys.append(KEYS.get(name) or key_of(name))
        self._lines.append(line)
        self.parsed.clear()

    def add_lines(self, lines: Iterable[str], name: str) -> None:
        """Append whole lines taken from another message by ``lines(name)``."""
        key = KEYS.get(name) or key_of(name)
        for line in lines:
            self._keys.append(key)
            self._lines.append(line)
        self.parsed.clear()

    def prepend(self, name: str, value: str) -> None:
        """Put a line before all others."""
        self._lines.insert(0, _line(name, value))
        self._keys.insert(0, KEYS.get(name) or key_of(name))
        self.parsed.clear()

    def set(self, name: str, value: str) -> None:
        """Make this the only line of that name, at the place of the first one."""
        line = _line(name, value)
        key = KEYS.get(name) or key_of(name)
        if key not in self._keys:
            self._keys.append(key)
            self._lines.append(line)
        else:
            first = self._keys.index(key)
            self._lines[first] = line
            if key in self._keys[first + 1 :]:
                self._drop(key, first + 1)
        self.parsed.clear()

    def replace_first(self, name: str, value: str) -> None:
        """Put ``value`` in the place of the first value of that name (of a line with several, only the
        first)."""
        key = KEYS.get(name) or key_of(name)
        if key not in self._keys:
            raise MisuseError(f"no {name} to replace")
        place = self._keys.index(key)
        old = split_list(self._lines[place].partition(":")[2])
        self._lines[place] = _line(name, ", ".join([value, *old[1:]]))
        self.parsed.clear()

    def remove_first(self, name: str) -> None:
        """Take away the first value of that name, if there is one."""
        key = KEYS.get(name) or key_of(name)
        if key not in self._keys:
            return
        place = self._keys.index(key)
        rest = split_list(self._lines[place].partition(":")[2])[1:]
        if rest:
            self._lines[place] = _line(name, ", ".join(rest))
        else:
            del self._keys[place], self._lines[place]
        self.parsed.clear()

    def remove(self, name: str) -> None:
        """Take away every line of that name."""
        key = KEYS.get(name) or key_of(name)
        if key in self._keys:
            self._drop(key, 0)
            self.parsed.clear()

    def append(self, name: str, text: str) -> None:
        """Put ``text``, such as ``;tag=x``, at the end of the first line of that name, if there is one."""
        key = KEYS.get(name) or key_of(name)
        if key in self._keys:
            place = self._keys.index(key)
            self._lines[place] = self._lines[place].rstrip(LWS) + _clean(name, text)
            self.parsed.clear()

    def only(self, keys: AbstractSet[str]) -> Headers:
        """A copy of the lines whose key (see ``key_of``) is wanted, order kept."""
        other = Headers.__new__(Headers)
        mine = self._keys
        other._keys = [key for key in mine if key in keys]
        other._lines = [line for key, line in zip(mine, self._lines, strict=True) if key in keys]
        other.parsed = {}
        return other

    def copy(self) -> Headers:
        """A copy that can be changed without touching this one."""
        other = Headers.__new__(Headers)
        other._keys = self._keys.copy()
        other._lines = self._lines.copy()
        other.parsed = {}
        return other

    def block(self, body_length: int) -> str:
        """All lines joined by CRLF, Content-Length made right; the last line is without its CRLF."""
        line = f"Content-Length: {body_length}"
        lines = self._lines
        if "content-length" not in self._keys:
            return "\r\n".join([*lines, line])
        place = self._keys.index("content-length")
        if lines[place] != line:
            lines[place] = line
            self.parsed.clear()
        return "\r\n".join(lines)

    def count(self, name: str) -> int:
        """How many lines of that name there are."""
        return self._keys.count(KEYS.get(name) or key_of(name))

    def key_set(self) -> AbstractSet[str]:
        """The names that stand here: lower case, compact forms expanded."""
        return set(self._keys)

    def _drop(self, key: str, start: int) -> None:
        for place in range(len(self._keys) - 1, start - 1, -1):
            if self._keys[place] == key:
                del self._keys[place], self._lines[place]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (KEYS.get(name) or key_of(name)) in self._keys

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for key, line in zip(self._keys, self._lines, strict=True):
            name, _, value = line.partition(":")
            yield DISPLAY.get(key) or name.rstrip(LWS), value.strip(LWS)

    def __len__(self) -> int:
        return len(self._lines)

    def __repr__(self) -> str:
        return f"Headers({list(self)!r})"

    def first_repeated(self) -> str | None:
        """The name of a header that may stand once but stands twice, or ``None``."""
        keys = self._keys
        if len(set(keys)) == len(keys):
            return None
        seen: set[str] = set()
        for key in keys:
            if key in seen and key in SINGLE:
                return DISPLAY.get(key, key)
            seen.add(key)
        return None


def _line(name: str, value: str) -> str:
    if name not in KEYS and not is_token(name):
        raise MisuseError(f"{name!r} is no header name")
    return f"{name}: {_clean(name, value)}"


def _clean(name: str, value: str) -> str:
    if "\n" in value or "\r" in value or "\0" in value:
        raise MisuseError(f"line end or NUL in a value for {name}")
    return value


def _keys_slowly(lines: list[str]) -> list[str]:
    """Keys of lines that hold a folded line, a rare spelling or an unknown name; unfolds ``lines`` in
    place."""
    keys: list[str] = []
    kept: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if not kept:
                raise PeerError(400, "Bad header line", fatal=True)
            kept.append(line)
            keys.append("")
            continue
        name, colon, _ = line.partition(":")
        key = KEYS.get(name)
        if key is None:
            name = name.rstrip(LWS)
            key = key_of(name) if is_token(name) else None
        if not colon or key is None:
            raise PeerError(400, "Bad header line", fatal=True)
        kept.append(line)
        keys.append(key)
    if "" in keys:
        _unfold(keys, kept)
    lines[:] = kept
    return keys


def _unfold(keys: list[str], lines: list[str]) -> None:
    """Join each continuation (key "") to the line before it by one space (RFC 3261 section 7.3.1)."""
    starts = [place for place, key in enumerate(keys) if key] + [len(keys)]
    lines[:] = [
        " ".join([lines[start], *(line.strip(LWS) for line in lines[start + 1 : end])])
        for start, end in pairwise(starts)
    ]
    keys[:] = [key for key in keys if key]
