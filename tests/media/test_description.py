"""Streams read from peers' descriptions and written into ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import sdp
from media.codec import PCMA
from media.description import REMEMBERED, End, StreamLine, Streams, _known, compose, direction_of, read
from media.errors import SdpError
from tests.media import offers


def streams(data: bytes) -> Streams:
    return read(data).streams


def end(data: bytes, place: int = 0) -> End:
    found = read(data).ends[place]
    assert found is not None
    return found


def test_baresip() -> None:
    found = streams(offers.offer("baresip_offer"))
    audio, video = found.lines
    assert [one.name for one in audio.formats] == ["opus", "PCMA", "PCMU", "telephone-event"]
    assert end(offers.offer("baresip_offer")) == End("192.168.1.30", 10310, 10311)
    assert audio.attributes == ("ptime:20",)
    assert video.attributes == ("framerate:25.00",)
    assert video.feedback == (("*", "nack pli"),)
    assert video.bandwidth == ("AS:512",)
    assert found.chosen() == {"audio": 0, "video": 1}


def test_the_address_of_a_stream_goes_before_the_session_s() -> None:
    data = offers.sdp(
        "m=audio 4000 RTP/AVP 0", "m=video 4002 RTP/AVP 97", "c=IN IP4 192.0.2.7", "a=rtpmap:97 H264/90000"
    )
    assert read(data).ends == (End("127.0.0.1", 4000, 4001), End("192.0.2.7", 4002, 4003))


def test_what_differs_from_call_to_call_is_not_remembered() -> None:
    first, second = read(offers.phone(4000)), read(offers.phone(4002, address="192.0.2.7"))
    assert first.streams is second.streams
    assert (first.ends, second.ends) == ((End("127.0.0.1", 4000, 4001),), (End("192.0.2.7", 4002, 4003),))


@pytest.mark.parametrize("name", offers.NAMES)
def test_every_description_reads_the_same_a_second_time(name: str) -> None:
    first, again = read(offers.offer(name)), read(offers.offer(name))
    _known.clear()
    assert first == again == read(offers.offer(name))


@pytest.mark.parametrize(
    "data",
    [
        offers.sdp("m=audio p RTP/AVP 0"),
        offers.sdp("m=audio p  RTP/AVP 0"),
        offers.sdp("m=audio \0RTP/AVP 0"),
        offers.sdp("m=audio\0RTP/AVP 0"),
        offers.sdp("m=audio 70000 RTP/AVP 0"),
        offers.sdp("m=audio 4000 RTP/AVP 0").replace(b"o=-", b"o=-\0"),
        offers.sdp("m=audio 4000 RTP/AVP 0").replace(b"o=-", b"o=-\r"),
        offers.sdp("m=audio 4000 RTP/AVP 0").replace(b"o=-", b"o=" + b"-" * 5000),
        offers.sdp("m=audio 4000 RTP/AVP 0").replace(b"c=IN", b"c=" + b"-" * 5000),
    ],
)
def test_a_known_make_s_errors_are_seen_all_the_same(data: bytes) -> None:
    read(offers.sdp("m=audio 4000 RTP/AVP 0"))
    with pytest.raises(SdpError):
        read(data)


def test_memory_is_bounded() -> None:
    for number in range(REMEMBERED + 10):
        read(offers.sdp("m=audio 4000 RTP/AVP 0", f"a=x:{number}"))
    assert len(_known) <= REMEMBERED


@given(st.integers(0, 99_999), st.sampled_from([" ", "  "]), st.sampled_from(["", "/1", "/2"]))
def test_a_port_is_read_as_the_model_reads_it(port: int, gap: str, count: str) -> None:
    data = offers.sdp(f"m=audio{gap}{port}{count} RTP/AVP 0")
    try:
        wanted = sdp.parse(data).media[0].port
    except SdpError:
        with pytest.raises(SdpError):
            read(data)
        return
    found = read(data)
    assert found.streams.lines[0].open == (wanted > 0)
    assert (found.ends[0].port if found.ends[0] else 0) == wanted


def test_a_protected_line_goes_before_a_plain_one_and_others_are_kept_in_place_only() -> None:
    data = offers.offer("srtp_optional_offer")
    found = streams(data)
    assert [line.usable for line in found.lines] == [True, True, False]
    assert found.chosen() == {"audio": 0}
    turned = streams(data.replace(b"RTP/SAVP", b"RTP/X").replace(b"RTP/AVP", b"RTP/SAVP"))
    assert [line.usable for line in turned.lines] == [False, False, False]
    assert found.lines[2].refused() == StreamLine(
        "image", "udptl", False, tokens="t38", sends=False, receives=False
    )
    chromium = streams(offers.offer("chromium_offer"))
    assert chromium.chosen() == {"audio": 0, "video": 1}
    assert sorted(chromium.bundle) == ["0", "1", "2"]
    assert [line.mid for line in chromium.lines] == ["0", "1", "2"]
    assert end(offers.offer("chromium_offer")).keying is not None


def test_hold_by_direction_and_by_the_null_address() -> None:
    line = streams(offers.offer("deskphone_hold")).lines[0]
    assert (line.sends, line.receives) == (True, False)
    old = streams(offers.sdp("m=audio 4000 RTP/AVP 0", address="0.0.0.0")).lines[0]
    assert direction_of(old) == "sendonly"
    session = streams(offers.sdp("a=inactive", "m=audio 4000 RTP/AVP 0")).lines[0]
    assert direction_of(session) == "inactive"


def test_host_names_are_not_resolved() -> None:
    assert end(offers.sdp("m=audio 4000 RTP/AVP 0", "c=IN IP4 door.example")).address == ""


@pytest.mark.parametrize(
    ("line", "status"), [("c=IN IP6 ::1", 488), ("c=nonsense", 400), ("c=ATM NSAP 47", 400)]
)
def test_addresses_we_cannot_use(line: str, status: int) -> None:
    with pytest.raises(SdpError) as caught:
        streams(offers.sdp("m=audio 4000 RTP/AVP 0", line))
    assert caught.value.status == status


def test_a_line_without_a_codec_is_not_usable() -> None:
    found = streams(offers.sdp("m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"))
    assert not found.lines[0].usable


@pytest.mark.parametrize("stated", ["rtcp:x", "rtcp:0", "rtcp:99999", "rtcp:", "rtcp:²"])
def test_an_unusable_rtcp_port_is_the_next_one(stated: str) -> None:
    assert end(offers.sdp("m=audio 4000 RTP/AVP 0", f"a={stated}")).rtcp_port == 4001


def test_ours_is_written_with_our_address_and_nothing_of_the_peer_s_security() -> None:
    theirs = streams(offers.offer("srtp_optional_offer")).lines[1]
    written = compose(
        Streams((theirs, theirs.refused()), ("AS:1",)),
        {"audio": 20000},
        address="192.0.2.1",
        session=7,
        version=3,
    )
    assert offers.lines(written) == [
        "v=0",
        "o=doorline 7 3 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "b=AS:1",
        "t=0 0",
        "m=audio 20000 RTP/AVP 8 0 101",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=sendrecv",
        "m=audio 0 RTP/AVP 8 0 101",
    ]


def test_a_refused_line_has_a_format_always() -> None:
    assert StreamLine("audio", "RTP/AVP", True, (PCMA,)).refused().tokens == "8"
    assert StreamLine("audio", "RTP/AVP", True).refused().tokens == "0"


_TOKEN = st.text(alphabet="0123456789 /*:;=abcRTPAV.", max_size=24)
_NAMES = st.sampled_from(
    [
        "m=audio 4000 RTP/AVP ",
        "m=video 4 RTP/AVPF ",
        "a=rtpmap:",
        "a=fmtp:",
        "a=rtcp:",
        "a=rtcp-fb:",
        "c=IN IP4 ",
        "b=",
        "a=sendonly",
        "a=ptime:",
    ]
)


@given(st.lists(st.tuples(_NAMES, _TOKEN), max_size=15))
def test_hostile_lines_raise_nothing_else_and_what_is_written_can_be_read(
    parts: list[tuple[str, str]],
) -> None:
    try:
        found = streams(offers.sdp(*(name + value for name, value in parts)))
    except SdpError:
        return
    written = compose(found, {"audio": 20000, "video": 20002}, address="192.0.2.1", session=1, version=1)
    again = streams(written)
    assert [line.open for line in again.lines] == [line.open for line in found.lines]
