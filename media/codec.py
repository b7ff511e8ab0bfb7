"""Payload formats of a description: which are the same codec, which go together (RFC 3551, 6184, 4733)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EVENTS = "telephone-event"
AUXILIARY = frozenset({EVENTS, "cn"})
# They name another payload type or source, which a relay between two numberings would tear apart.
DEPENDENT = frozenset({"rtx", "red", "ulpfec", "flexfec", "flexfec-03", "parityfec", "x-ulpfecuc"})
_STATIC = {
    0: ("PCMU", 8000), 3: ("GSM", 8000), 4: ("G723", 8000), 5: ("DVI4", 8000), 7: ("LPC", 8000),
    8: ("PCMA", 8000), 9: ("G722", 8000), 12: ("QCELP", 8000), 13: ("CN", 8000), 15: ("G728", 8000),
    18: ("G729", 8000), 26: ("JPEG", 90000), 31: ("H261", 90000), 34: ("H263", 90000),
}


@dataclass(frozen=True, slots=True)
class Format:
    """One payload format: its number on the wire and what it stands for; `rtpmap` "" where it is static."""

    payload_type: int
    name: str
    clock: int
    channels: int = 1
    fmtp: str = ""
    rtpmap: str = ""

    @property
    def codec(self) -> tuple[str, int, int]:
        return self.name.lower(), self.clock, self.channels

    @property
    def auxiliary(self) -> bool:
        """Whether it only accompanies a codec: events, comfort noise."""
        return self.name.lower() in AUXILIARY

    @property
    def is_events(self) -> bool:
        return self.name.lower() == EVENTS


def number(text: str, top: int) -> int | None:
    """A decimal of at most `top`, or None."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    value = int(text)
    return value if value <= top else None


def read_format(token: str, rtpmap: str | None, fmtp: str) -> Format | None:
    """The format of an m= line's token, with its rtpmap and fmtp values; None when it says nothing usable."""
    payload_type = number(token, 127)
    if payload_type is None:
        return None
    if rtpmap is None:
        static = _STATIC.get(payload_type)
        return None if static is None else Format(payload_type, *static, fmtp=fmtp)
    name, _, rest = rtpmap.partition("/")
    clock_text, _, channels_text = rest.partition("/")
    clock = number(clock_text.strip(), 1_000_000)
    if not name or not clock or name.lower() in DEPENDENT:
        return None
    channels = number(channels_text.strip(), 255) or 1
    return Format(payload_type, name.strip(), clock, channels, fmtp, rtpmap)


def parameters(fmtp: str) -> dict[str, str]:
    """The parameters of an fmtp value, names in small letters."""
    pairs = (part.partition("=") for part in fmtp.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def _h264(fmtp: str) -> tuple[str, str]:
    """(packetization mode, profile) of H.264; level and flags may differ (RFC 6184 section 8.2.2)."""
    found = parameters(fmtp)
    return found.get("packetization-mode") or "0", found.get("profile-level-id", "42")[:2].lower()


def same(one: Format, other: Format) -> bool:
    """Whether both carry the same bytes."""
    if one.codec != other.codec:
        return False
    return one.name.lower() != "h264" or _h264(one.fmtp) == _h264(other.fmtp)


def match(wanted: Format, among: Iterable[Format]) -> Format | None:
    """The format of `among` that is `wanted`: by codec and number first, by codec and parameters else."""
    found: Format | None = None
    for candidate in among:
        if candidate.codec == wanted.codec and candidate.payload_type == wanted.payload_type:
            return candidate
        if found is None and same(candidate, wanted):
            found = candidate
    return found


def free_payload_type(formats: Sequence[Format]) -> int | None:
    """A dynamic number that none of the formats has; 101 first, as everybody expects it for events."""
    used = {one.payload_type for one in formats}
    return next((pt for pt in (101, *range(96, 128)) if pt not in used), None)


def with_events(formats: Sequence[Format]) -> tuple[Format, ...]:
    """The formats, with telephone-event at every clock rate of their codecs (RFC 4733 section 2.4.1)."""
    clocks = {one.clock for one in formats if one.is_events}
    full = list(formats)
    for codec in formats:
        if codec.auxiliary or codec.clock in clocks or len(clocks) >= 3:
            continue
        clocks.add(codec.clock)
        payload_type = free_payload_type(full)
        if payload_type is not None:
            rtpmap = f"{EVENTS}/{codec.clock}"
            full.append(Format(payload_type, EVENTS, codec.clock, fmtp="0-15", rtpmap=rtpmap))
    return tuple(full)


PCMA = Format(8, "PCMA", 8000, rtpmap="PCMA/8000")
PCMU = Format(0, "PCMU", 8000, rtpmap="PCMU/8000")
H264 = (
    Format(97, "H264", 90000, fmtp="profile-level-id=42e01f;packetization-mode=1", rtpmap="H264/90000"),
    Format(98, "H264", 90000, fmtp="profile-level-id=42e01f;packetization-mode=0", rtpmap="H264/90000"),
)
