"""Guests' lines: one call to the host, few of them, and dead with their pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from dialplan.passes import Pass
from pbx.auth.account import Identity
from pbx.auth.guests import (
    CALL_SECONDS,
    LINE_SECONDS,
    MOST,
    WITHIN_SECONDS,
    GuestLines,
    Line,
    is_guest,
)
from pbx.sip.digest import ha1
from tests.dialplan.test_guest import the_house

from .world import Book, credential

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "guest.example"
PASS = Pass("p1", "kari", ("front",), AT - timedelta(hours=1), AT + timedelta(hours=1), 1, "pin", "token")


def lines() -> GuestLines:
    words = count()
    return GuestLines(Book(credential("ola")), lambda: f"word{next(words)}")


def who(line: Line) -> Identity:
    return Identity(SITE, line.username, line.username)


def test_a_line_is_a_log_in_that_tells_nothing_of_its_pass() -> None:
    desk = lines()
    line = desk.make(SITE, PASS, AT, 0.0)
    assert line is not None and is_guest(line.username) and "p1" not in line.username
    found = desk.find(SITE, line.username)
    assert found is not None and found.ha1 == ha1(line.username, SITE, line.secret)
    assert desk.find("other.example", line.username) is None
    ola = credential("ola")
    assert desk.find(ola.site, "ola") == ola
    own = desk.plan_of(who(line), the_house(), AT)
    assert own is not None and own.panel(line.username) is not None
    assert desk.stats() == {"lines": 1}


def test_none_for_the_house_s_own_pass_or_outside_its_time() -> None:
    desk = lines()
    assert desk.make(SITE, replace(PASS, host=""), AT, 0.0) is None
    assert desk.make(SITE, PASS, AT - timedelta(hours=2), 0.0) is None
    assert desk.make(SITE, PASS, PASS.end, 0.0) is None
    line = desk.make(SITE, PASS, AT, 0.0)
    assert line is not None and desk.plan_of(who(line), the_house(), PASS.end) is None


def test_few_and_the_newest_counts() -> None:
    desk = lines()
    made = [desk.make(SITE, PASS, AT, float(at)) for at in range(MOST)]
    assert all(made) and desk.make(SITE, PASS, AT, 5.0) is None
    known = [desk.find(SITE, line.username) is not None for line in made if line is not None]
    assert known == [False] * (MOST - 1) + [True]
    assert desk.make(SITE, PASS, AT, WITHIN_SECONDS) is not None


def test_over_by_time_or_with_the_pass() -> None:
    desk = lines()
    assert desk.next_deadline() is None
    line = desk.make(SITE, PASS, AT, 0.0)
    assert line is not None and desk.next_deadline() == LINE_SECONDS
    assert not desk.take({SITE: [PASS]})
    assert list(desk.take({SITE: []})) == [(SITE, line.username)]
    assert desk.find(SITE, line.username) is None and desk.plan_of(who(line), the_house(), AT) is None
    again = desk.make(SITE, PASS, AT, 10.0)
    assert again is not None
    desk.handle_timeout(10.0 + LINE_SECONDS)
    assert desk.find(SITE, again.username) is None


def test_a_call_by_a_line_that_takes_no_new_one_ends_with_the_pass_all_the_same() -> None:
    desk = lines()
    first, second = desk.make(SITE, PASS, AT, 0.0), desk.make(SITE, PASS, AT, 10.0)
    assert first is not None and second is not None
    desk.handle_timeout(10.0 + LINE_SECONDS)
    for line in (first, second):
        assert desk.find(SITE, line.username) is None and desk.plan_of(who(line), the_house(), AT) is None
    gone = desk.take({SITE: []})
    assert set(gone) == {(SITE, first.username), (SITE, second.username)}
    assert not desk.take({SITE: []}) and desk.next_deadline() is None


def test_nothing_is_kept_of_a_line_for_ever() -> None:
    desk = lines()
    desk.make(SITE, PASS, AT, 0.0)
    desk.make(SITE, PASS, AT, 1.0)
    for _ in range(10):
        due = desk.next_deadline()
        if due is None:
            break
        desk.handle_timeout(due)
    assert desk.next_deadline() is None and not desk.take({SITE: []})
    assert due is None and CALL_SECONDS > LINE_SECONDS
