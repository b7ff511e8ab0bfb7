"""A device's token: made from its log-in, worth nothing without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pbx.auth.account import Credential
from pbx.auth.bearer import Bearers, check, token_of
from webadmin.models import Credential as Row
from webadmin.resident import bearer

GOOD = Credential("house.example", "kari-app", "kari-app-x", "0123456789abcdef" * 2, seq=4)


class Book:
    def __init__(self, *known: Credential) -> None:
        self.known = known

    def of_device(self, site: str, device: str) -> Credential | None:
        return next((each for each in self.known if (each.site, each.device) == (site, device)), None)


def test_both_sides_make_the_same() -> None:
    row = Row(site=GOOD.site, device=GOOD.device, ha1=GOOD.ha1, state="active")
    assert bearer.token_of(row) == token_of(GOOD)
    assert bearer.token_of(Row(site="x", device="y", ha1=GOOD.ha1, state="revoked")) == ""


def test_it_says_who_asks() -> None:
    found = check(f"Bearer {token_of(GOOD)}", Book(GOOD))
    assert found is not None and (found.device, found.username, found.seq) == ("kari-app", "kari-app-x", 4)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ;;",
        "Basic " + token_of(GOOD),
        "Bearer " + token_of(GOOD)[:-1],
        "Bearer " + token_of(GOOD) + "0",
        "Bearer " + token_of(GOOD).replace("kari", "ola"),
        "Bearer house.example;kari-app;\udcff",
        "Bearer " + "x" * 9000,
    ],
)
def test_anything_else_is_nobody(header: str) -> None:
    assert check(header, Book(GOOD)) is None


def test_tokens_that_are_nobody_s_are_counted() -> None:
    book = Book(GOOD)
    who = Bearers(book)
    good = f"Bearer {token_of(GOOD)}"
    assert who(good) is not None and who("") is None and who.stats() == {"refused": 0}
    assert who(good.replace("kari", "ola")) is None and who.stats() == {"refused": 1}
    book.known = (replace(GOOD, state="revoked"),)
    assert who(good) is None and who.stats() == {"refused": 2}, "a stolen panel's"


def test_it_dies_with_the_log_in() -> None:
    header = f"Bearer {token_of(GOOD)}"
    assert check(header, Book(replace(GOOD, state="revoked"))) is None
    assert check(header, Book(replace(GOOD, ha1="f" * 32))) is None
    assert check(header, Book()) is None
    assert check(f"Bearer {token_of(replace(GOOD, ha1=''))}", Book(replace(GOOD, ha1=""))) is None
