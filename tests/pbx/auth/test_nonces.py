"""Nonces: ours, alive, for one source, each count once; bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pbx.auth.nonces import Nonces


def issued(nonces: Nonces, now: float = 10.0, source: str = "192.0.2.1") -> int:
    serial = nonces.serial_of(nonces.issue(source, now), source, now)
    assert serial is not None
    return serial


def test_a_nonce_lives_its_time_at_its_source() -> None:
    nonces = Nonces(b"key", "salt", 300.0)
    nonce = nonces.issue("192.0.2.1", 10.0)
    assert nonces.serial_of(nonce, "192.0.2.1", 10.0) is not None
    assert nonces.serial_of(nonce, "192.0.2.1", 310.0) is not None
    assert nonces.serial_of(nonce, "192.0.2.1", 310.2) is None
    assert nonces.serial_of(nonce, "192.0.2.1", 5.0) is None
    assert nonces.serial_of(nonce, "192.0.2.2", 10.0) is None


def test_a_nonce_of_another_key_or_run_is_stale() -> None:
    nonce = Nonces(b"key", "salt").issue("192.0.2.1", 10.0)
    assert Nonces(b"key", "other").serial_of(nonce, "192.0.2.1", 10.0) is None
    assert Nonces(b"yek", "salt").serial_of(nonce, "192.0.2.1", 10.0) is None


@given(st.integers(0, 43), st.characters())
def test_a_changed_nonce_is_not_ours(place: int, mark: str) -> None:
    nonces = Nonces(b"key", "salt")
    nonce = nonces.issue("192.0.2.1", 10.0)
    changed = nonce[:place] + mark + nonce[place + 1 :]
    assert (nonces.serial_of(changed, "192.0.2.1", 10.0) is None) == (changed != nonce)


@given(st.text(max_size=60))
def test_any_text_may_come(text: str) -> None:
    assert Nonces(b"key", "salt").serial_of(text, "192.0.2.1", 10.0) is None


def test_nonces_differ() -> None:
    nonces = Nonces(b"key", "salt")
    assert len({nonces.issue("192.0.2.1", 10.0) for _ in range(1000)}) == 1000


@given(st.lists(st.integers(0, 80), max_size=120))
def test_no_count_is_taken_twice(counts: list[int]) -> None:
    nonces = Nonces(b"key", "salt")
    serial = issued(nonces)
    taken: set[int] = set()
    highest = 0
    for number in counts:
        expected = number > 0 and number not in taken and number > highest - 32
        assert nonces.spend(serial, number, 10.0) == expected
        if expected:
            taken.add(number)
            highest = max(highest, number)


def test_counts_far_apart() -> None:
    nonces = Nonces(b"key", "salt")
    serial = issued(nonces)
    assert nonces.spend(serial, 1, 10.0)
    assert nonces.spend(serial, 0xFFFFFFFF, 10.0)
    assert not nonces.spend(serial, 1, 10.0)
    assert not nonces.spend(serial, 0x1FFFFFFFF, 10.0)


def test_what_was_used_is_never_forgotten_before_it_is_stale() -> None:
    nonces = Nonces(b"key", "salt", 300.0, size=20)
    spent: list[tuple[str, int, float]] = []
    now = 10.0
    for step in range(500):
        now += 0.5 if step % 50 else 200.0
        nonce = nonces.issue("192.0.2.1", now)
        serial = nonces.serial_of(nonce, "192.0.2.1", now)
        assert serial is not None
        assert nonces.spend(serial, 1, now)
        assert len(nonces) <= 20
        spent.append((nonce, serial, now))
        for old, number, _ in spent[-40:]:
            alive = nonces.serial_of(old, "192.0.2.1", now)
            assert alive is None or not nonces.spend(number, 1, now)
