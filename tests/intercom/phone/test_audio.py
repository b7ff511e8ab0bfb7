from __future__ import annotations

import asyncio

import pytest

from intercom.phone.audio import Audio, describe, where
from intercom.phone.sound import Sound, make
from media.errors import SdpError

HELD = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\nc=IN IP4 192.0.2.7\r\n"


def test_what_we_describe_is_what_the_other_side_reads() -> None:
    assert where(describe("192.0.2.1", 4000, 1)) == ("192.0.2.1", 4000)
    assert where(describe("2001:db8::1", 4000, 1)) == ("2001:db8::1", 4000)


def test_an_address_of_the_media_alone() -> None:
    assert where(HELD) == ("192.0.2.7", 4000)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"m=audio 4000", b"m=audio 0"),
        (b"RTP/AVP 8", b"RTP/AVP 0"),
        (b"m=audio", b"m=video"),
        (b"c=IN IP4 192.0.2.7", b"c=x"),
    ],
)
def test_descriptions_without_audio_for_us(old: bytes, new: bytes) -> None:
    assert where(HELD.replace(old, new)) is None


def test_no_description() -> None:
    with pytest.raises(SdpError):
        where(b"")


async def test_two_of_them_hear_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    one = await Audio.open("127.0.0.1", make("tone", 440), 1)
    two = await Audio.open("127.0.0.1", Sound(b""), 2)
    stranger = await Audio.open("127.0.0.1", Sound(b""), 3)
    try:
        assert one.talk_to(two.description())
        assert two.talk_to(one.description())
        stranger.talk_to(two.description())
        async with asyncio.timeout(10):
            while min(one.heard, two.heard, stranger.sent) < 10:
                await asyncio.sleep(0.01)
        assert two.heard <= one.sent  # nothing of the stranger's
        assert not one.talk_to(b"nonsense")
    finally:
        for audio in (one, two, stranger):
            audio.close()


async def test_each_description_is_a_new_version() -> None:
    audio = await Audio.open("127.0.0.1", Sound(b""), 1)
    assert audio.description() != audio.description()
    audio.close()
