"""A key sent into a running stream: numbers go on without a gap, audio rests meanwhile."""

from __future__ import annotations

from media import rtp
from media.pressing import Pressing


def audio(sequence: int, timestamp: int, ssrc: int = 7) -> bytes:
    return rtp.build(0, sequence, timestamp, ssrc, b"sound")


def send_all(pressing: Pressing) -> list[rtp.Packet]:
    sent = []
    while pressing.active:
        packet = pressing.step()
        if packet is not None:
            taken = rtp.parse(packet)
            assert taken is not None
            sent.append(taken)
    return sent


def sequence_of(data: bytes | None) -> int:
    assert data is not None
    return rtp.sequence_of(data)


def test_a_key_takes_the_next_numbers_and_audio_goes_on_after_them() -> None:
    pressing = Pressing(7, 100, 16000)
    pressing.press("5", 101, 8000)
    assert pressing.step() is not None
    assert pressing.pass_on(audio(101, 16160), 0) is None
    sent = send_all(pressing)
    assert [packet.sequence for packet in sent] == list(range(102, 111))
    assert {packet.ssrc for packet in sent} == {7}
    assert {packet.timestamp for packet in sent} == {16160}
    assert sequence_of(pressing.pass_on(audio(111, 17760), 0)) == 111
    assert sequence_of(pressing.pass_on(audio(113, 18080), 0)) == 113
    assert sequence_of(pressing.pass_on(audio(112, 17920), 0)) == 112


def test_audio_that_stood_still_meanwhile_is_moved_on() -> None:
    pressing = Pressing(7, 100, 16000)
    pressing.press("5", 101, 8000)
    assert send_all(pressing)[-1].sequence == 110
    assert [sequence_of(pressing.pass_on(audio(n, 17600), 0)) for n in (101, 102)] == [111, 112]


def test_keys_queue_with_a_pause_and_rising_timestamps() -> None:
    pressing = Pressing(7, 0xFFFF, 0)
    pressing.press("1", 101, 8000)
    pressing.press("2", 101, 8000)
    steps = []
    while pressing.active:
        steps.append(pressing.step())
    packets = [rtp.parse(step) for step in steps if step is not None]
    assert steps.count(None) == 4
    assert [packet.sequence for packet in packets if packet] == list(range(20))
    stamps = [packet.timestamp for packet in packets if packet]
    assert stamps[0] < stamps[-1]


def test_another_source_keeps_its_own_numbers() -> None:
    pressing = Pressing(7, 100, 16000)
    pressing.press("5", 101, 8000)
    send_all(pressing)
    assert sequence_of(pressing.pass_on(audio(5, 160, ssrc=8), 0)) == 5
