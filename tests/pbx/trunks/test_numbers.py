"""What a number is, and what none is; thieves' numbers in every spelling are none that a house may call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.facts import Fact
from pbx.trunks.guard import Denied, Guard
from pbx.trunks.numbers import Number, is_emergency, read, written
from tests.pbx.trunks.hostile import HOSTILE, spellings
from tests.support.carriers import LIMITS

OSLO = Number("+4722334455", "NO", "fixed", "22334455")


@pytest.mark.parametrize(
    "text",
    ["+4722334455", "22334455", "004722334455", "tel:+47-22-33-44-55", "+47 22 33 44 55", "(22)334455"],
)
def test_one_number_in_its_spellings(text: str) -> None:
    assert read(text, "NO") == OSLO


@pytest.mark.parametrize(
    "text",
    [
        *("", "112", "+47112", "911", "1", "abc", "2233445a", "22334455;ext=2", "22334455,1", "+47"),
        *("+4722334455@evil.example", "٢٢٣٣٤٤٥٥", "2" * 40, "+999123456789", "tel:tel:+4722334455"),
        *("++4722334455", "+47 22 33"),
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read(text, "NO") is None


@given(st.text(max_size=40))
def test_nothing_hurts(text: str) -> None:
    found = read(text, "NO")
    assert found is None or (found.e164[0] == "+" and found.e164[1:].isdecimal())


def test_how_carriers_want_it() -> None:
    assert [written("+4722334455", form) for form in ("plus", "digits", "national")] == [
        "+4722334455",
        "4722334455",
        "22334455",
    ]
    assert written("112", "digits") == "112"
    assert is_emergency("112")
    assert not is_emergency("+4722334455")


def test_fifty_hostile_numbers_in_seven_spellings_are_refused() -> None:
    told: list[Fact] = []
    guard = Guard(lambda site: "today", lambda use: None, told.append)
    wide = replace(LIMITS, calls=1000, calls_per_person=100, calls_per_hour=1000)
    assert len(set(HOSTILE)) >= 50
    for number in HOSTILE:
        texts = list(spellings(number))
        assert len(texts) == 7
        for text in texts:
            assert isinstance(guard.ask("house.example", wide, "kari", text, 0.0), Denied), text
    assert len(told) == 1
