"""Passes: how codes are read, compared and counted, and what a pass opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.access import Denied, DoorState, Granted
from dialplan.passes import (
    ODDS,
    TRIES,
    Code,
    Pass,
    admit,
    code_of,
    match,
    pin_digest,
    pin_length,
    pin_of,
    token_digest,
    token_of,
)
from tests.support.demonstration import house
from tests.support.plans import compiled

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKEN = "abcdefghijklmnopqrstuv"
PLAN = compiled(house())
HOST = PLAN.directory.people[0].id
DOOR = next(rule for rule in PLAN.rules if "code" in rule.methods)


def held(**fields: object) -> Pass:
    values: dict[str, object] = {
        "id": "p1", "host": "", "doors": tuple(sorted(DOOR.doors)), "start": AT - timedelta(hours=1),
        "end": AT + timedelta(hours=1), "uses": None, "pin": "aa", "token": "bb",
    }  # fmt: skip
    return Pass(**{**values, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "pin"), [("123 456", "123456"), ("1234-5678", "12345678"), ("12345", None), ("1" * 9, None)]
)
def test_pins_as_people_type_them(text: str, pin: str | None) -> None:
    assert pin_of(text) == pin


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (TOKEN, TOKEN),
        (f"https://dør.example/g/{TOKEN}", TOKEN),
        (f" https://x.example/g/{TOKEN}?lang=en#a ", TOKEN),
        (f"https://x.example/h/{TOKEN}", None),
        (TOKEN + "w", None),
        ("x" * 600, None),
        ("", None),
    ],
)
def test_tokens_as_readers_read_them(text: str, token: str | None) -> None:
    assert token_of(text) == token


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_none(text: str) -> None:
    assert token_of(text) is None or len(text) >= 22
    assert pin_of(text) is None or len(text) >= 6


def test_a_code_is_digested_for_its_site() -> None:
    assert code_of("a.example", "123 456") == Code(pin=pin_digest("a.example", "123456"))
    assert pin_digest("a.example", "123456") != pin_digest("b.example", "123456")
    assert code_of("a.example", TOKEN) == Code(token=token_digest(TOKEN))
    assert code_of("a.example", "open!") is None


def test_match_finds_by_either_key_and_never_by_an_empty_one() -> None:
    revoked = held(id="r", pin="", token="zz")
    assert match([revoked, held()], Code(pin="aa")) == held()
    assert match([revoked, held()], Code(token="bb")) == held()
    assert match([revoked, held()], Code()) is None
    assert match([revoked], Code(token="")) is None


@given(st.integers(0, 400))
def test_a_round_of_tries_guesses_at_most_once_in_a_thousand(count: int) -> None:
    lengths: list[int] = []
    for _ in range(count):
        length = pin_length(lengths)
        if length is None:
            break
        lengths.append(length)
    assert TRIES * sum(10.0**-length for length in lengths) <= 1 / ODDS + 1e-12


def test_a_few_passes_have_short_pins() -> None:
    assert pin_length([]) == 6
    assert pin_length([6] * 99) == 6
    assert pin_length([6] * 100) == 7  # short ones leave room for thousands of longer ones
    assert pin_length([6] * 100 + [7] * 500 + [8] * 4900) == 8
    assert pin_length([6] * 200) is None


def test_a_pass_opens_its_doors_in_its_time() -> None:
    door = held().doors[0]
    assert isinstance(admit(PLAN, held(), door, AT), Granted)
    assert admit(PLAN, held(doors=()), door, AT) == Denied("no_right")
    assert admit(PLAN, held(start=AT + timedelta(minutes=1)), door, AT) == Denied("wrong_time")
    assert admit(PLAN, held(end=AT), door, AT) == Denied("wrong_time")
    assert admit(PLAN, held(uses=2), door, AT, used=2) == Denied("used_up")
    assert isinstance(admit(PLAN, held(uses=2), door, AT, used=1), Granted)
    assert admit(PLAN, held(doors=("nowhere",)), "nowhere", AT) == Denied("unknown_door")


def test_what_holds_for_the_door_comes_first() -> None:
    door = held().doors[0]
    assert admit(PLAN, held(), door, AT, state=DoorState(tamper=True)) == Denied("tamper")
    assert isinstance(admit(PLAN, held(), door, AT, state=DoorState(tamper=True, fire=True)), Granted)
    lockable = next(each.id for each in PLAN.directory.doors if each.lockdown)
    locked = admit(PLAN, held(doors=(lockable,)), lockable, AT, state=DoorState(lockdown=True))
    assert locked == Denied("lockdown")


def test_a_hosts_pass_is_bound_by_the_hosts_right() -> None:
    door = held().doors[0]
    assert admit(PLAN, held(host="nobody"), door, AT) == Denied("unknown_subject")
    assert isinstance(admit(PLAN, held(host=HOST), door, AT), Granted)
