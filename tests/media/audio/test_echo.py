"""Who pressed a key first, on a virtual clock."""

from __future__ import annotations

from media.audio.echo import EchoGuard


def test_a_key_the_panel_played_does_not_count_for_half_a_second() -> None:
    guard = EchoGuard()
    assert guard.overhear("5", 1.0)
    assert not guard.accept("5", 1.2)
    assert not guard.accept("5", 1.5)
    assert guard.accept("5", 1.6)


def test_another_key_counts() -> None:
    guard = EchoGuard()
    guard.overhear("5", 1.0)
    assert guard.accept("1", 1.1)


def test_the_resident_s_own_key_may_return_from_the_panel() -> None:
    guard = EchoGuard()
    assert guard.accept("5", 1.0)
    assert not guard.overhear("5", 1.2)
    assert guard.accept("5", 1.3)


def test_a_visitor_who_plays_it_again_and_again_never_gets_in() -> None:
    guard = EchoGuard()
    for tenth in range(10, 100):
        guard.overhear("5", tenth / 10)
        assert not guard.accept("5", tenth / 10 + 0.15)
