"""So many tries, then a pause."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.auth.limits import WINDOW, forget, too_many
from webadmin.db import writing


def test_tries_are_counted_by_key_and_age(app: Flask) -> None:
    with writing() as session:
        assert [too_many(session, AT, "a", 2) for _ in range(4)] == [False, False, True, True]
        assert not too_many(session, AT, "b", 2)
        assert not too_many(session, AT + WINDOW + timedelta(seconds=1), "a", 2)
        forget(session, "a")
        assert not too_many(session, AT + WINDOW, "a", 1)
