from __future__ import annotations

from intercom.phone.registration import (
    ANSWER_SECONDS,
    LONGEST_WISH,
    SHORTEST_EXPIRY,
    Registration,
    State,
    Wish,
)


def registration(spread: float = 1.0) -> Registration:
    return Registration(25.0, lambda: spread)


def registered() -> Registration:
    made = registration()
    assert made.start(0.0) == [Wish.CONNECT]
    assert made.connected(0.1) == [Wish.REGISTER]
    made.accepted(300, 0.2)
    assert made.state is State.REGISTERED
    return made


def test_refresh_before_it_expires() -> None:
    for spread, moment in ((0.0, 150.0), (1.0, 270.0)):
        made = Registration(3600.0, lambda spread=spread: spread)  # type: ignore[misc]
        made.start(0.0)
        made.connected(0.0)
        made.accepted(300, 0.0)
        assert made.next_deadline() == moment
        assert made.handle_timeout(moment) == [Wish.REGISTER]


def test_a_ping_that_is_heard() -> None:
    made = registered()
    assert made.handle_timeout(25.2) == [Wish.PING]
    assert made.next_deadline() == 25.2 + ANSWER_SECONDS
    made.heard(25.3)
    assert made.next_deadline() == 50.3


def test_a_ping_that_is_not_heard_means_the_server_is_gone() -> None:
    made = registered()
    made.handle_timeout(25.2)
    assert made.handle_timeout(25.2 + ANSWER_SECONDS) == [Wish.DROP]
    assert made.state is State.AWAY
    retry = made.next_deadline()
    assert retry is not None
    assert made.handle_timeout(retry) == [Wish.CONNECT]


def test_tries_are_further_and_further_apart_up_to_a_minute() -> None:
    made, now, gaps = registration(), 0.0, []
    made.start(0.0)
    for _ in range(9):
        made.failed(now)
        retry = made.next_deadline()
        assert retry is not None
        gaps.append(retry - now)
        now = retry
        made.handle_timeout(now)
    assert gaps == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    made.connected(now)
    made.accepted(300, now)
    assert made.failures == 0


def test_no_two_come_back_in_the_same_second() -> None:
    retries = []
    for spread in (0.0, 0.5, 1.0):
        made = registration(spread)
        made.start(0.0)
        made.connected(0.0)
        made.accepted(300, 0.0)
        made.failures = 6
        assert made.lost(10.0) == []
        retries.append(made.next_deadline())
    assert retries == [40.0, 55.0, 70.0]


def test_the_server_may_ask_for_more_patience() -> None:
    made = registration()
    made.start(0.0)
    made.connected(0.0)
    made.failed(1.0, retry_after=200.0)
    assert made.next_deadline() == 201.0
    made.handle_timeout(201.0)
    made.failed(201.0, retry_after=86400.0)
    assert made.next_deadline() == 201.0 + LONGEST_WISH


def test_an_expiry_of_nothing_makes_no_storm() -> None:
    made = registration()
    made.start(0.0)
    made.connected(0.0)
    made.accepted(0, 0.0)
    assert made.next_deadline() == SHORTEST_EXPIRY * 0.9


def test_a_register_without_answer() -> None:
    made = registration()
    made.start(0.0)
    made.connected(0.0)
    assert made.handle_timeout(ANSWER_SECONDS) == [Wish.DROP]


def test_one_loss_is_one_loss() -> None:
    made = registered()
    made.lost(1.0)
    assert made.failed(1.1) == []
    assert made.lost(1.2) == []
    assert made.failures == 1


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    made = registered()
    made.lost(1.0)
    made.accepted(300, 1.1)
    made.heard(1.1)
    assert made.state is State.AWAY


def test_stopped() -> None:
    made = registered()
    made.stop()
    assert made.next_deadline() is None
