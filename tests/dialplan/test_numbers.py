"""What a dialled string is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.numbers import EMERGENCY, Dialled, classify, is_e164, is_number, is_user


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("kari", "user", "kari"),
        ("Kari.Nordmann", "user", "kari.nordmann"),
        (" b-7 ", "user", "b-7"),
        ("101", "number", "101"),
        ("12345678", "number", "12345678"),
        ("123456789", "user", "123456789"),
        ("tel:101", "number", "101"),
        ("TEL:+47-22-33-44-55;isub=1", "tel", "+4722334455"),
        ("+47 22 33 44 55", "tel", "+4722334455"),
        ("tel:(112)", "emergency", "112"),
        ("112", "emergency", "112"),
        ("+0", "malformed", ""),
        ("", "malformed", ""),
        ("kari nordmann", "malformed", ""),
        ("åse", "malformed", ""),
        ("-kari", "malformed", ""),
        ("a" * 65, "malformed", ""),
        ("101\n", "number", "101"),
        ("10\n1", "malformed", ""),
        ("١٢٣", "malformed", ""),
    ],
)
def test_a_dialled_string_is(text: str, kind: str, value: str) -> None:
    found = classify(text)
    assert (found.kind, found.value) == (kind, value)


@given(st.text())
def test_nothing_that_is_dialled_can_hurt(text: str) -> None:
    found = classify(text)
    assert (found.kind == "malformed") == (found.value == "")
    assert found.value.isascii() and found.value.isprintable() and len(found.value) <= 64
    assert classify(found.value) == found


def test_emergency_numbers_would_else_be_short_numbers() -> None:
    assert all(is_number(number) for number in EMERGENCY)
    assert classify("113") == Dialled("emergency", "113")


def test_forms() -> None:
    assert is_user("a") and not is_user("A") and not is_user("a@b")
    assert is_number("5") and not is_number("5a")
    assert is_e164("+4722334455") and not is_e164("+47") and not is_e164("004722334455")
