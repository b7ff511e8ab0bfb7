"""Frames bit by bit, parity, and the timing of their pulses on wires of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intercom.wiegand import INTERVAL_NS, PULSE_NS, Bits, Sender, frame


def test_a_card_everybody_knows() -> None:
    # facility 1, card 1: even parity over 00000001 0000, odd over 000000000001
    assert "".join(map(str, frame(26, 1, 1))) == "1" + "00000001" + "0000000000000001" + "0"
    assert len(frame(34, 65535, 65535)) == 34


@given(st.sampled_from((26, 34)), st.integers(0, 255), st.integers(0, 65535))
def test_parity_and_numbers_hold(bits: Bits, facility: int, card: int) -> None:
    sent = frame(bits, facility, card)
    half = bits // 2
    assert (len(sent), sum(sent[:half]) % 2, sum(sent[half:]) % 2) == (bits, 0, 1)
    assert int("".join(map(str, sent[1:-1])), 2) == facility << 16 | card


@pytest.mark.parametrize(
    ("bits", "facility", "card"), [(26, 256, 0), (26, 0, 65536), (34, 65536, 0), (26, -1, 0)]
)
def test_what_does_not_fit(bits: Bits, facility: int, card: int) -> None:
    with pytest.raises(ValueError, match="hold no card"):
        frame(bits, facility, card)


class Bench:
    """Two wires and a clock."""

    def __init__(self) -> None:
        self.now = 0
        self.edges: list[tuple[int, int, bool]] = []
        self.sender = Sender(self.wire(0), self.wire(1), self.wait)

    def wire(self, number: int) -> Wire:
        return Wire(self, number)

    def wait(self, ns: int) -> None:
        self.now += ns


class Wire:
    def __init__(self, bench: Bench, number: int) -> None:
        self.bench, self.number = bench, number

    def on(self) -> None:
        self.bench.edges.append((self.bench.now, self.number, True))

    def off(self) -> None:
        self.bench.edges.append((self.bench.now, self.number, False))


def test_pulses_on_the_right_wire_at_the_right_time() -> None:
    bench, bits = Bench(), frame(26, 17, 4711)
    assert bench.sender.begin(bits, 0)
    assert not bench.sender.begin(bits, 0)
    while (due := bench.sender.next_ns) is not None:
        bench.now = max(bench.now, due)
        bench.sender.sweep(bench.now)
    low = [(at, wire) for at, wire, down in bench.edges if down]
    high = [(at, wire) for at, wire, down in bench.edges if not down]
    assert [wire for _, wire in low] == list(bits)
    assert [at for at, _ in low] == [number * INTERVAL_NS for number in range(26)]
    assert [(at + PULSE_NS, wire) for at, wire in low] == high


def test_a_late_bit_moves_the_rest_and_rest_ends_a_frame() -> None:
    bench = Bench()
    bench.sender.begin((0, 1, 0), 0)
    bench.sender.sweep(5_000_000)
    assert bench.sender.next_ns == 5_000_000 + INTERVAL_NS
    bench.sender.sweep(5_000_001)
    assert len(bench.edges) == 2
    bench.sender.rest()
    assert bench.sender.next_ns is None
