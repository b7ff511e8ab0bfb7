from __future__ import annotations

import pytest

from intercom.phone.description import FORMATS, Descriptions, lines_of
from media.errors import SdpError
from media.sdp import parse

AUDIO, VIDEO = ("opus", "g722", "pcma", "pcmu"), ("h264", "vp8")
PORTS = {"audio": 4000, "video": 4002}


def panel(
    audio: tuple[str, ...] = AUDIO, video: tuple[str, ...] = VIDEO, *, secure: bool = False
) -> Descriptions:
    return Descriptions("192.0.2.1", PORTS, lines_of(audio, video, secure=secure))


def answer(*lines: str) -> bytes:
    head = ("v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0")
    return "".join(line + "\r\n" for line in (*head, *lines)).encode()


def test_the_offer_shows_and_never_looks() -> None:
    found = parse(panel().offer())
    audio, video = found.media
    assert (audio.kind, audio.port, video.kind, video.port) == ("audio", 4000, "video", 4002)
    assert video.attribute("sendonly") == "" and video.attribute("sendrecv") is None
    assert audio.formats[:4] == ("96", "9", "8", "0")
    assert sum("telephone-event" in value for name, value in audio.attributes() if name == "rtpmap") == 2
    assert ("rtcp-fb", "* nack pli") in list(video.attributes())


def test_without_a_camera_there_is_sound_alone() -> None:
    assert [one.kind for one in parse(panel(video=()).offer()).media] == ["audio"]


def test_what_was_answered_is_sent() -> None:
    mine = panel()
    mine.offer()
    terms = mine.accept(answer(
        "m=audio 5000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000",
        "m=video 5002 RTP/AVP 99", "a=rtpmap:99 VP8/90000", "a=recvonly",
    ))
    sound, picture = terms["audio"], terms["video"]
    assert (sound.codec, sound.payload_type, sound.host, sound.port) == ("pcma", 8, "192.0.2.9", 5000)
    assert sound.formats == ((8, "pcma", 8000),)
    assert (picture.codec, picture.payload_type, picture.rtcp_port) == ("vp8", 99, 5003)
    assert sound.goes and sound.comes and picture.goes and not picture.comes


@pytest.mark.parametrize("direction", ["sendrecv", "sendonly", "recvonly"])
def test_no_offer_makes_it_look(direction: str) -> None:
    body, terms = panel().answer(answer(
        "m=audio 5000 RTP/AVP 0", "m=video 5002 RTP/AVP 98", "a=rtpmap:98 H264/90000",
        "a=fmtp:98 profile-level-id=42e01f;packetization-mode=1", f"a={direction}",
    ))
    video = parse(body).media[1]
    assert video.attribute("sendrecv") is None and video.attribute("recvonly") is None
    assert not terms["video"].comes
    assert terms["video"].goes == (direction != "sendonly")


def test_a_camera_that_is_not_there_keeps_its_place() -> None:
    body, terms = panel(video=()).answer(answer(
        "m=video 5002 RTP/AVP 98", "a=rtpmap:98 H264/90000", "m=audio 5000 RTP/AVP 0",
    ))
    assert [(one.kind, one.port) for one in parse(body).media] == [("video", 0), ("audio", 4000)]
    assert list(terms) == ["audio"]


@pytest.mark.parametrize("offer", [
    b"", b"v=1\r\n", answer("m=audio 5000 RTP/AVP 18"), answer("m=audio 0 RTP/AVP 8"),
    answer("m=audio 9 UDP/TLS/RTP/SAVPF 8"),
])
def test_what_does_not_fit_is_said(offer: bytes) -> None:
    with pytest.raises(SdpError):
        panel().answer(offer)


def test_a_host_name_is_nowhere() -> None:
    mine = panel()
    mine.offer()
    assert mine.accept(answer("m=audio 5000 RTP/AVP 8", "c=IN IP4 example.org")) == {}


def test_keys_are_agreed_and_not_shown() -> None:
    ours, theirs = panel(secure=True), panel(secure=True)
    body, at_theirs = theirs.answer(ours.offer())
    at_ours = ours.accept(body)
    for kind in PORTS:
        one, other = at_ours[kind], at_theirs[kind]
        assert one.suite == other.suite == "AEAD_AES_128_GCM"
        assert (one.ours, one.theirs) == (other.theirs, other.ours) and one.ours
        assert one.ours.hex() not in repr(one) and str(one.ours) not in repr(one)


def test_protection_that_was_offered_is_not_given_up() -> None:
    mine = panel(secure=True)
    mine.offer()
    with pytest.raises(SdpError):
        mine.accept(answer("m=audio 5000 RTP/AVP 8"))


def test_every_codec_of_the_settings_is_known() -> None:
    assert set(FORMATS) == {*AUDIO, *VIDEO}
