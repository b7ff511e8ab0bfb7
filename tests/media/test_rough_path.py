"""Loss, disorder, duplicates and a change of camera at the panel, as a browser behind SRTP sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from media import rtcp, rtp
from media.cover import SHARED
from tests.media.loopback import Phone
from tests.media.test_cinema import plan
from tests.media.test_mux import SSRC, Web, web
from tests.media.webpeer import WebPeer

ROUNDS = 60
SIZE = 40


def picture(number: int, *, ssrc: int = 7, start: int = 65_000) -> bytes:
    """The n-th packet of a camera that begins with a key picture; its payload says which it is."""
    kind = b"\x65\x88" if number == 0 else b"\x41\x9a"
    payload = kind + number.to_bytes(4, "big")
    return rtp.build(97, (start + number) & 0xFFFF, 3000 * number, ssrc, payload)


def named(packet: bytes) -> tuple[int, int, int]:
    """SSRC, sequence number, and which packet of the camera it is."""
    found = rtp.parse(packet)
    assert found is not None
    return found.ssrc, found.sequence, int.from_bytes(found.payload[2:6], "big")


@contextmanager
def filmed() -> Iterator[tuple[Web, Phone, int, WebPeer]]:
    """A panel's camera, the port it sends to, and a browser that sees it."""
    with web() as made:
        peer, camera = made.peer(), made.made.phone()
        at_camera = made.made.serve(camera, made.made.ports.pop(), kind="video", panel=True, events=[])
        made.gate(peer=peer)
        stream = made.serve(SHARED + 1, kind="video", types=[97], clock=90_000, events=[], sends=False)
        made.made.relay.obey(["film", at_camera, plan()])
        made.made.relay.obey(["view", at_camera, stream, [[97, 97]], SSRC])
        peer.shake()
        yield made, camera, at_camera, peer


def rough(chance: random.Random) -> list[tuple[int, ...]]:
    """Which packets leave in each round: some never, some twice, some out of their order."""
    rounds: list[tuple[int, ...]] = []
    for place in range(ROUNDS):
        numbers = [place * SIZE + offset for offset in range(SIZE)]
        numbers = [one for one in numbers if one == 0 or chance.random() > 0.05]
        numbers += [one for one in numbers if chance.random() < 0.05]
        if place:
            numbers.sort(key=lambda one: one + chance.randrange(4))
        rounds.append(tuple(numbers))
    return rounds


@pytest.mark.parametrize("seed", range(3))
def test_a_camera_behind_a_bad_line(seed: int) -> None:
    """What came once is shown once and in its place; what never came is a gap of the same size."""
    sent: set[int] = set()
    shown: dict[int, int] = {}
    repeats = 0
    with filmed() as (made, camera, at_camera, peer):
        for numbers in rough(random.Random(seed)):
            for number in numbers:
                camera.send(at_camera, picture(number))
                sent.add(number)
            made.made.run()
            for data in peer.heard():
                if not data:
                    repeats += 1   # the same place once more: the receiver's SRTP knows it already
                    continue
                ssrc, sequence, number = named(data)
                assert ssrc == SSRC and number not in shown
                shown[number] = sequence
        assert made.failures() == []
    assert set(shown) == sent and repeats > 0
    base = shown[0]
    assert all((sequence - base) & 0xFFFF == number & 0xFFFF for number, sequence in shown.items())


def test_the_camera_begins_anew_and_the_browser_sees_one_stream() -> None:
    """Another source, other numbers: same name, no gap, and the counter below SRTP goes on over its wrap."""
    with filmed() as (made, camera, at_camera, peer):
        came: list[tuple[int, int, int]] = []
        for ssrc, start in ((7, 65_530), (8, 12), (9, 40_000)):
            for number in range(20):
                camera.send(at_camera, picture(number, ssrc=ssrc, start=start))
            made.made.run()
            came += [named(data) for data in peer.heard()]
        assert {ssrc for ssrc, _, _ in came} == {SSRC}
        assert [number for _, _, number in came] == list(range(20)) * 3
        first = came[0][1]
        assert [(sequence - first) & 0xFFFF for _, sequence, _ in came] == list(range(60))


def test_what_the_browser_misses_comes_again_and_once_only() -> None:
    """Lost between us and the browser: asked for by NACK, sent again under its own number (RFC 4585)."""
    with filmed() as (made, camera, at_camera, peer):
        for number in range(30):
            camera.send(at_camera, picture(number))
        made.made.run()
        lost = [one for one in peer.received() if one[0] >= 128 and not 192 <= one[1] <= 223][10:13]
        assert peer.protection is not None
        wanted = [one[2] << 8 | one[3] for one in lost]
        block = wanted[0].to_bytes(2, "big") + (0b11).to_bytes(2, "big")
        body = (5).to_bytes(4, "big") + SSRC.to_bytes(4, "big") + block
        peer.send(peer.protection.protect_rtcp(rtcp.build(205, 1, body)))
        again = peer.heard()
        assert [named(data)[1:] for data in again] == list(zip(wanted, range(10, 13), strict=True))


def test_a_stranger_s_pictures_are_nobody_s() -> None:
    """RTP to the panel's port from another address, before and after the panel was heard."""
    with filmed() as (made, camera, at_camera, peer):
        stranger = made.made.phone("127.0.0.9")
        stranger.send(at_camera, picture(0, ssrc=666))
        made.made.run()
        assert peer.heard() == []
        camera.send(at_camera, picture(0))
        stranger.send(at_camera, picture(1, ssrc=666))
        camera.send(at_camera, picture(1))
        made.made.run()
        assert [named(data)[2] for data in peer.heard()] == [0, 1]
