"""What WebRTC wants of a description beyond plain SIP's: one numbering for a bundle, codecs as browsers
know them, transport attributes (RFC 8843, 8829, 8839, 6544)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from media.codec import Format, parameters
from media.description import StreamLine
from media.keying import profile_of

PROTOCOL = "UDP/TLS/RTP/SAVPF"
FEEDBACK = ("nack", "nack pli", "ccm fir")
_DYNAMIC = (*range(96, 128), *range(35, 64))
_HOST = 126 << 24
_CNAME = "doorline"


@dataclass(frozen=True, slots=True)
class Transport:
    """What we say of one transport: where it is, who we are, which part we take in DTLS."""

    addresses: tuple[str, ...]
    udp: int
    tcp: int
    ufrag: str
    password: str
    fingerprint: tuple[str, str]
    setup: str


def for_browser(lines: Sequence[StreamLine]) -> tuple[StreamLine, ...]:
    """Lines of an offer as a browser takes them: mids, numbers unique over all, H.264 as it knows it."""
    mids = {line.mid for line in lines if line.mid}
    taken = {one.payload_type for line in lines for one in line.formats if one.payload_type < 35}
    made: list[StreamLine] = []
    for line in lines:
        if not line.mid:
            mid = next(str(number) for number in range(100) if str(number) not in mids)
            mids.add(mid)
            line = replace(line, mid=mid)
        if line.open:
            formats = _numbered(line.formats, taken)
            line = replace(line, formats=formats, feedback=_feedback(line.kind, formats))
        made.append(line)
    return tuple(made)


def _numbered(formats: Sequence[Format], taken: set[int]) -> tuple[Format, ...]:
    own = {one.payload_type for one in formats}
    found: list[Format] = []
    for one in formats:
        number = one.payload_type
        if number >= 35 and number in taken:
            free = (other for other in _DYNAMIC if other not in taken and other not in own)
            number = next(free, -1)
            if number < 0:
                continue
        taken.add(number)
        found.append(replace(one, payload_type=number, fmtp=browser_fmtp(one)))
    return tuple(found)


def _feedback(kind: str, formats: Sequence[Format]) -> tuple[tuple[str, str], ...]:
    if kind != "video":
        return ()
    return tuple((str(one.payload_type), what) for one in formats for what in FEEDBACK)


def browser_fmtp(one: Format) -> str:
    """H.264 by the constrained baseline profile: browsers decode more than they sign for."""
    if one.name.lower() != "h264":
        return one.fmtp
    mode = parameters(one.fmtp).get("packetization-mode") or "0"
    return f"level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id=42e01f"


def answer_feedback(line: StreamLine, formats: Sequence[Format]) -> tuple[tuple[str, str], ...]:
    """What of a browser's feedback we take, whatever the other side can: it ends at us."""
    numbers = {"*", *(str(one.payload_type) for one in formats)}
    return tuple(one for one in line.feedback if one[0] in numbers and one[1] in FEEDBACK)


def session_attributes(lines: Sequence[StreamLine], *, bundle: bool) -> list[str]:
    """Attributes of the session part."""
    protected = [line for line in lines if line.open and profile_of(line.protocol) == "webrtc"]
    if not protected:
        return []
    said = ["ice-lite", "msid-semantic: WMS *"]
    if bundle and all(line.mid for line in protected):
        said.insert(0, "group:BUNDLE " + " ".join(line.mid for line in protected))
    return said


def media_attributes(line: StreamLine, transport: Transport, ssrc: int) -> list[str]:
    """Attributes of one open line; its streams are of a source of ours, `ssrc`."""
    name, value = transport.fingerprint
    said = [f"mid:{line.mid}"] if line.mid else []
    said += [
        "rtcp-mux", f"ice-ufrag:{transport.ufrag}", f"ice-pwd:{transport.password}",
        f"fingerprint:{name} {value}", f"setup:{transport.setup}", *candidates(transport),
    ]
    if line.sends:
        said += [f"msid:{_CNAME} {_CNAME}-{line.kind}", f"ssrc:{ssrc} cname:{_CNAME}",
                 f"ssrc:{ssrc} msid:{_CNAME} {_CNAME}-{line.kind}"]
    return said


def candidates(transport: Transport) -> list[str]:
    """Host candidates: every address by UDP, then every one by TCP, where we wait (RFC 6544 section 4.5)."""
    found: list[str] = []
    for number, address in enumerate(transport.addresses):
        preference = (65_535 - number) << 8 | 255
        found.append(f"candidate:{number + 1} 1 udp {_HOST | preference} {address} {transport.udp} typ host")
    if transport.tcp:
        for number, address in enumerate(transport.addresses, len(transport.addresses)):
            preference = (32_767 - number) << 8 | 255
            found.append(
                f"candidate:{number + 1} 1 tcp {(90 << 24) | preference} {address} {transport.tcp} typ host "
                "tcptype passive"
            )
    return [*found, "end-of-candidates"] if found else found
