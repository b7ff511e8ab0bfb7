"""Which formats are the same codec, and how telephone-event follows the clock."""

from __future__ import annotations

import pytest

from media.codec import (
    PCMA,
    PCMU,
    Format,
    free_payload_type,
    match,
    number,
    parameters,
    read_format,
    same,
    with_events,
)


def h264(payload_type: int, fmtp: str = "") -> Format:
    return Format(payload_type, "H264", 90000, fmtp=fmtp, rtpmap="H264/90000")


def test_static_numbers_need_no_map() -> None:
    assert read_format("8", None, "") == Format(8, "PCMA", 8000)
    assert read_format("18", None, "annexb=no") == Format(18, "G729", 8000, fmtp="annexb=no")
    assert read_format("97", None, "") is None


def test_a_map_is_read() -> None:
    assert read_format("96", "opus/48000/2", "x=1") == Format(96, "opus", 48000, 2, "x=1", "opus/48000/2")


@pytest.mark.parametrize(
    ("token", "rtpmap"),
    [
        ("x", None),
        ("128", "A/8000"),
        ("-1", None),
        ("96", "A"),
        ("96", "/8000"),
        ("96", "A/x"),
        ("96", "A/0"),
        ("97", "rtx/90000"),
        ("63", "red/48000/2"),
        ("98", "ULPFEC/90000"),
        ("٣", "A/8000"),
    ],
)
def test_what_is_no_format(token: str, rtpmap: str | None) -> None:
    assert read_format(token, rtpmap, "") is None


def test_numbers_are_bounded() -> None:
    assert number("127", 127) == 127
    assert number("9" * 5000, 127) is None
    assert number("²", 127) is None


def test_h264_is_the_same_by_mode_and_profile_whatever_its_level() -> None:
    one = h264(97, "packetization-mode=1; profile-level-id=42e01f")
    assert same(one, h264(99, "profile-level-id=42001E;packetization-mode=1"))
    assert not same(one, h264(97, "packetization-mode=0;profile-level-id=42e01f"))
    assert not same(one, h264(97, "packetization-mode=1;profile-level-id=64001f"))
    assert same(h264(97), h264(98, "packetization-mode=0;profile-level-id=42e01f"))


def test_the_number_decides_between_equals() -> None:
    many = [h264(102, "packetization-mode=1"), h264(108, "packetization-mode=1")]
    assert match(h264(108, "packetization-mode=1"), many) is many[1]
    assert match(h264(50, "packetization-mode=1"), many) is many[0]
    assert match(h264(50, "packetization-mode=0"), many) is None
    assert match(Format(8, "pcma", 8000), [PCMU, PCMA]) is PCMA


def test_events_come_with_each_clock_that_lacks_them() -> None:
    opus = Format(101, "opus", 48000, 2, rtpmap="opus/48000/2")
    added = with_events((opus, PCMA))
    assert [(one.payload_type, one.name, one.clock) for one in added[2:]] == [
        (96, "telephone-event", 48000),
        (97, "telephone-event", 8000),
    ]
    assert with_events(added) == added


def test_no_number_is_given_twice() -> None:
    full = [Format(number, "x", 8000) for number in range(96, 128)]
    assert free_payload_type(full) is None
    assert with_events(tuple(full)) == tuple(full)


def test_parameters_are_read_whatever_their_spacing() -> None:
    assert parameters(" A=1 ;b = 2;;c") == {"a": "1", "b": "2", "c": ""}
