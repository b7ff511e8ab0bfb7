"""What a description says of each stream, read from a peer's SDP and written into ours (RFC 8866, 3264)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace

from media.codec import Format, number, read_format
from media.errors import SdpError
from media.sdp import Description, Media

PROTOCOLS = frozenset({"RTP/AVP", "RTP/AVPF"})
KINDS = frozenset({"audio", "video"})
_KEPT = frozenset({"ptime", "maxptime", "framerate", "framesize", "quality", "content", "lang"})
_DIRECTIONS = {"sendrecv": (True, True), "sendonly": (True, False), "recvonly": (False, True),
               "inactive": (False, False)}
_NAMES = {flags: name for name, flags in _DIRECTIONS.items()}
# Feedback that passes through a relay of plain RTCP; the rest needs extensions we do not forward.
_FEEDBACK = ("nack", "ccm fir", "ccm tmmbr", "trr-int")


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One m= line and what belongs to it. Port 0 is a refused one, kept for its place.

    `sends` and `receives` are of the side that wrote it. `address` and `rtcp_port` are read only.
    """

    kind: str
    protocol: str
    port: int
    formats: tuple[Format, ...] = ()
    tokens: str = ""                    # formats as written, for a line that is only kept in place
    sends: bool = True
    receives: bool = True
    address: str = ""
    rtcp_port: int = 0
    bandwidth: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    feedback: tuple[tuple[str, str], ...] = ()

    @property
    def usable(self) -> bool:
        """Whether we can carry it: plain RTP audio or video with a codec in it."""
        return (
            self.port > 0 and self.kind in KINDS and self.protocol in PROTOCOLS
            and any(not one.auxiliary for one in self.formats)
        )

    def refused(self) -> StreamLine:
        """The same line with port 0 (RFC 3264 section 6)."""
        tokens = self.tokens or " ".join(str(one.payload_type) for one in self.formats) or "0"
        return StreamLine(self.kind, self.protocol, 0, tokens=tokens, sends=False, receives=False)


@dataclass(frozen=True, slots=True)
class Streams:
    """The m= lines of one description in order, and the session's b= lines."""

    lines: tuple[StreamLine, ...]
    bandwidth: tuple[str, ...] = ()

    def chosen(self) -> dict[str, int]:
        """Per kind the place of its first usable line."""
        places: dict[str, int] = {}
        for place, line in enumerate(self.lines):
            if line.usable:
                places.setdefault(line.kind, place)
        return places


def read(description: Description) -> Streams:
    """Read a peer's description. Raises SdpError 400 (no address) or 488 (not IPv4)."""
    session = description.session
    direction = next((name for name, _ in session.attributes() if name in _DIRECTIONS), "sendrecv")
    connection = session.first("c")
    lines = tuple(_line(media, connection, direction) for media in description.media)
    return Streams(lines, tuple(session.every("b")))


def _line(media: Media, connection: str | None, direction: str) -> StreamLine:
    protocol = media.protocol.upper()
    tokens = " ".join(media.formats) or "0"
    if media.port == 0 or media.kind not in KINDS or protocol not in PROTOCOLS:
        return StreamLine(media.kind, media.protocol, 0 if media.port == 0 else media.port, tokens=tokens)
    address = _address(media.first("c") or connection)
    names = [name for name, _ in media.attributes()]
    sends, receives = _DIRECTIONS[next((name for name in names if name in _DIRECTIONS), direction)]
    if address == "0.0.0.0":    # RFC 2543's way to hold: it may still send
        receives = False
    return StreamLine(
        media.kind, protocol, media.port, _formats(media), tokens, sends, receives, address,
        _rtcp_port(media), tuple(media.every("b")),
        tuple(f"{name}:{value}" for name, value in media.attributes() if name in _KEPT and value),
        tuple(_feedback(media)),
    )


def _address(connection: str | None) -> str:
    """The IPv4 address of a c= value; "" for a host name, which is never resolved."""
    fields = (connection or "").split()
    if len(fields) < 3 or fields[0] != "IN":
        raise SdpError("No usable c= line")
    if fields[1] != "IP4":
        raise SdpError("Only IPv4 media is carried", 488)
    host = fields[2].partition("/")[0]
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        return ""


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


def _rtcp_port(media: Media) -> int:
    """Where its RTCP is to go: the next port, or what RFC 3605 says."""
    fields = (media.attribute("rtcp") or "").split()
    stated = number(fields[0], 65_535) if fields else None
    return stated or min(media.port + 1, 65_535)


def _feedback(media: Media) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in media.attributes():
        token, _, what = value.partition(" ")
        what = what.strip().lower()
        if name == "rtcp-fb" and (token == "*" or number(token, 127) is not None):
            if what.startswith(_FEEDBACK):
                found.append((token, what))
    return found


def direction_of(line: StreamLine) -> str:
    """The direction attribute of a line."""
    return _NAMES[line.sends, line.receives]


def compose(streams: Streams, *, address: str, session: int, version: int) -> bytes:
    """Our description: `session` and `version` are for its o= line, `address` is ours everywhere."""
    lines = [
        "v=0", f"o=doorline {session} {version} IN IP4 {address}", "s=-", f"c=IN IP4 {address}",
        *(f"b={value}" for value in streams.bandwidth), "t=0 0",
    ]
    for line in streams.lines:
        lines.extend(_written(line))
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "surrogateescape")


def _written(line: StreamLine) -> list[str]:
    if line.port == 0:
        return [f"m={line.kind} 0 {line.protocol} {line.tokens or '0'}"]
    numbers = " ".join(str(one.payload_type) for one in line.formats)
    written = [f"m={line.kind} {line.port} {line.protocol} {numbers}"]
    written.extend(f"b={value}" for value in line.bandwidth)
    for one in line.formats:
        written.append(f"a=rtpmap:{one.payload_type} {one.rtpmap or f'{one.name}/{one.clock}'}")
        if one.fmtp:
            written.append(f"a=fmtp:{one.payload_type} {one.fmtp}")
    written.extend(f"a=rtcp-fb:{token} {what}" for token, what in line.feedback)
    written.extend(f"a={attribute}" for attribute in line.attributes)
    written.append(f"a={direction_of(line)}")
    return written


def on_port(line: StreamLine, port: int) -> StreamLine:
    """The line as ours, on that port of ours."""
    return replace(line, port=port, address="", rtcp_port=0)
