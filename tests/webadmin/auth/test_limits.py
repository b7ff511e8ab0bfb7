"""So many tries, then a pause."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.auth.limits import WINDOW, forget, place, too_many
from webadmin.db import writing


def test_tries_are_counted_by_key_and_age(app: Flask) -> None:
    with writing() as session:
        assert [too_many(session, AT, "a", 2) for _ in range(4)] == [False, False, True, True]
        assert not too_many(session, AT, "b", 2)
        assert not too_many(session, AT + WINDOW + timedelta(seconds=1), "a", 2)
        forget(session, "a")
        assert not too_many(session, AT + WINDOW, "a", 1)


def test_some_tries_are_forgotten_and_others_stay(app: Flask) -> None:
    with writing() as session:
        for _ in range(3):
            too_many(session, AT, "a", 3)
        assert forget(session, "a", 1) == 1 and forget(session, "b", 5) == 0
        assert [too_many(session, AT, "a", 3) for _ in range(2)] == [False, True]
        assert forget(session, "a", 0) == 0 and forget(session, "a") == 3


def test_a_place_is_an_address_or_the_network_of_one_house() -> None:
    assert place("192.0.2.7") == place("::ffff:192.0.2.7") == "192.0.2.7"
    assert place("2001:db8:1:2:3:4:5:6") == place("2001:db8:1:2::") == "2001:db8:1:2::/64"
    assert place("fe80::1%eth0") == "fe80::/64" and place("::1") == "::/64"
    assert place("") == "" and place("unix:") == "unix:"
