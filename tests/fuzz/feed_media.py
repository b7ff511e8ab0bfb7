"""Feeds of the media parsers, and of STUN on the SIP port."""

from __future__ import annotations

import struct
from contextlib import suppress

from media import dtmf, rtcp
from media import rtp as packets
from media import sdp as descriptions
from media.errors import SdpError
from pbx.transport.stun import binding_response

_PHONE = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 8 0 96 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\na=rtcp:4001 IN IP4 192.0.2.9\r\n"
    b"m=video 4002 RTP/AVP 97\r\nb=TIAS:512000\r\na=rtpmap:97 H264/90000\r\n"
    b"a=fmtp:97 profile-level-id=42e01f;packetization-mode=1\r\na=rtcp-fb:* nack pli\r\na=sendonly\r\n"
)

SAMPLES = {
    "stun": [struct.pack("!HHI12s", 1, 0, 0x2112A442, b"transaction!"), b"jaK"],
    "sdp": [_PHONE, _PHONE.replace(b"192.0.2.9", b"0.0.0.0"), _PHONE.replace(b"\r\n", b"\n")],
    "rtp": [
        packets.build(8, 1, 160, 7, b"\xd5" * 160, marker=True),
        packets.build(101, 2, 320, 7, b"\x05\x8a\x03\x20"),
        b"\x91\x60" + bytes(10) + b"\xbe\xde\0\x01abcd" + b"payload",
        b"\xa0\x60" + bytes(10) + b"payload\0\0\0\x04",
    ],
    "rtcp": [
        rtcp.build(rtcp.SENDER_REPORT, 0, bytes(24)) + rtcp.build(rtcp.SOURCE_DESCRIPTION, 1, b"\0\0\0\x01"),
        rtcp.picture_loss(1, 2),
    ],
    "dtmf_info": [b"Signal=5\r\nDuration=160\r\n", b"signal = #", b"11", b"*"],
}


def stun(data: bytes) -> None:
    """A datagram that may be a STUN request."""
    for remote in (("192.0.2.9", 40000), ("2001:db8::1%eth0", 1)):
        binding_response(data, remote)


def sdp(data: bytes) -> None:
    """A session description."""
    with suppress(SdpError):
        parsed = descriptions.parse(data)
        assert str(descriptions.parse(parsed.to_bytes())) == str(parsed)


def rtp(data: bytes) -> None:
    """A datagram on a media port, also as a telephone event."""
    packet = packets.parse(data)
    if packet is None:
        return
    detector = dtmf.DigitDetector()
    detector.listen(True, 0.0)
    for now in (0.0, 0.02):
        detector.receive(packet, 8000, now)
    packets.position(packets.with_sequence(data, 0x80, 7))


def rtp_control(data: bytes) -> None:
    """A datagram on an RTCP port."""
    rtcp.plausible(data)
    for report in rtcp.parse(data):
        assert len(rtcp.build(report.type, report.count, report.body)) == 4 + len(report.body)


def dtmf_info(data: bytes) -> None:
    """The body of an INFO."""
    for kind in ("application/dtmf-relay", "application/dtmf"):
        found = dtmf.parse_info(kind, data)
        assert found is None or found.digit in dtmf.KEYS
