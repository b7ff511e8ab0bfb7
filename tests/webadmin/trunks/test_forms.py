"""Amounts and lists as people write them."""

from __future__ import annotations

import pytest

from webadmin.trunks.forms import amount, hundredths, listed_words


@pytest.mark.parametrize(
    ("text", "value"),
    [("200", 20000), ("49,5", 4950), ("0.05", 5), (" 1 ", 100), ("", None), ("-1", None), ("1,234", None)],
)
def test_amounts(text: str, value: int | None) -> None:
    assert hundredths(text) == value


def test_amounts_are_written_as_they_are_read() -> None:
    for value in (0, 5, 100, 4950, 12345678):
        assert hundredths(amount(value)) == value


def test_lists() -> None:
    assert listed_words("NO, SE,DK  FI") == ("NO", "SE", "DK", "FI")
