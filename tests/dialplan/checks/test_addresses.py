"""Each address and number leads to one person, device or button."""

from __future__ import annotations

import pytest

from dialplan.checks.addresses import addresses, emergency
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (addresses, emergency):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    ("table", "id_", "field", "value", "message"),
    [
        ("people", "kari", "number", "102", None),
        ("people", "ola", "user", "kari", "the address 'kari' is used at people/kari/user too"),
        ("devices", "kari-phone", "number", "101", "the number '101' is used at people/kari/number too"),
        ("devices", "kari-phone", "username", "101", "the number '101' is used at people/kari/number too"),
        ("buttons", "help", "user", "kari", "the address 'kari' is used at people/kari/user too"),
        ("buttons", "help", "number", "11", "the number '11' is used at buttons/nordmann/number too"),
        ("buttons", "b-aase", "user", "ola", "the address 'ola' is used at people/ola/user too"),
    ],
)
def test_an_address_has_one_owner(table: str, id_: str, field: str, value: str, message: str | None) -> None:
    found = said(addresses, changed(house(), table, id_, **{field: value}))
    if message is None:
        assert found == [("people/aase/number", "the number '102' is used at people/kari/number too")]
    else:
        assert found == [(f"{table}/{id_}/{field}", message)]


def test_a_person_and_the_own_button_may_share_an_address() -> None:
    rows = changed(house(), "buttons", "b-aase", user="aase", number="102")
    assert said(addresses, rows) == []


@pytest.mark.parametrize("number", ["1a", "123456789", "+47", "٣", " 1"])
def test_what_is_no_number(number: str) -> None:
    found = said(addresses, changed(house(), "people", "ola", number=number))
    assert found == [("people/ola/number", "this is no short number")]


@pytest.mark.parametrize("user", ["Kari", "kari@home", "a b", "a" * 65, "-a", "å"])
def test_what_is_no_address(user: str) -> None:
    found = said(addresses, changed(house(), "devices", "kari-phone", username=user))
    assert found == [("devices/kari-phone/username", "this is no address")]


def test_no_short_number_is_an_emergency_number() -> None:
    for table, id_, field in (
        ("people", "kari", "number"),
        ("devices", "kari-phone", "username"),
        ("buttons", "help", "number"),
    ):
        found = said(emergency, changed(house(), table, id_, **{field: "112"}))
        assert found == [(f"{table}/{id_}/{field}", "112 is an emergency number")]
