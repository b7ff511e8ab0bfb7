"""Feeds of what a browser's side, or a stranger, may send to the WebRTC port, and say in a description."""

from __future__ import annotations

from itertools import count

from media import stun
from media.cover import Station
from media.dtls import Handshake, Identity, context, pack
from media.errors import MediaError
from media.framing import Frames, frame
from media.ice_lite import Checks, Credentials, local_ufrag
from media.leg import Leg

_OURS = Credentials("ours", "password-of-ours-22-chars")
_SHARED = context(Identity.make())
_SAID = ((stun.USERNAME, b"ours:them"), (stun.USE_CANDIDATE, b""))
_ASKED = stun.Message(stun.BINDING_REQUEST, bytes(12), _SAID)
_CHECK = stun.build(_ASKED, _OURS.password.encode())
_OFFER = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"
    b"m=audio 9 UDP/TLS/RTP/SAVPF 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:4ZcD\r\n"
    b"a=ice-pwd:2/1muCWoOi3uLifh0NuRHlz8\r\na=fingerprint:sha-256 19:E2\r\na=setup:actpass\r\na=mid:0\r\n"
    b"a=rtcp-mux\r\na=rtpmap:126 telephone-event/8000\r\n"
    b"m=audio 4000 RTP/SAVP 0\r\nc=IN IP4 192.0.2.9\r\n"
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n"
)

SAMPLES = {
    "ice": [_CHECK, _CHECK[:-8]],
    "dtls": [b"\x16\xfe\xfd" + bytes(8) + b"\0\x20\1" + bytes(31), b"\x15\xfe\xfd" + bytes(8) + b"\0\2\1\0"],
    "framing": [frame(_CHECK) + frame(b"x")],
    "web_offer": [_OFFER],
}


def ice(data: bytes) -> None:
    """A datagram that may be a connectivity check: only our own password makes it valid."""
    message = stun.parse(data)
    if message is not None:
        local_ufrag(message)
        checked = Checks(_OURS).receive(message, ("192.0.2.9", 5000), 0.0)
        assert not checked.valid or stun.authentic(message, _OURS.password.encode())


def dtls(data: bytes) -> None:
    """A datagram to a fresh handshake: it never ends well."""
    server = Handshake(_SHARED, 0.0)
    for datagram in pack(data) or [data]:
        server.receive(datagram, 0.0)
    server.handle_timeout(1.0)
    assert server.keys is None


def framing(data: bytes) -> None:
    """Bytes of a connection, in one piece or two."""
    whole, halves = Frames(), Frames()
    found = whole.feed(data)
    assert halves.feed(data[: len(data) // 2]) + halves.feed(data[len(data) // 2 :]) == found or whole.broken


def web_offer(data: bytes) -> None:
    """A description from a browser or a phone with SDES: refused, or answered with protection."""
    one, numbers = Leg("a", 1), count(20_000, 2)
    one.address = "192.0.2.1"
    one.station = lambda: Station(8189, 8189, ("sha-256", "AB"), ("192.0.2.1",), numbers.__next__)
    one.take_shared = lambda _: 70_000 + next(numbers)
    try:
        one.receive_offer(data)
        written = one.answer(None, lambda _: next(numbers))
    except MediaError:
        return
    assert one.profile == "plain" or b"SAVP" in written
