"""One WebRTC transport without sockets; its whole way through the port is tested in test_mux."""

from __future__ import annotations

import os

from media import stun
from media.dtls import GIVE_UP_SECONDS, Identity, context
from media.gate import PATHS, Gate
from media.ice_lite import Credentials
from tests.media.handshakes import Client

OURS = Credentials("ours", "password-of-ours-22-chars")
SHARED = context(Identity.make())


class Way:
    """A path that keeps what it is given."""

    def __init__(self, number: int = 1) -> None:
        self.address = ("192.0.2.7", number)
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> int:
        self.sent.append(data)
        return len(data)


def check() -> stun.Message:
    asked = stun.Message(stun.BINDING_REQUEST, os.urandom(12), ((stun.USERNAME, b"ours:them"),))
    message = stun.parse(stun.build(asked, OURS.password.encode()))
    assert message is not None
    return message


def gate() -> tuple[Gate, list[str]]:
    said: list[str] = []
    return Gate(1, OURS, SHARED, said.append), said


def test_media_before_the_handshake_are_counted_only() -> None:
    one, said = gate()
    one.receive(b"\x80\0" + bytes(20))
    assert (one.refused, said) == (1, [])


def test_a_flight_is_repeated_and_given_up() -> None:
    one, said = gate()
    way = Way()
    assert one.check(check(), way, 0.0)
    for datagram in Client().step():
        one.shake(datagram, way, 0.0)
    sent = len(way.sent)
    assert one.deadline == 0.1
    one.handle_timeout(0.1)
    assert len(way.sent) > sent
    one.handle_timeout(GIVE_UP_SECONDS + 0.1)
    assert said == ["time-out"] and one.dead
    one.shake(b"\x16", way, GIVE_UP_SECONDS + 1)
    assert said == ["time-out"]


def test_a_peer_has_so_many_ways_and_no_more() -> None:
    one, _ = gate()
    ways = [Way(number) for number in range(PATHS + 2)]
    for way in ways:
        assert one.check(check(), way, 0.0)
    assert one.path is ways[0] and one.surplus() == ways[1:3] and len(one.paths) == PATHS


def test_consent_ends_once_also_when_no_way_is_left() -> None:
    one, said = gate()
    assert one.check(check(), Way(), 0.0)
    one.path = None
    assert not one.lapse(29.0)
    assert one.lapse(31.0) and not one.lapse(32.0)
    assert said == ["consent"]
    assert one.check(check(), Way(), 40.0)
    assert not one.lapse(41.0)
