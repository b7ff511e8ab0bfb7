"""Which packet begins a key picture, and what the cache of pictures keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import video
from media.video import GopCache, Look, look_h264, look_vp8
from tests.media.pictures import FRAME, PPS, SPS, Camera, taken_apart


def fill(cache: GopCache, data: list[bytes]) -> None:
    for packet in taken_apart(data):
        cache.take(packet)


@pytest.mark.parametrize(
    ("payload", "look"),
    [
        (b"\x65abc", Look(key=True)),
        (b"\x41abc", Look()),
        (SPS, Look(sets=True)),
        (PPS, Look()),
        (video.aggregate((SPS, PPS)), Look(sets=True)),
        (video.aggregate((SPS, PPS, b"\x65abc")), Look(True, True)),
        (video.aggregate((b"\x41abc",)), Look()),
        (b"\x7c\x85abc", Look(key=True)),      # the first fragment of an IDR
        (b"\x7c\x05abc", Look()),              # one in the middle
        (b"\x7c\x45abc", Look()),              # the last
        (b"\x7c\x81abc", Look()),              # the first of something else
        (b"\x7c", Look()),
        (b"", Look()),
        (b"\x78\xff\xff\x65", Look()),         # a STAP-A whose length lies
    ],
)
def test_h264(payload: bytes, look: Look) -> None:
    assert look_h264(payload) == look


@pytest.mark.parametrize(
    ("payload", "key"),
    [
        (b"\x10\x00", True),
        (b"\x10\x01", False),                          # depends on others
        (b"\x00\x00", False),                          # not the start of a partition
        (b"\x11\x00", False),                          # second partition
        (b"\x90\x80\x05\x00", True),                   # seven bits of picture number
        (b"\x90\x80\x85\x05\x00", True),               # fifteen
        (b"\x90\xe0\x85\x05\x01\x20\x00", True),       # everything there can be
        (b"\x90\xe0\x85\x05\x01\x20\x01", False),
        (b"\x90", False),
        (b"", False),
    ],
)
def test_vp8(payload: bytes, key: bool) -> None:
    assert look_vp8(payload).key is key


@given(st.binary(max_size=60))
def test_whatever_comes_is_looked_at_without_harm(payload: bytes) -> None:
    look_h264(payload)
    look_vp8(payload)
    assert sum(map(len, video.h264_units(payload))) <= len(payload)


def test_parameter_sets_of_a_description() -> None:
    both = "sprop-parameter-sets=Z0LAHtkB4A==,aMuDyyA=;packetization-mode=1"
    assert [unit[0] & 0x1F for unit in video.parameter_sets(both)] == [7, 8]
    for bad in ("", "sprop-parameter-sets=", "sprop-parameter-sets=%%%", "sprop-parameter-sets=Z0LAHtkB4A==",
                "sprop-parameter-sets=" + "Z0LA" * 900 + ",aMuDyyA="):
        assert video.parameter_sets(bad) == ()


def test_it_keeps_what_came_since_the_newest_key_picture() -> None:
    cache, camera = GopCache("H264"), Camera()
    fill(cache, camera.frame())
    assert (cache.ready, cache.packets) == (False, [])
    fill(cache, camera.key() + camera.frame() + camera.frame())
    assert cache.ready
    assert len(cache.packets) == 5
    fill(cache, camera.key(4))
    assert len(cache.packets) == 4


@pytest.mark.parametrize("sets", [False, True])
def test_a_key_picture_is_kept_whole_and_its_own_parameter_sets_with_it(sets: bool) -> None:
    cache, camera = GopCache("h264", (b"\x67old", b"\x68old")), Camera(sets=sets)
    key = camera.key()
    fill(cache, key)
    assert len(cache.packets) == len(key)
    assert cache.prefix == (b"" if sets else video.aggregate((b"\x67old", b"\x68old")))
    fill(cache, camera.frame())
    assert cache.key_picture() == taken_apart(key) == cache.still()


def test_parameter_sets_seen_in_the_stream_are_better_than_described_ones() -> None:
    cache, camera = GopCache("h264", (b"\x67old", b"\x68old")), Camera()
    fill(cache, camera._picture([video.aggregate((SPS, PPS))]))
    fill(cache, camera.key())
    assert cache.sets == (SPS, PPS)
    assert cache.prefix in (b"", video.aggregate((SPS, PPS)))
    fill(cache, camera.key())
    assert cache.prefix == video.aggregate((SPS, PPS))


def test_only_the_first_slice_opens() -> None:
    cache, camera = GopCache("h264"), Camera()
    opened = []
    for packet in taken_apart(camera._picture([b"\x65a", b"\x65b"]) + camera.frame()):
        cache.take(packet)
        opened.append(cache.opened)
    assert opened == [True, False, False]


@pytest.mark.parametrize(("frames", "size"), [(31, 1), (30, 80)])
def test_it_is_bounded_in_time_and_number(frames: int, size: int) -> None:
    cache, camera = GopCache("h264"), Camera()
    fill(cache, camera.key())
    for _ in range(frames):
        fill(cache, camera._picture([b"\x41"] * size))
    assert not cache.whole
    assert cache.packets == cache.key_picture() == cache.still()
    assert len(cache.packets) == 3
    fill(cache, camera.key())
    assert cache.whole


def test_late_packets_of_an_older_picture_are_not_kept_and_begin_nothing() -> None:
    cache, camera = GopCache("h264"), Camera()
    old = camera.key()
    fill(cache, camera.key())
    fill(cache, old)
    assert len(cache.packets) == 3


def test_a_picture_not_yet_complete_is_no_still() -> None:
    cache, camera = GopCache("h264"), Camera()
    first, second = camera.key(), camera.key()
    fill(cache, first)
    fill(cache, second[:2])
    assert cache.still() == taken_apart(first)
    fill(cache, second[2:])
    assert cache.still() == taken_apart(second)
    lossy = camera.key()
    del lossy[1]
    fill(cache, lossy)
    assert cache.still() == taken_apart(second)


def test_a_new_source_begins_anew() -> None:
    cache = GopCache("h264")
    fill(cache, Camera(ssrc=1).key())
    fill(cache, Camera(ssrc=2, sequence=5).key(5))
    assert {packet.ssrc for packet in cache.packets} == {2}


def test_what_cannot_be_told_is_not_kept() -> None:
    cache = GopCache("h265")
    fill(cache, Camera().key())
    assert (cache.understands, cache.ready, cache.packets, cache.key_picture()) == (False, False, [], [])


def test_a_key_picture_as_a_decoder_takes_it() -> None:
    camera = Camera()
    packets = taken_apart(camera.key(2))
    made = video.stream_of("h264", packets, video.aggregate((SPS, PPS)))
    start = b"\0\0\0\1"
    assert made == start + SPS + start + PPS + start + b"\x65\0" + bytes(50) + b"\1" + bytes(50)
    vp8 = taken_apart(camera._picture([b"\x10\x00abc", b"\x00def"]))
    assert video.stream_of("VP8", vp8) == b"\x00abcdef"


def test_a_time_step_of_a_picture() -> None:
    camera = Camera()
    first, second = taken_apart(camera.key(1) + camera.frame())
    assert (second.timestamp - first.timestamp) & 0xFFFFFFFF == FRAME
