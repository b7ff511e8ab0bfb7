"""What the panel describes of its sound and its camera, and what was agreed with the PBX (RFC 3264, 4568).

The model and the planner are those of `media`: aiortc's own SDP loses lines and fails on what telephones
write. Video is only ever sent: its line says sendonly, whatever is offered to us.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from media import description
from media.codec import Format, with_events
from media.cover import Cover
from media.description import Heard, StreamLine, Streams
from media.errors import SdpError
from media.negotiate import Agreed, answer_to, settle

FORMATS = {
    "opus": Format(96, "opus", 48000, 2, "useinbandfec=1", "opus/48000/2"),
    "g722": Format(9, "G722", 8000, rtpmap="G722/8000"),
    "pcma": Format(8, "PCMA", 8000, rtpmap="PCMA/8000"),
    "pcmu": Format(0, "PCMU", 8000, rtpmap="PCMU/8000"),
    "h264": Format(
        98, "H264", 90000, fmtp="profile-level-id=42e01f;packetization-mode=1", rtpmap="H264/90000"
    ),
    "vp8": Format(99, "VP8", 90000, rtpmap="VP8/90000"),
}
_PTIME = ("ptime:20",)
_FEEDBACK = (("*", "nack"), ("*", "nack pli"), ("*", "ccm fir"))


@dataclass(frozen=True, slots=True)
class Terms:
    """One agreed stream: what to send where, and what may come. Keys are master key and salt; "" is plain.

    `formats`: (payload type, codec, clock) of everything agreed: any of it may come at any time.
    """

    codec: str
    payload_type: int
    clock: int
    host: str
    port: int
    rtcp_port: int
    goes: bool
    comes: bool
    suite: str = ""
    ours: bytes = b""
    theirs: bytes = b""
    formats: tuple[tuple[int, str, int], ...] = ()

    def __repr__(self) -> str:
        return f"Terms({self.codec}/{self.payload_type} to {self.host}:{self.port})"


def lines_of(audio: Sequence[str], video: Sequence[str], *, secure: bool) -> tuple[StreamLine, ...]:
    """Our streams with these codecs, best first; no line for video without a codec."""
    protocol = "RTP/SAVP" if secure else "RTP/AVP"
    sound = with_events([FORMATS[name] for name in audio])
    lines = [StreamLine("audio", protocol, True, sound, attributes=_PTIME)]
    if video:
        pictures = tuple(FORMATS[name] for name in video)
        lines.append(StreamLine("video", protocol, True, pictures, receives=False, feedback=_FEEDBACK))
    return tuple(lines)


class Descriptions:
    """The descriptions of one call, ours and theirs.

    Args:
        address: our own, as the PBX sees it.
        ports: RTP port per kind; RTCP has the next one.
        lines: our streams (`lines_of`).
    """

    def __init__(self, address: str, ports: Mapping[str, int], lines: tuple[StreamLine, ...]) -> None:
        self._address, self._ports, self._lines = address, ports, lines
        self._cover = Cover()
        self._written = lines
        self._version = 0

    def offer(self) -> bytes:
        """What we offer, anew: all of it."""
        self._written = self._lines
        self._cover.prepare_offer(self._lines, _no_station)
        return self._write()

    def accept(self, answer: bytes) -> dict[str, Terms]:
        """Their answer to our offer, by kind. Raises SdpError."""
        return self._settled(_read(answer), we_answered=False)

    def answer(self, offer: bytes) -> tuple[bytes, dict[str, Terms]]:
        """Our answer to their offer, and what it agrees to. Raises SdpError when nothing in it fits."""
        heard = _read(offer)
        mine = {line.kind: line for line in self._lines}
        self._written = answer_to(heard.streams, mine, to_panel=False, from_panel=False)
        self._cover.prepare_answer(self._written, heard, _no_station)
        return self._write(), self._settled(heard, we_answered=True)

    def _settled(self, heard: Heard, *, we_answered: bool) -> dict[str, Terms]:
        agreed = settle(self._written, heard.streams.lines, we_answered=we_answered)
        places = {kind: place for kind, (place, _) in agreed.items()}
        self._cover.agree(places, self._written, heard)
        found: dict[str, Terms] = {}
        for kind, (place, one) in agreed.items():
            end = heard.ends[place]
            if end is not None and end.address:
                found[kind] = self._sealed(kind, _terms(one, end))
        return found

    def _sealed(self, kind: str, terms: Terms) -> Terms:
        sealed = self._cover.sealed.get(kind)
        if sealed is None:
            return terms
        return replace(terms, suite=sealed.suite, ours=sealed.ours, theirs=sealed.theirs)

    def _write(self) -> bytes:
        self._version += 1
        extra = self._cover.extra(self._written, _no_station)
        return description.compose(
            Streams(self._written),
            self._ports,
            address=self._address,
            session=1,
            version=self._version,
            extra=extra,
        )


def _read(data: bytes) -> Heard:
    heard = description.read(data)
    if any(line.protocol.startswith(("UDP/", "TCP/")) for line in heard.streams.lines):
        raise SdpError("No ICE and no DTLS at a panel without browser", 488)
    return heard


def _terms(agreed: Agreed, end: description.End) -> Terms:
    chosen = next(one for one in agreed.codecs if not one.ours.auxiliary)
    return Terms(
        chosen.ours.name.lower(),
        chosen.theirs.payload_type,
        chosen.ours.clock,
        end.address,
        end.port,
        end.rtcp_port,
        agreed.goes,
        agreed.comes,
        formats=tuple(
            (one.ours.payload_type, one.ours.name.lower(), one.ours.clock)
            for one in agreed.codecs
            if one.ours.name.lower() in FORMATS
        ),
    )


def _no_station() -> NoReturn:
    raise SdpError("No ICE and no DTLS at a panel without browser", 488)
