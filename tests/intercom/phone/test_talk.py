"""One call's media with real sockets and threads, a test pattern and a tone."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest

from intercom.phone.description import Terms
from intercom.phone.outlet import bind_pair
from intercom.phone.talk import Talk
from intercom.settings import Audio, Video
from media import rtcp, rtp

HOST = "127.0.0.1"
TONE, SILENCE = Audio("tone", 440.0), Audio("silence", 440.0)
PATTERN = Video("pattern", 160, 120, 30, 200_000)


class Server:
    """What the PBX does: two pairs of ports, terms that lead there."""

    def __init__(self) -> None:
        self.pairs = {"audio": bind_pair(HOST), "video": bind_pair(HOST)}
        for pair in self.pairs.values():
            pair[0].settimeout(10.0)

    def terms(self, codec: str = "pcma", picture: str = "h264") -> dict[str, Terms]:
        audio, video = (pair[0].getsockname()[1] for pair in self.pairs.values())
        clock, number = (48_000, 96) if codec == "opus" else (8000, 8)
        formats = ((number, codec, clock),)
        return {
            "audio": Terms(codec, number, clock, HOST, audio, audio + 1, True, True, formats=formats),
            "video": Terms(picture, 98, 90_000, HOST, video, video + 1, True, False),
        }

    def packet(self, kind: str) -> rtp.Packet:
        found = rtp.parse(self.pairs[kind][0].recv(4096))
        assert found is not None
        return found

    def until(self, kind: str, fits: Callable[[rtp.Packet], bool]) -> rtp.Packet:
        end = time.monotonic() + 15
        while time.monotonic() < end:
            if fits(packet := self.packet(kind)):
                return packet
        raise AssertionError("no such packet")


@contextmanager
def talk(audio: Audio = TONE, video: Video | None = PATTERN) -> Iterator[tuple[Talk, Server, list[str]]]:
    server, lacks = Server(), list[str]()
    made = Talk(HOST, audio, video, lambda what, why: lacks.append(f"{what} {why}"))
    try:
        yield made, server, lacks
    finally:
        made.close()
        for pair in server.pairs.values():
            for sock in pair:
                sock.close()


def begins_key(packet: rtp.Packet) -> bool:
    return packet.payload[0] & 0x1F in (7, 24) and packet.payload[0] & 0x1F != 28


def test_the_picture_goes_before_the_answer_and_the_sound_after() -> None:
    with talk() as (made, server, lacks):
        assert set(made.ports) == {"audio", "video"}
        made.agree(server.terms(), live=False)
        assert begins_key(server.packet("video"))
        assert all(server.packet("audio").payload == b"\xd5" * 160 for _ in range(3))
        made.agree(server.terms(), live=True)
        spoken = server.until("audio", lambda packet: packet.payload != b"\xd5" * 160)
        following = server.packet("audio")
        assert following.timestamp - spoken.timestamp == 160
        assert not lacks


def test_pictures_are_whole_and_follow_the_clock() -> None:
    with talk() as (made, server, _):
        made.agree(server.terms(), live=True)
        stamps: list[int] = []
        while len(stamps) < 10:
            packet = server.packet("video")
            if packet.marker:
                stamps.append(packet.timestamp)
        steps = [after - before for before, after in pairwise(stamps)]
        assert all(step > 0 for step in steps)
        assert 90_000 / 40 < sum(steps) / len(steps) < 90_000 / 10


@pytest.mark.parametrize("way", ["pli", "info"])
def test_a_key_picture_when_asked(way: str) -> None:
    with talk() as (made, server, _):
        made.agree(server.terms(), live=True)
        server.until("video", lambda packet: packet.marker)
        server.until("video", lambda packet: packet.marker)
        if way == "info":
            made.key_picture()
        else:
            outlet = made.outlets["video"]
            server.pairs["video"][1].sendto(rtcp.picture_loss(1, 2), outlet.rtcp.getsockname())
            assert select.select([outlet.rtcp], [], [], 10)[0]
            made.readable(outlet.rtcp)
        server.until("video", begins_key)
        assert made.keys >= 1


def test_vp8_and_opus() -> None:
    with talk() as (made, server, _):
        made.agree(server.terms("opus", "vp8"), live=True)
        assert server.packet("video").payload_type == 98
        assert server.packet("audio").payload_type == 96
        server.until("video", lambda packet: packet.marker)
        assert made.encoder == "libvpx"


def test_on_hold_the_camera_is_closed_and_comes_back() -> None:
    with talk() as (made, server, _):
        terms = server.terms()
        made.agree(terms, live=True)
        server.packet("video")
        made.agree({**terms, "video": replace(terms["video"], goes=False)}, live=True)
        made._threads["video"].join(10)
        assert not made._threads["video"].is_alive()
        sent = made.outlets["video"].sent
        made.agree(terms, live=True)
        server.until("video", begins_key)
        server.until("video", lambda packet: made.outlets["video"].sent > sent)


def test_no_stranger_is_heard() -> None:
    with talk(SILENCE, None) as (made, server, _):
        assert set(made.ports) == {"audio"}
        made.agree({"audio": server.terms()["audio"]}, live=True)
        ours = made.outlets["audio"].rtp
        to = ours.getsockname()
        server.pairs["video"][0].sendto(rtp.build(8, 1, 0, 7, bytes(160)), to)
        server.pairs["audio"][0].sendto(rtp.build(8, 2, 0, 7, bytes(160)), to)
        end = time.monotonic() + 10
        while not made.heard and time.monotonic() < end:
            select.select([ours], [], [], 1)
            made.readable(ours)
        assert made.heard == 1


@pytest.mark.parametrize(("audio", "video", "what"), [
    (TONE, Video("/dev/video99"), "camera /dev/video99: No such file"),
    (TONE, Video("pattern", 160, 120, encoder="h264_nothing"), "encoder h264_nothing: "),
    (Audio("/nowhere/hello.wav", 440.0), PATTERN, "microphone /nowhere/hello.wav: No such file"),
])
def test_what_is_missing_is_told_and_the_rest_goes_on(audio: Audio, video: Video, what: str) -> None:
    with talk(audio, video) as (made, server, lacks):
        made.agree(server.terms(), live=True)
        end = time.monotonic() + 10
        while not lacks and time.monotonic() < end:
            time.sleep(0.01)
        assert [lack.startswith(what) for lack in lacks] == [True], lacks
        server.until("audio", lambda packet: made.outlets["audio"].sent > 5)


def test_reports_are_sent() -> None:
    with talk() as (made, server, _):
        made.agree(server.terms(), live=True)
        server.packet("video")
        server.packet("audio")
        made.report()
        for _, control in server.pairs.values():
            control.settimeout(10.0)
            assert rtcp.sender_info(next(rtcp.parse(control.recv(4096)))) is not None
