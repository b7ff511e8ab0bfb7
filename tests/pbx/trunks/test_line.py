"""A carrier comes, stays, goes and comes back: ladders on a virtual clock."""

from __future__ import annotations

from collections.abc import Callable

from pbx.trunks.line import ANSWER_SECONDS, Line, LineState, Wish


def line(registers: bool = True) -> Line:
    return Line(registers, 30.0, lambda: 1.0)


def due(one: Line) -> float:
    moment = one.next_deadline()
    assert moment is not None
    return moment


def states(one: Line, happens: Callable[[], object]) -> list[bool]:
    """Whether it is up before something happens, and after."""
    before = one.up
    happens()
    return [before, one.up]


def test_it_registers_refreshes_and_pings() -> None:
    one = line()
    assert one.start(0.0) == [Wish.CONNECT]
    assert one.connected(0.1) == [Wish.REGISTER]
    assert states(one, lambda: one.accepted(300.0, 0.2)) == [False, True]
    assert due(one) == 30.2
    assert one.handle_timeout(30.2) == [Wish.PING]
    one.heard(30.3)
    assert due(one) == 60.3
    for moment in (60.3, 90.4, 120.5, 150.6, 180.7, 210.8, 240.9):
        assert one.handle_timeout(moment) == [Wish.PING]
        one.heard(moment + 0.1)
    assert one.handle_timeout(270.2) == [Wish.REGISTER]
    assert one.up


def test_silence_is_away_and_tries_come_later_and_later() -> None:
    one = line()
    one.start(0.0)
    one.connected(0.0)
    now, waits = ANSWER_SECONDS, []
    for _ in range(9):
        assert one.handle_timeout(now) == [Wish.DROP]
        assert one.state is LineState.AWAY
        waits.append(due(one) - now)
        now = due(one)
        assert one.handle_timeout(now) == [Wish.CONNECT]
        one.connected(now)
        now += ANSWER_SECONDS
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_refused_password_is_not_hammered_with() -> None:
    one = line()
    one.start(0.0)
    one.connected(0.0)
    assert one.failed("403 Forbidden", 0.5, rejected=True) == [Wish.DROP]
    assert (one.state, one.cause) == (LineState.REJECTED, "403 Forbidden")
    assert due(one) == 60.5
    assert one.failed("again", 1.0) == []


def test_a_peered_carrier_is_up_while_it_answers_options() -> None:
    one = line(registers=False)
    one.start(0.0)
    assert one.connected(0.0) == [Wish.PING]
    assert states(one, lambda: one.accepted(300.0, 0.0)) == [False, False]
    assert states(one, lambda: one.heard(0.1)) == [False, True]
    assert one.handle_timeout(30.1) == [Wish.PING]
    assert one.handle_timeout(35.1) == [Wish.DROP]
    assert not one.up


def test_doubt_asks_at_once_and_only_once() -> None:
    one = line(registers=False)
    assert one.doubted(0.0) == []
    one.start(0.0)
    one.connected(0.0)
    one.heard(0.1)
    assert one.doubted(1.0) == [Wish.PING]
    assert one.doubted(1.1) == []
    assert one.handle_timeout(6.0) == [Wish.DROP]
