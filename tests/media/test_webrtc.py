"""What WebRTC wants of a description: numbers, mids, candidates, codecs."""

from __future__ import annotations

from media.codec import H264, PCMA, Format
from media.description import StreamLine
from media.webrtc import (
    PROTOCOL,
    Transport,
    answer_feedback,
    browser_fmtp,
    candidates,
    for_browser,
    media_attributes,
    session_attributes,
)

OPUS = Format(97, "opus", 48000, 2, rtpmap="opus/48000/2")
AT = Transport(("192.0.2.1", "10.0.0.1"), 8189, 8189, "uuuu", "p" * 22, ("sha-256", "AB:CD"), "actpass")


def lines(*audio: Format, mids: tuple[str, str] = ("", "")) -> tuple[StreamLine, ...]:
    return for_browser((
        StreamLine("audio", PROTOCOL, True, audio or (PCMA,), mid=mids[0]),
        StreamLine("video", PROTOCOL, True, H264, receives=False, mid=mids[1]),
    ))


def test_numbers_are_unique_over_the_bundle() -> None:
    audio, video = lines(PCMA, OPUS)
    assert [one.payload_type for one in audio.formats] == [8, 97]
    assert [one.payload_type for one in video.formats] == [96, 98]
    assert {number for number, _ in video.feedback} == {"96", "98"} and audio.feedback == ()


def test_static_numbers_may_stand() -> None:
    assert [one.payload_type for one in lines()[1].formats] == [97, 98]


def test_mids_stay_and_new_ones_are_new() -> None:
    assert [line.mid for line in lines()] == ["0", "1"]
    assert [line.mid for line in lines(mids=("1", ""))] == ["1", "0"]
    assert [line.mid for line in lines(mids=("sound", "picture"))] == ["sound", "picture"]


def test_h264_by_a_profile_that_browsers_sign_for() -> None:
    parameters = "packetization-mode=1;profile-level-id=640028;sprop-parameter-sets=x"
    high = Format(97, "H264", 90000, fmtp=parameters)
    assert browser_fmtp(high) == "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
    assert "packetization-mode=0" in browser_fmtp(Format(97, "h264", 90000))
    assert browser_fmtp(OPUS) == ""


def test_a_browser_s_feedback_ends_at_us() -> None:
    feedback = (("97", "nack"), ("99", "nack"), ("98", "ccm tmmbr"))
    line = StreamLine("video", PROTOCOL, True, H264, feedback=feedback)
    assert answer_feedback(line, H264) == (("97", "nack"),)


def test_candidates_are_all_addresses_by_udp_and_by_tcp() -> None:
    found = candidates(AT)
    assert [line.split()[2] for line in found[:-1]] == ["udp", "udp", "tcp", "tcp"]
    preferences = [int(line.split()[3]) for line in found[:-1]]
    assert preferences == sorted(preferences, reverse=True)
    assert found[2].endswith("192.0.2.1 8189 typ host tcptype passive") and found[-1] == "end-of-candidates"


def test_attributes() -> None:
    audio, video = lines()
    assert session_attributes((audio, video), bundle=True)[0] == "group:BUNDLE 0 1"
    assert "ice-lite" in session_attributes((audio,), bundle=False)
    assert session_attributes((StreamLine("audio", "RTP/AVP", True, (PCMA,)),), bundle=True) == []
    said = media_attributes(video, AT, 77)
    assert {"mid:1", "rtcp-mux", "setup:actpass", "fingerprint:sha-256 AB:CD"} <= {*said}
    assert "ssrc:77 cname:doorline" in said
    silent = StreamLine("video", PROTOCOL, True, H264, sends=False)
    assert not any(line.startswith(("ssrc", "msid", "mid")) for line in media_attributes(silent, AT, 77))
