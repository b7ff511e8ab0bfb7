"""Offers and answers between two legs, as ladders: what each side is shown."""

from __future__ import annotations

import pytest

from media.codec import PCMA, PCMU, Format
from media.description import StreamLine, Streams, direction_of, read
from media.errors import SdpError
from media.negotiate import Agreed, answer_to, mapping, offer_like, own_offer, settle, share_codec
from tests.media import offers

EVENTS = Format(101, "telephone-event", 8000, fmtp="0-15", rtpmap="telephone-event/8000")


def streams(name: str) -> Streams:
    return read(offers.offer(name)).streams


def wanted(found: Streams) -> dict[str, StreamLine]:
    return {kind: found.lines[place] for kind, place in found.chosen().items()}


def offered_like(name: str, *, to_panel: bool = False, from_panel: bool = False) -> tuple[StreamLine, ...]:
    return offer_like(wanted(streams(name)), (), to_panel=to_panel, from_panel=from_panel)


def answered(
    name: str, accepted: dict[str, StreamLine] | None, *, to_panel: bool = False, from_panel: bool = False
) -> tuple[StreamLine, ...]:
    return answer_to(streams(name), accepted, to_panel=to_panel, from_panel=from_panel)


def numbers(line: StreamLine) -> list[int]:
    return [one.payload_type for one in line.formats]


def test_codecs_pass_through_with_their_numbers_and_parameters() -> None:
    audio, video = offered_like("baresip_offer")
    assert numbers(audio)[:4] == [96, 8, 0, 101]
    assert [(one.name, one.clock) for one in audio.formats[4:]] == [("telephone-event", 48000)]
    assert (
        video.formats[0].fmtp == "packetization-mode=0;profile-level-id=42e01f;max-fs=3600;max-smbps=108000"
    )
    assert (video.bandwidth, video.attributes) == (("AS:512",), ("framerate:25.00",))
    assert video.feedback == (("*", "nack pli"),)
    assert audio.open and video.open


def test_a_panel_without_events_still_lets_the_resident_press_keys() -> None:
    audio, _ = offered_like("panel_offer")
    assert [(one.name, one.payload_type) for one in audio.formats] == [
        ("PCMU", 0),
        ("PCMA", 8),
        ("opus", 111),  # which we would turn
        ("telephone-event", 101),
        ("telephone-event", 96),
    ]


def test_feedback_of_unlisted_kinds_and_formats_is_left_out() -> None:
    audio, video = offered_like("linphone_offer")
    assert audio.feedback == (("*", "trr-int 1000"), ("*", "ccm tmmbr"))
    assert ("96", "nack sli") in video.feedback
    assert all(what.startswith(("nack", "ccm", "trr")) for _, what in video.feedback)
    assert video.protocol == "RTP/AVP"


def test_an_answer_takes_what_the_other_leg_took_and_the_events_of_its_clock() -> None:
    lines = answered("linphone_offer", {"audio": StreamLine("audio", "RTP/AVP", True, (PCMA, EVENTS))})
    assert numbers(lines[0]) == [8, 100]  # 101 and 99 are of other clocks
    assert lines[0].protocol == "RTP/AVPF"
    assert not lines[1].open  # no video on the other side: audio only
    opus = Format(111, "opus", 48000, 2, rtpmap="opus/48000/2")
    assert numbers(
        answered("linphone_offer", {"audio": StreamLine("audio", "RTP/AVP", True, (opus,))})[0]
    ) == [
        96,
        101,
    ]


def test_refused_and_unknown_lines_keep_their_places() -> None:
    lines = answered("srtp_optional_offer", {"audio": StreamLine("audio", "RTP/AVP", True, (PCMU,))})
    assert [(line.kind, line.protocol, line.open) for line in lines] == [
        ("audio", "RTP/SAVP", True),
        ("audio", "RTP/AVP", False),
        ("image", "udptl", False),
    ]


def test_no_common_codec_is_488() -> None:
    with pytest.raises(SdpError) as caught:
        answered("panel_offer", {"audio": StreamLine("audio", "RTP/AVP", True, (Format(18, "G729", 8000),))})
    assert caught.value.status == 488


@pytest.mark.parametrize(
    ("theirs", "offered"),
    [("sendrecv", "recvonly"), ("sendonly", "inactive"), ("recvonly", "recvonly"), ("inactive", "inactive")],
)
def test_towards_a_panel_video_is_only_received(theirs: str, offered: str) -> None:
    found = read(offers.video_phone(4000, 4002, direction=theirs)).streams
    _, video = offer_like(wanted(found), (), to_panel=True, from_panel=False)
    assert direction_of(video) == offered


@pytest.mark.parametrize("panel", ["sendrecv", "sendonly", "recvonly", "inactive"])
@pytest.mark.parametrize("resident", ["sendrecv", "sendonly", "recvonly", "inactive"])
def test_a_panel_that_offers_is_answered_with_no_video_to_it(panel: str, resident: str) -> None:
    offered = read(offers.video_phone(4000, 4002, direction=panel)).streams
    other = read(offers.video_phone(5000, 5002, direction=resident)).streams
    lines = answer_to(offered, wanted(other), to_panel=True, from_panel=False)
    assert direction_of(lines[1]) in {"recvonly", "inactive"}
    assert direction_of(answer_to(offered, None, to_panel=True, from_panel=False)[1]) in {
        "recvonly",
        "inactive",
    }


def test_a_resident_is_offered_the_panel_s_picture_to_look_at_only() -> None:
    found = read(offers.video_phone(4000, 4002)).streams
    audio, video = offer_like(wanted(found), (), to_panel=False, from_panel=True)
    assert (direction_of(audio), direction_of(video)) == ("sendrecv", "sendonly")


def test_hold_passes_through() -> None:
    (audio,) = offered_like("deskphone_hold")
    assert direction_of(audio) == "sendonly"
    other = StreamLine("audio", "RTP/AVP", True, (PCMA,), sends=False, receives=True)
    assert direction_of(answered("deskphone_hold", {"audio": other})[0]) == "recvonly"


def test_a_renewed_offer_keeps_the_places() -> None:
    first = offered_like("baresip_offer")
    again = offer_like(wanted(streams("asterisk_offer")), first, to_panel=False, from_panel=False)
    assert [(line.kind, line.open) for line in again] == [("audio", True), ("video", False)]
    back = offer_like(wanted(streams("baresip_offer")), again, to_panel=False, from_panel=False)
    assert [(line.kind, line.open) for line in back] == [("audio", True), ("video", True)]


def test_a_renewed_offer_uses_the_place_that_was_in_use() -> None:
    existing = answered("srtp_optional_offer", {"audio": StreamLine("audio", "RTP/AVP", True, (PCMU,))})
    again = offer_like(wanted(streams("asterisk_offer")), existing, to_panel=False, from_panel=False)
    assert [(line.kind, line.open) for line in again] == [("audio", True), ("audio", False), ("image", False)]
    assert again[0].protocol == "RTP/SAVP"


def test_our_own_offer() -> None:
    (audio,) = own_offer("phone")
    assert [one.name for one in audio.formats] == ["PCMA", "PCMU", "telephone-event"]
    assert direction_of(own_offer("panel")[1]) == "recvonly"
    assert direction_of(own_offer("station")[1]) == "sendonly"


def agreed(
    ours: tuple[Format, ...], theirs: tuple[Format, ...], kind: str = "audio", receives: bool = True
) -> Agreed:
    mine = StreamLine(kind, "RTP/AVP", True, ours)
    other = StreamLine(kind, "RTP/AVP", True, theirs, receives=receives)
    return settle((mine,), (other,), we_answered=False)[kind][1]


def opus(payload_type: int) -> Format:
    return Format(payload_type, "opus", 48000, 2, rtpmap="opus/48000/2")


def test_numbers_are_mapped_where_the_legs_differ() -> None:
    a, b = agreed((opus(96), PCMA), (opus(96), PCMA)), agreed((opus(96), PCMA), (opus(111), PCMA))
    assert dict(mapping(a, b, panel=False)) == {96: 111, 8: 8}
    assert dict(mapping(b, a, panel=False)) == {96: 96, 111: 96, 8: 8}  # 111: by the sender's own number


def test_keys_pass_between_people_but_never_to_or_from_a_panel() -> None:
    a, b = agreed((PCMA, EVENTS), (PCMA, EVENTS)), agreed((PCMA, EVENTS), (PCMA, EVENTS))
    assert dict(mapping(a, b, panel=False)) == {8: 8, 101: 101}
    assert dict(mapping(a, b, panel=True)) == {8: 8}


def test_nothing_passes_against_the_directions() -> None:
    a = agreed((PCMA,), (PCMA,))
    held = agreed((PCMA,), (PCMA,), receives=False)
    assert mapping(a, held, panel=False) == ()
    assert dict(mapping(held, a, panel=False)) == {8: 8}


def test_codecs_that_are_not_common_are_not_relayed() -> None:
    a, b = agreed((PCMA, PCMU), (PCMA,)), agreed((PCMA, PCMU), (PCMU,))
    assert mapping(a, b, panel=False) == ()
    assert not share_codec(a, b)
    assert share_codec(a, a)


def test_an_answer_that_writes_h264_without_parameters_is_taken_by_its_number() -> None:
    offer = Format(
        97, "H264", 90000, fmtp="packetization-mode=1;profile-level-id=42e01f", rtpmap="H264/90000"
    )
    bare = Format(97, "H264", 90000, rtpmap="H264/90000")
    a, b = agreed((offer,), (offer,), "video"), agreed((offer,), (bare,), "video")
    assert dict(mapping(a, b, panel=False)) == {97: 97}


def test_events_known_by_both_numbers() -> None:
    other = Format(96, "telephone-event", 8000, rtpmap="telephone-event/8000")
    one = agreed((PCMA, EVENTS), (PCMA, other))
    assert dict(one.events()) == {101: 8000, 96: 8000}
    assert one.event_to_send() == (96, 8000)
    assert agreed((PCMA,), (PCMA,)).event_to_send() is None


def test_an_answer_with_other_kinds_or_fewer_lines_agrees_on_what_is_there() -> None:
    lines = offered_like("baresip_offer")
    assert list(settle(lines, streams("asterisk_offer").lines, we_answered=False)) == ["audio"]
    swapped = tuple(reversed(streams("baresip_offer").lines))
    assert settle(lines, swapped, we_answered=False) == {}
