"""What a description says of each stream, read from a peer's SDP and written into ours (RFC 8866, 3264).

Telephones of one make describe themselves alike but for addresses, ports and numbers. So what a line says
(`StreamLine`) is kept apart from where its stream is (`End`), is read once per make, and everything worked
out from it can be remembered.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from media.codec import Format, number, read_format
from media.errors import SdpError
from media.keying import PLAIN, SDES, WEBRTC, Keying, profile_of, read_keying, set_apart
from media.sdp import MAX_BYTES, MAX_LINE, Media, parse

PROTOCOLS = PLAIN | SDES | WEBRTC
KINDS = frozenset({"audio", "video"})
REMEMBERED = 1024
_KEPT = frozenset({"ptime", "maxptime", "framerate", "framesize", "quality", "content", "lang"})
_DIRECTIONS = {
    "sendrecv": (True, True), "sendonly": (True, False),
    "recvonly": (False, True), "inactive": (False, False),
}
_NAMES = {flags: name for name, flags in _DIRECTIONS.items()}
# Feedback that passes through a relay of plain RTCP; the rest needs extensions we do not forward.
_FEEDBACK = ("nack", "ccm fir", "ccm tmmbr", "trr-int")


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One m= line and what belongs to it, but for addresses and ports. One not `open` has port 0: refused.

    `sends` and `receives` are of the side that wrote it. `tokens`: its formats as written, for a line that is
    only kept in its place. `mid`: its name in a bundle.
    """

    kind: str
    protocol: str
    open: bool
    formats: tuple[Format, ...] = ()
    tokens: str = ""
    sends: bool = True
    receives: bool = True
    bandwidth: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feedback: tuple[tuple[str, str], ...] = ()
    mid: str = ""
    usable: bool = field(init=False, compare=False, repr=False, default=False)
    """Whether we can carry it: audio or video with a codec in it, protected in a way we know, or plain."""
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __post_init__(self) -> None:
        plain = self.open and self.kind in KINDS and self.protocol in PROTOCOLS
        object.__setattr__(self, "usable", plain and not all(one.auxiliary for one in self.formats))
        said = (self.kind, self.protocol, self.open, self.formats, self.tokens, self.sends, self.receives)
        rest = (self.bandwidth, self.attributes, self.feedback, self.mid)
        object.__setattr__(self, "_hash", hash((said, rest)))

    def __hash__(self) -> int:
        return self._hash

    def refused(self) -> StreamLine:
        """The same line with port 0 (RFC 3264 section 6)."""
        tokens = self.tokens or " ".join(str(one.payload_type) for one in self.formats) or "0"
        return StreamLine(
            self.kind, self.protocol, False, tokens=tokens, sends=False, receives=False, mid=self.mid
        )


@dataclass(frozen=True, slots=True)
class End:
    """Where a peer has a stream; address "" is a host name, which is never resolved.

    `keying` is what it says of its protection; a stream reached by ICE has no address here.
    """

    address: str
    port: int
    rtcp_port: int
    keying: Keying | None = None


@dataclass(frozen=True, slots=True)
class Streams:
    """The m= lines of one description in order, the session's b= lines, the mids of its first bundle."""

    lines: tuple[StreamLine, ...]
    bandwidth: tuple[str, ...] = ()
    bundle: frozenset[str] = frozenset()

    def chosen(self) -> dict[str, int]:
        """Per kind the place of its first usable line; one that is protected goes before one that is not."""
        last = len(self.lines) - 1
        found = {line.kind: last - back for back, line in enumerate(reversed(self.lines)) if line.usable}
        for place in range(last, -1, -1):
            line = self.lines[place]
            if line.usable and line.protocol not in PLAIN:
                found[line.kind] = place
        return found


@dataclass(frozen=True, slots=True)
class Heard:
    """A peer's description: what it says, and per line where it is."""

    streams: Streams
    ends: tuple[End | None, ...]


_known: dict[bytes, Streams] = {}


def read(data: bytes) -> Heard:
    """Read a peer's description. Raises SdpError: 400 unreadable, 413 too large, 488 not IPv4."""
    if len(data) > MAX_BYTES:
        raise SdpError("Session description too large", 413)
    outline, marks = _outline(data)
    streams = _known.get(outline)
    if streams is None:
        streams = _streams(data)
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[outline] = streams
    elif b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        raise SdpError("Control character in the session description")
    return Heard(streams, _ends(streams, marks))


def _outline(data: bytes) -> tuple[bytes, list[bytes]]:
    """The description without what differs from call to call, and that: its c=, m= and a=rtcp lines."""
    same: list[bytes] = []
    marks: list[bytes] = []
    protected = b"SAVP" in data
    for line in data.split(b"\n"):
        head = line[:2]
        if head == b"m=":
            marks.append(line)
            kind, _, rest = line.partition(b" ")
            port, _, rest = rest.partition(b" ")
            # Whether it is open is a part of what it says, the port's number is not. NUL: in no valid line.
            if port.isdigit() and port.strip(b"0") and len(port) < 6:
                line = kind + b"\0" + rest
        elif head == b"c=":
            marks.append(line)
            line = b"c=0.0.0.0" if b" 0.0.0.0" in line else b"c="
        elif line[:7] == b"a=rtcp:":
            marks.append(line)
            line = b""
        elif head == b"o=" or line[:7] == b"a=ssrc:":
            line = b"" if len(line) <= MAX_LINE else line
        elif protected and head == b"a=" and len(line) <= MAX_LINE:
            line, kept = set_apart(line.rstrip(b"\r"))
            if kept is not None:
                marks.append(kept)
        same.append(line)
    return b"\n".join(same), marks


def _streams(data: bytes) -> Streams:
    description = parse(data)
    session = description.session
    direction = next((name for name, _ in session.attributes() if name in _DIRECTIONS), "sendrecv")
    connection = session.first("c")
    common = {name for name, _ in session.attributes()}
    lines = tuple(_line(media, connection, direction, common) for media in description.media)
    groups = (value.split() for name, value in session.attributes() if name == "group")
    bundle = next((mids[1:] for mids in groups if mids[:1] == ["BUNDLE"]), [])
    return Streams(lines, tuple(session.every("b")), frozenset(bundle))


def _protected(media: Media, protocol: str, common: set[str]) -> bool:
    """Whether the line says all that its way of protection needs, or needs none."""
    profile = profile_of(protocol)
    if profile == "plain":
        return True
    names = common | {name for name, _ in media.attributes()}
    if profile == "sdes":
        return "crypto" in names
    return {"fingerprint", "ice-ufrag", "ice-pwd", "rtcp-mux"} <= names


def _line(media: Media, connection: str | None, direction: str, common: set[str]) -> StreamLine:
    protocol = media.protocol.upper()
    tokens = " ".join(media.formats) or "0"
    mid = (media.attribute("mid") or "")[:32]
    known = media.kind in KINDS and protocol in PROTOCOLS and _protected(media, protocol, common)
    bundle_only = "bundle-only" in {name for name, _ in media.attributes()} and bool(mid)
    if not known or (media.port == 0 and not bundle_only):
        return StreamLine(media.kind, media.protocol, media.port > 0, tokens=tokens, mid=mid)
    names = [name for name, _ in media.attributes()]
    sends, receives = _DIRECTIONS[next((name for name in names if name in _DIRECTIONS), direction)]
    elsewhere = protocol in WEBRTC   # ICE says where it is
    if not elsewhere and " 0.0.0.0" in (media.first("c") or connection or ""):
        receives = False             # RFC 2543's way to hold: it may still send
    return StreamLine(
        media.kind, protocol, True, _formats(media), tokens, sends, receives, tuple(media.every("b")),
        tuple(f"{name}:{value}" for name, value in media.attributes() if name in _KEPT and value),
        tuple(_feedback(media)), mid,
    )


def _formats(media: Media) -> tuple[Format, ...]:
    maps = _by_token(media, "rtpmap")
    fmtp = _by_token(media, "fmtp")
    found: dict[int, Format] = {}
    for token in media.formats:
        one = read_format(token, maps.get(token), fmtp.get(token, ""))
        if one is not None:
            found.setdefault(one.payload_type, one)
    return tuple(found.values())


def _by_token(media: Media, name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for attribute, value in media.attributes():
        if attribute == name:
            token, _, rest = value.partition(" ")
            found.setdefault(token, rest.strip())
    return found


def _feedback(media: Media) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in media.attributes():
        token, _, what = value.partition(" ")
        what = what.strip().lower()
        about = token == "*" or number(token, 127) is not None
        if name == "rtcp-fb" and about and what.startswith(_FEEDBACK):
            found.append((token, what))
    return found


def _ends(streams: Streams, marks: list[bytes]) -> tuple[End | None, ...]:
    """Where each stream is, from the lines that `_outline` set aside."""
    found: list[list[bytes]] = [[]]
    for mark in marks:
        if mark[:1] == b"m":
            found.append([])
        found[-1].append(mark)
    session = next((mark for mark in found[0] if mark[:1] == b"c"), b"")
    ends: list[End | None] = []
    for line, (head, *rest) in zip(streams.lines, found[1:], strict=True):
        ends.append(_end(head, rest, session, line) if line.usable else None)
        if line.usable and line.protocol not in PLAIN:
            ends[-1] = _guarded(line, found[0], rest, ends[-1])
    return tuple(ends)


def _guarded(line: StreamLine, common: list[bytes], rest: list[bytes], end: End | None) -> End:
    """The end of a protected stream. It is never carried without its protection (RFC 4568 section 7.1.1)."""
    keying = read_keying(common, rest)
    if end is None or not keying.serves(profile_of(line.protocol)):
        raise SdpError("No usable protection of the media", 488)
    return replace(end, keying=keying)


def _end(head: bytes, rest: list[bytes], session: bytes, line: StreamLine) -> End:
    port = int(head[2:].split(None, 2)[1].partition(b"/")[0])
    if port > 65_535:
        raise SdpError("Port of an m= line out of range")
    if line.protocol in WEBRTC:
        return End("", port, port)
    address = _address(next((mark for mark in rest if mark[:1] == b"c"), session))
    stated = next((mark[7:].split(None, 1)[:1] for mark in rest if mark[:7] == b"a=rtcp:"), [])
    rtcp_port = number(stated[0].decode("latin-1"), 65_535) if stated else None   # RFC 3605
    return End(address, port, rtcp_port or min(port + 1, 65_535))


@lru_cache(8 * REMEMBERED)
def _address(line: bytes) -> str:
    """The IPv4 address of a c= line; "" for a host name."""
    if len(line) > MAX_LINE:
        raise SdpError("Line too long in the session description", 413)
    fields = line[2:].decode("latin-1").split()
    if len(fields) < 3 or fields[0] != "IN":
        raise SdpError("No usable c= line")
    if fields[1] != "IP4":
        raise SdpError("Only IPv4 media is carried", 488)
    try:
        return str(ipaddress.IPv4Address(fields[2].partition("/")[0]))
    except ValueError:
        return ""


def direction_of(line: StreamLine) -> str:
    """The direction attribute of a line."""
    return _NAMES[line.sends, line.receives]


@dataclass(frozen=True, slots=True)
class Extra:
    """Attributes that protection adds: to the session part, and to each line by its place."""

    session: tuple[str, ...] = ()
    media: tuple[tuple[str, ...], ...] = ()


_NO_EXTRA = Extra()


def compose(
    streams: Streams, ports: Mapping[str, int], *, address: str, session: int, version: int,
    extra: Extra = _NO_EXTRA,
) -> bytes:
    """Our description: `ports` per kind, `session` and `version` for its o= line, `address` is ours."""
    parts = [f"v=0\r\no=doorline {session} {version} IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\n"]
    parts.extend([f"b={value}\r\n" for value in streams.bandwidth])
    parts.append("t=0 0\r\n")
    parts.extend([f"a={attribute}\r\n" for attribute in extra.session])
    for line in streams.lines:
        parts.append(f"m={line.kind} {ports[line.kind] if line.open else 0} {_after_port(line)}\r\n")
    if extra.media:
        for place, attributes in enumerate(extra.media, len(parts) - len(streams.lines)):
            parts[place] += "".join([f"a={attribute}\r\n" for attribute in attributes])
    return "".join(parts).encode("utf-8", "surrogateescape")


@lru_cache(REMEMBERED)
def _after_port(line: StreamLine) -> str:
    if not line.open:
        return f"{line.protocol} {line.tokens or '0'}" + (f"\r\na=mid:{line.mid}" if line.mid else "")
    numbers = " ".join(str(one.payload_type) for one in line.formats)
    written = [f"{line.protocol} {numbers}", *(f"b={value}" for value in line.bandwidth)]
    for one in line.formats:
        written.append(f"a=rtpmap:{one.payload_type} {one.rtpmap or f'{one.name}/{one.clock}'}")
        if one.fmtp:
            written.append(f"a=fmtp:{one.payload_type} {one.fmtp}")
    written.extend(f"a=rtcp-fb:{token} {what}" for token, what in line.feedback)
    written.extend(f"a={attribute}" for attribute in line.attributes)
    written.append(f"a={direction_of(line)}")
    return "\r\n".join(written)
