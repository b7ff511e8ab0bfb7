"""The last SIP messages, in memory only, and one call's ladder drawn from them.

The tap stands on the hot path, so it only appends; everything else happens when somebody asks. A ladder masks
secrets and digits. That of a residential site shows neither names nor addresses (ARCHITECTURE, decision 14).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

Direction = Literal["in", "out"]

MESSAGES = 20_000
BYTES = 16 * 1024 * 1024
SECONDS = 900.0

_CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CSEQ = re.compile(r"^cseq[ \t]*:[ \t]*(\d{1,10})[ \t]+(\S{1,32})", re.IGNORECASE | re.MULTILINE)
_SECRET = re.compile(
    r"^((?:proxy-)?(?:authorization|authenticate)|www-authenticate|authentication-info|identity)([ \t]*:).*$",
    re.IGNORECASE | re.MULTILINE,
)
_DIGITS = re.compile(r"^([ \t]*(?:signal|tone)[ \t]*=[ \t]*)\S+", re.IGNORECASE | re.MULTILINE)
_KEYS = re.compile(r"^(a=(?:crypto|ice-pwd|key-mgmt|setup-key):).*$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(r"^(?:content-type|c)[ \t]*:[ \t]*([^\s;]{1,80})", re.IGNORECASE | re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Flow(Protocol):
    """What a ladder needs of a flow."""

    @property
    def transport(self) -> str:
        """"udp", "tcp", "tls", "ws" or "wss"."""

    @property
    def remote(self) -> tuple[str, int]:
        """The peer's address and port."""


class Seen(NamedTuple):
    """One message as it passed. `now`: monotonic seconds."""

    now: float
    direction: Direction
    transport: str
    remote: tuple[str, int]
    data: bytes


class Ring:
    """The messages of the last minutes, bounded by number, bytes and age."""

    def __init__(self, messages: int = MESSAGES, size: int = BYTES, seconds: float = SECONDS) -> None:
        self._seen: deque[tuple[float, Direction, str, tuple[str, int], bytes]] = deque()
        self._messages = messages
        self._size = size
        self._seconds = seconds
        self._held = 0

    def __len__(self) -> int:
        return len(self._seen)

    def tap(self, direction: Direction, flow: Flow, data: bytes, now: float) -> None:
        """Keep one message; the driver calls this for each."""
        seen = self._seen
        seen.append((now, direction, flow.transport, flow.remote, data))
        self._held += len(data)
        oldest = now - self._seconds
        while seen and (len(seen) > self._messages or self._held > self._size or seen[0][0] < oldest):
            self._held -= len(seen.popleft()[4])

    def of(self, call_ids: Iterable[str]) -> list[Seen]:
        """The messages with one of these Call-IDs, oldest first."""
        wanted = {call_id.encode() for call_id in call_ids}
        return [Seen._make(seen) for seen in self._seen if _call_id(seen[4]) in wanted]


def ladder(messages: Iterable[Seen], *, private: bool, full: bool = False) -> list[str]:
    """One line a message: seconds since the first, who, which way, what; with `full`, its masked text too.

    `private`: peers are letters, and nothing of URIs, names or addresses is shown; `full` is then ignored.
    """
    lines: list[str] = []
    peers: dict[tuple[str, tuple[str, int]], str] = {}
    held = list(messages)
    first = held[0].now if held else 0.0
    for seen in held:
        peer = peers.setdefault((seen.transport, seen.remote), _letter(len(peers)))
        arrow = "->" if seen.direction == "in" else "<-"
        place = "" if private else f" {seen.transport} {seen.remote[0]}:{seen.remote[1]}"
        text = seen.data.decode("utf-8", "replace")
        lines.append(f"{seen.now - first:9.3f}  {peer}{place} {arrow} doorline  {_summary(text, private)}")
        if full and not private:
            lines += [f"           | {line}" for line in masked(text).splitlines()]
    return lines


def masked(text: str) -> str:
    """A message without credentials, media keys, digits, orders and written words."""
    text = text.replace("\r\n", "\n")
    head, blank, body = text.partition("\n\n")
    kind = (found.group(1).lower() if (found := _TYPE.search(head)) else "") or "unknown"
    head = _SECRET.sub(r"\1\2 ***", head)
    if not body:
        shown = ""
    elif kind == "application/sdp":
        shown = _KEYS.sub(r"\1***", body)
    elif kind == "application/dtmf-relay":
        shown = _DIGITS.sub(r"\1*", body)
    else:
        shown = f"[{len(body)} characters of {kind}]"
    return _CONTROL.sub(" ", head + blank + shown)


def _summary(text: str, private: bool) -> str:
    """The start line with what tells messages of one kind apart; in private only method or status."""
    start = _CONTROL.sub(" ", text.partition("\n")[0]).strip()
    cseq = _CSEQ.search(text)
    number, method = (cseq.group(1), cseq.group(2)) if cseq else ("?", "?")
    if start.startswith("SIP/2.0 "):
        what = start.removeprefix("SIP/2.0 ")
        what = f"{what[:3] if private else what} ({method})"
    else:
        what = start.partition(" ")[0] if private else start.removesuffix(" SIP/2.0")
    kind = _TYPE.search(text.replace("\r\n", "\n").partition("\n\n")[0])
    return f"{what[:160]}  cseq {number}" + (f"  {kind.group(1)}" if kind else "")


def _call_id(data: bytes) -> bytes:
    found = _CALL_ID.search(data)
    return found.group(1).strip() if found else b""


def _letter(index: int) -> str:
    return chr(ord("A") + index) if index < 26 else f"P{index}"
