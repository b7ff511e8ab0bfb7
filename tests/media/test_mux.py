"""A gate behind the worker's one WebRTC port, over real sockets: who gets in, what passes, what does not."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from media import rtcp, rtp, stun
from media.cover import SHARED
from media.dtls import Identity
from media.framing import frame
from media.ice_lite import CONSENT_SECONDS
from media.srtp import AES_128_CM, Keys, Protection
from tests.media.loopback import Exchange, Phone, audio, exchange
from tests.media.webpeer import WebPeer, statuses

UFRAG, PASSWORD = "ours", "password-of-ours-22-chars"
SSRC = 0xABCDEF01


class Web:
    """An exchange with a WebRTC port, a plain panel, and a gate for one peer."""

    def __init__(self, made: Exchange, stack: ExitStack) -> None:
        self.made, self.stack = made, stack
        identity = Identity.make()
        made.relay.obey(["identity", 0, identity.certificate, identity.key])
        self.port = int(made.said.pop()[1])
        self.panel = made.phone()
        self.at_panel = made.serve(self.panel, made.ports.pop())

    def peer(self, number: int = 1, *, tcp: bool = False, ufrag: str = UFRAG) -> WebPeer:
        one = WebPeer(self.made.run, self.port, ufrag, PASSWORD, tcp=tcp)
        self.stack.callback(one.close)
        self.gate(number, ufrag=ufrag)
        return one

    def gate(
        self, number: int = 1, *, peer: WebPeer | None = None, ufrag: str = UFRAG, key: str = PASSWORD
    ) -> None:
        prints = [list(one) for one in peer.client.fingerprints] if peer is not None else []
        remote = peer.remote if peer is not None else None
        self.made.relay.obey(["gate", number, ufrag, key, remote, prints])

    def serve(self, stream: int = SHARED, *, gate: int = 1, **other: Any) -> int:
        about = {"kind": "audio", "panel": False, "expected": [], "rtp": None, "rtcp": None, "sends": True,
                 "events": [[101, 8000]], "gate": gate, "types": [0, 8, 101], "ssrc": SSRC, "clock": 8000}
        self.made.relay.obey(["serve", stream, {**about, **other}])
        return stream

    def call(self, peer: WebPeer) -> None:
        """Agree with the peer, join it with the panel, shake hands."""
        self.gate(peer=peer, ufrag=peer.ufrag)
        stream = self.serve()
        self.made.relay.obey(["join", self.at_panel, stream, [[0, 0], [8, 8], [101, 101]]])
        self.made.relay.obey(["join", stream, self.at_panel, [[0, 0], [8, 8], [101, 101]]])
        peer.shake()

    def failures(self) -> list[str]:
        return [str(order[2]) for order in self.made.events("failed")]


@contextmanager
def web() -> Iterator[Web]:
    with ExitStack() as stack:
        yield Web(stack.enter_context(exchange()), stack)


@pytest.mark.parametrize("tcp", [False, True])
def test_sound_passes_both_ways(tcp: bool) -> None:
    with web() as made:
        peer = made.peer(tcp=tcp)
        made.call(peer)
        peer.say(audio(1))
        made.made.run()
        assert made.panel.received() == [audio(1)]
        made.panel.send(made.at_panel, audio(7, ssrc=9))
        assert peer.heard() == [audio(7, ssrc=SSRC)]
        assert made.failures() == []


def test_the_answer_may_come_after_the_handshake() -> None:
    with web() as made:
        peer = made.peer()
        peer.shake()
        peer.say(audio(1))
        made.made.run()
        assert made.panel.received() == []
        made.gate(peer=peer)
        made.made.relay.obey(["join", made.serve(), made.at_panel, [[0, 0]]])
        peer.say(audio(2))
        made.made.run()
        assert made.panel.received() == [audio(2)]


def test_a_wrong_fingerprint_is_reported() -> None:
    with web() as made:
        peer, other = made.peer(), made.peer()
        made.gate(peer=other)
        peer.shake()
        assert made.failures() == ["fingerprint"]
        peer.say(audio(1))
        made.made.run()
        assert made.panel.received() == []


def test_strangers_meet_silence() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            stranger.setblocking(False)
            assert peer.protection is not None
            sealed = peer.protection.protect(audio(3))
            for data in (audio(2), sealed, b"\x16\xfe\xfd" + bytes(60), b"\0\1", b"x"):
                stranger.sendto(data, ("127.0.0.1", made.port))
            made.made.run()
            with pytest.raises(BlockingIOError):
                stranger.recv(100)
        assert made.panel.received() == []
        peer.send(audio(4))
        made.made.run()
        assert made.panel.received() == [], "and nothing unprotected from the peer itself"


def test_a_check_with_a_wrong_password_opens_nothing() -> None:
    with web() as made:
        peer = made.peer()
        assert statuses(peer.check(key="wrong")) == [stun.BINDING_ERROR]
        peer.send(peer.client.step()[0])
        assert peer.received() == []
        assert statuses(peer.check()) == [stun.BINDING_SUCCESS]
        peer.ufrag = "nobody"
        assert peer.check() == []


def test_a_peer_that_moves_is_followed_when_it_nominates() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        peer.move()
        peer.say(audio(1))
        made.made.run()
        assert made.panel.received() == [], "not before a check"
        peer.check(nominate=False)
        peer.say(audio(2))
        made.made.run()
        assert made.panel.received() == [audio(2)]
        made.panel.send(made.at_panel, audio(3))
        assert peer.heard() == [], "ours go where they went"
        peer.check()
        made.panel.send(made.at_panel, audio(4))
        assert peer.heard() == [audio(4, ssrc=SSRC)]


def test_an_address_is_not_taken_over_by_another_gate() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        made.peer(2, ufrag="second")
        thief = peer.ufrag
        peer.ufrag = "second"
        assert peer.check() == []
        peer.ufrag = thief
        peer.say(audio(1))
        made.made.run()
        assert made.panel.received() == [audio(1)]


def test_an_ice_restart_keeps_the_handshake() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        peer.remote = "again"
        made.gate(peer=peer, ufrag="fresh", key="fresh-password-22-characters")
        peer.ufrag, peer.password = "fresh", "fresh-password-22-characters"
        peer.move()
        assert statuses(peer.check()) == [stun.BINDING_SUCCESS]
        peer.say(audio(5))
        made.made.run()
        assert made.panel.received() == [audio(5)]


def test_a_new_certificate_is_a_new_association() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        again = made.peer()
        made.gate(peer=again)
        again.shake()
        again.say(audio(1))
        made.made.run()
        assert made.panel.received() == [audio(1)]
        peer.say(audio(2))
        made.made.run()
        assert made.panel.received() == []


def test_nothing_is_sent_without_consent() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        relay = made.made.relay
        gate = relay._mux.find(1)
        assert gate is not None and gate.checks.consent is not None
        relay._mux.look(gate.checks.consent + CONSENT_SECONDS + 1)
        assert made.failures() == ["consent"]
        made.panel.send(made.at_panel, audio(1))
        assert peer.heard() == []
        peer.check()
        made.panel.send(made.at_panel, audio(2))
        assert peer.heard() == [audio(2, ssrc=SSRC)]


def test_a_new_source_goes_on_in_the_same_stream() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        for packet in (audio(60_000, ssrc=1), audio(60_001, ssrc=1), audio(10, ssrc=2), audio(11, ssrc=2)):
            made.panel.send(made.at_panel, packet)
            made.made.run()
        places = [rtp.position(one) for one in peer.heard()]
        assert [(ssrc, sequence) for ssrc, sequence, _ in places] == [
            (SSRC, 60_000 + number) for number in range(4)
        ]
        times = [moment for _, _, moment in places]
        assert times == sorted(times) and times[3] - times[2] == 160


def test_reports_speak_of_the_source_that_their_reader_knows() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        made.panel.send(made.at_panel, audio(1, ssrc=9))
        peer.heard()
        assert peer.protection is not None
        peer.send(peer.protection.protect_rtcp(rtcp.picture_loss(5, SSRC)))
        made.made.run()
        assert made.panel.reports() == [rtcp.picture_loss(5, 9)]
        told = rtcp.build(200, 0, (9).to_bytes(4, "big") + bytes(20))
        made.panel.rtcp.sendto(told, ("127.0.0.1", made.at_panel + 1))
        (report,) = [peer.protection.unprotect_rtcp(one) for one in peer.received()]
        assert report[4:8] == SSRC.to_bytes(4, "big")


def test_a_shut_gate_hears_nothing() -> None:
    with web() as made:
        peer = made.peer()
        made.call(peer)
        assert made.made.counted(SHARED)["packets"] == 0
        made.made.relay.obey(["shut", 1])
        made.made.relay.obey(["shut", 1])
        peer.say(audio(1))
        assert made.panel.received() == [] == peer.check()
        made.serve()
        assert made.made.relay._mux.find(1) is None


def test_connections_are_framed_and_proven() -> None:
    with web() as made:
        made.peer()
        with socket.create_connection(("127.0.0.1", made.port)) as one:
            one.settimeout(1)
            made.made.run()
            one.sendall(frame(audio(1)) + frame(b"") + (5000).to_bytes(2, "big") + b"x")
            made.made.run()
            assert one.recv(10) == b"", "a frame too long ends it"
        with socket.create_connection(("127.0.0.1", made.port)) as idle:
            idle.settimeout(1)
            made.made.run()
            made.made.relay._mux.look(1e12)
            assert idle.recv(10) == b"", "it never proved to be anybody's"
        many = [socket.create_connection(("127.0.0.1", made.port)) for _ in range(20)]
        made.made.run()
        made.made.run()
        assert made.made.relay._mux.stats()["connections"] == 16
        for sock in many:
            sock.close()
        made.made.run()


def test_a_port_that_is_taken_is_told() -> None:
    with web() as made, exchange() as other:
        identity = Identity.make()
        other.relay.obey(["identity", made.port, identity.certificate, identity.key])
        assert other.said[-1] == ["mux", 0, 0]


def test_sdes_is_latched_only_by_what_verifies() -> None:
    ours, theirs = bytes(range(30)), bytes(range(30, 60))
    keys = [b64encode(key).decode() for key in (ours, theirs)]
    with web() as made:
        phone = made.made.phone()
        about: dict[str, Any] = {"crypto": [AES_128_CM.name, *keys], "rtp": None, "rtcp": None}
        port = made.made.serve(phone, made.made.ports.pop(), **about)
        made.made.relay.obey(["join", port, made.at_panel, [[0, 0]]])
        made.made.relay.obey(["join", made.at_panel, port, [[0, 0]]])
        far = Protection(Keys(AES_128_CM, theirs, ours))
        stranger = made.made.phone()
        stranger.send(port, audio(1))
        phone.send(port, far.protect(audio(2)))
        made.made.run()
        assert made.panel.received() == [audio(2)]
        phone.send(port, far.protect(audio(3)))
        made.made.run()
        assert made.panel.received() == [audio(3)]
        made.panel.send(made.at_panel, audio(4))
        made.made.run()
        (sealed,) = phone.received()
        assert sealed != audio(4) and far.unprotect(sealed) == audio(4)
        made.made.serve(phone, port, **about)
        phone.send(port, far.protect(audio(5)))
        made.made.run()
        assert made.panel.received() == [audio(5)]
        phone.rtcp.sendto(far.protect_rtcp(rtcp.picture_loss(1, 2)), ("127.0.0.1", port + 1))
        made.made.run()
        assert made.panel.reports() == [rtcp.picture_loss(1, 2)]
        assert made.made.counted(port)["strangers"] == 1


def test_a_panel_behind_a_gate_is_shown_nothing() -> None:
    with web() as made:
        peer = made.peer()
        made.gate(peer=peer)
        stream = made.serve(kind="video", panel=True, types=[97])
        phone: Phone = made.made.phone()
        port = made.made.serve(phone, made.made.ports.pop(), kind="video")
        made.made.relay.obey(["join", port, stream, [[97, 97]]])
        peer.shake()
        phone.send(port, rtp.build(97, 1, 1, 1, b"x"))
        assert peer.heard() == []
