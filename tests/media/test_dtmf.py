"""Keys: found once, whatever is lost, repeated or late; sent; read from INFO; counted once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import rtp
from media.dtmf import KEYS, DigitDetector, DigitOnce, DigitSender, DigitSource, InfoDigit, parse_info

CLOCK = 8000


def press(
    digit: str, *, timestamp: int, first: int = 0, ssrc: int = 1, marker: bool = True, seconds: float = 0.16
) -> list[rtp.Packet]:
    """The packets of one press, 20 ms apart; the end comes three times."""
    sender = DigitSender(
        digit, payload_type=101, clock=CLOCK, ssrc=ssrc, sequence=first, timestamp=timestamp, seconds=seconds
    )
    packets = []
    while not sender.over:
        packet = rtp.parse(sender.next_packet())
        assert packet is not None
        plain = rtp.Packet(
            101, marker and packet.marker, packet.sequence, packet.timestamp, ssrc, packet.payload
        )
        packets.append(plain)
    return packets


def hear(detector: DigitDetector, packets: list[rtp.Packet], start: float = 1.0) -> list[tuple[str, float]]:
    """What the detector tells of packets 20 ms apart, with the moment."""
    told = []
    for number, packet in enumerate(packets):
        now = start + 0.02 * number
        digit = detector.receive(packet, CLOCK, now)
        if digit is not None:
            told.append((digit, round(now - start, 3)))
    return told


def listening() -> DigitDetector:
    detector = DigitDetector()
    detector.listen(True, 0.0)
    return detector


@pytest.mark.parametrize("digit", KEYS)
def test_a_press_is_told_at_its_first_packet(digit: str) -> None:
    assert hear(listening(), press(digit, timestamp=1000)) == [(digit, 0.0)]


def test_without_marker_too() -> None:
    assert hear(listening(), press("5", timestamp=1000, marker=False)) == [("5", 0.0)]


@pytest.mark.parametrize("lost", range(10))
def test_whichever_packets_are_lost_the_press_counts_once(lost: int) -> None:
    packets = press("5", timestamp=1000)
    assert len(packets) == 10
    assert [digit for digit, _ in hear(listening(), packets[:lost] + packets[lost + 1 :])] == ["5"]
    assert [digit for digit, _ in hear(listening(), packets[lost:])] == ["5"]


def test_duplicates_count_once() -> None:
    packets = [packet for packet in press("5", timestamp=1000) for _ in range(2)]
    assert hear(listening(), packets) == [("5", 0.0)]


@given(st.randoms(use_true_random=False))
def test_any_order_counts_once(rng: random.Random) -> None:
    packets = press("5", timestamp=1000)
    rng.shuffle(packets)
    assert [digit for digit, _ in hear(listening(), packets)] == ["5"]


@given(st.data())
def test_two_presses_with_loss_and_repeats_are_never_three(data: st.DataObject) -> None:
    packets = press("5", timestamp=1000) + press("5", timestamp=4000, first=20)
    heard = [packet for packet in packets for _ in range(data.draw(st.integers(0, 3)))]
    told = [digit for digit, _ in hear(listening(), heard)]
    assert told == ["5"] * len({packet.timestamp for packet in heard})


def test_the_same_key_again_is_another_press() -> None:
    packets = press("5", timestamp=1000) + press("5", timestamp=1000 + 2400, first=20)
    assert [digit for digit, _ in hear(listening(), packets)] == ["5", "5"]


def test_the_same_key_again_although_the_end_and_the_next_beginning_were_lost() -> None:
    packets = press("5", timestamp=1000)[:6] + press("5", timestamp=1000 + 2400, first=20)[2:]
    detector = listening()
    assert [digit for digit, _ in hear(detector, packets[:6])] == ["5"]
    assert [digit for digit, _ in hear(detector, packets[6:], start=1.5)] == ["5"]


def test_a_late_packet_of_an_older_press_is_nothing() -> None:
    detector = listening()
    old, new = press("5", timestamp=1000), press("7", timestamp=4000, first=20)
    assert [digit for digit, _ in hear(detector, new + old)] == ["7"]


def test_a_replay_is_nothing_even_after_a_new_description() -> None:
    detector = listening()
    hear(detector, press("5", timestamp=1000))
    detector.renew()
    assert hear(detector, press("5", timestamp=1000), start=60.0) == []


def test_a_new_description_may_start_the_clock_anew() -> None:
    detector = listening()
    hear(detector, press("5", timestamp=500_000))
    assert hear(detector, press("5", timestamp=10), start=9.0) == []
    detector.renew()
    assert hear(detector, press("5", timestamp=20), start=10.0) == [("5", 0.0)]


def test_a_timestamp_that_wraps_is_newer() -> None:
    detector = listening()
    hear(detector, press("5", timestamp=0xFFFFFF00))
    assert [digit for digit, _ in hear(detector, press("5", timestamp=2000), start=3.0)] == ["5"]


def test_a_sender_that_moves_the_timestamp_with_every_packet_presses_once() -> None:
    packets = [
        rtp.Packet(
            101,
            number == 0,
            number,
            1000 + 160 * number,
            1,
            bytes((5, 10)) + (160 * (number + 1)).to_bytes(2, "big"),
        )
        for number in range(8)
    ]
    assert hear(listening(), packets) == [("5", 0.0)]


def test_a_press_of_nine_seconds_in_two_segments_is_one() -> None:
    def packet(timestamp: int, duration: int) -> rtp.Packet:
        return rtp.Packet(101, False, 1, timestamp, 1, bytes((5, 10)) + duration.to_bytes(2, "big"))

    detector = listening()
    assert detector.receive(packet(1000, 160), CLOCK, 1.0) == "5"
    assert detector.receive(packet(1000, 0xFFFF), CLOCK, 9.19) is None
    assert detector.receive(packet(1000 + 0xFFFF, 160), CLOCK, 9.21) is None


def test_a_press_while_nobody_listens_is_never_told() -> None:
    detector = DigitDetector()
    packets = press("5", timestamp=1000)
    assert hear(detector, packets[:3]) == []
    detector.listen(True, 1.06)
    assert hear(detector, packets[3:], start=1.06) == []
    assert [digit for digit, _ in hear(detector, press("5", timestamp=9000), start=3.0)] == ["5"]


def test_a_press_that_began_before_listening_is_not_told_though_its_first_packets_were_lost() -> None:
    detector = DigitDetector()
    detector.listen(True, 1.0)
    assert hear(detector, press("5", timestamp=1000, marker=False)[5:], start=1.01) == []


def test_listening_off_stops_at_once() -> None:
    detector = listening()
    detector.listen(False, 0.5)
    assert hear(detector, press("5", timestamp=1000)) == []


def test_other_events_and_short_payloads_are_nothing() -> None:
    detector = listening()
    for payload in (b"", b"\x05", b"\x05\x0a\x00", bytes((16, 10, 0, 160)), bytes((255, 10, 0, 160))):
        assert detector.receive(rtp.Packet(101, True, 1, 1, 1, payload), CLOCK, 1.0) is None


def test_memory_is_bounded() -> None:
    detector = listening()
    for number in range(10_000):
        detector.receive(rtp.Packet(101, True, 1, number, number, bytes((5, 10, 0, 160))), CLOCK, 1.0)
    assert len(detector._told) <= 64
    assert len(detector._newest) <= 4


def test_what_is_sent_is_as_the_rfc_wants_it() -> None:
    packets = press("*", timestamp=1000, first=0xFFFE, seconds=0.1)
    assert [packet.marker for packet in packets] == [True] + [False] * 6
    assert {packet.timestamp for packet in packets} == {1000}
    assert [packet.sequence for packet in packets] == [0xFFFE, 0xFFFF, 0, 1, 2, 3, 4]
    assert [int.from_bytes(packet.payload[2:], "big") for packet in packets] == [
        160,
        320,
        480,
        640,
        800,
        800,
        800,
    ]
    assert [packet.payload[1] >> 7 for packet in packets] == [0, 0, 0, 0, 1, 1, 1]
    assert {packet.payload[0] for packet in packets} == {10}


@pytest.mark.parametrize(
    ("content_type", "body", "digit", "seconds"),
    [
        ("application/dtmf-relay", b"Signal=5\r\nDuration=160", "5", 0.16),
        ("application/dtmf-relay", b"Signal= 5\r\nDuration= 160\r\n", "5", 0.16),
        ("Application/DTMF-Relay; charset=x", b"signal=#\n", "#", 0.0),
        ("application/dtmf-relay", b"Signal=10\r\nDuration=100\r\n", "*", 0.1),
        ("application/dtmf-relay", b"Signal=11\r\n", "#", 0.0),
        ("application/dtmf-relay", b"Duration=250\r\nSignal=d\r\n", "D", 0.25),
        ("application/dtmf", b"5", "5", 0.0),
        ("application/dtmf", b" *\r\n", "*", 0.0),
        ("application/dtmf", b"Signal=7\r\nDuration=90\r\n", "7", 0.09),
    ],
)
def test_info_digits(content_type: str, body: bytes, digit: str, seconds: float) -> None:
    assert parse_info(content_type, body) == InfoDigit(digit, seconds)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"5"),
        ("application/dtmf-relay", b"5"),
        ("application/dtmf-relay", b"Signal=16\r\n"),
        ("application/dtmf-relay", b"Signal=!\r\n"),
        ("application/dtmf-relay", b"Signal=55\r\n"),
        ("application/dtmf", b"55"),
        ("application/dtmf", b""),
        ("application/dtmf", b"\xd9\xa5"),
        ("application/dtmf-relay", b"Signal=5" + b" " * 600),
    ],
)
def test_what_is_no_info_digit(content_type: str, body: bytes) -> None:
    assert parse_info(content_type, body) is None


@given(st.sampled_from(["application/dtmf", "application/dtmf-relay", ""]), st.binary(max_size=64))
def test_no_info_raises(content_type: str, body: bytes) -> None:
    found = parse_info(content_type, body)
    assert found is None or found.digit in KEYS


Told = tuple[str, DigitSource, float, float]


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ([("5", "rtp", 0.0, 0.0), ("5", "info", 0.3, 0.0)], 1),
        ([("5", "info", 0.0, 0.0), ("5", "rtp", 0.3, 0.0)], 1),
        ([("5", "rtp", 0.0, 0.0), ("5", "info", 0.5, 0.0)], 2),
        ([("5", "rtp", 0.0, 0.0), ("5", "info", 1.2, 1.15)], 1),  # told at release, with its length
        ([("5", "rtp", 0.0, 0.0), ("7", "info", 0.1, 0.0)], 2),
        ([("5", "rtp", 0.0, 0.0), ("5", "rtp", 0.2, 0.0)], 2),
        (
            [
                ("5", "rtp", 0.0, 0.0),
                ("5", "info", 0.05, 0.0),
                ("5", "rtp", 0.2, 0.0),
                ("5", "info", 0.25, 0.0),
            ],
            2,
        ),
        (
            [
                ("5", "rtp", 0.0, 0.0),
                ("5", "rtp", 0.2, 0.0),
                ("5", "info", 0.21, 0.0),
                ("5", "info", 0.25, 0.0),
            ],
            2,
        ),
    ],
)
def test_told_both_ways_counts_once(told: list[Told], counted: int) -> None:
    once = DigitOnce()
    assert sum(once.accept(digit, source, now, seconds) for digit, source, now, seconds in told) == counted
