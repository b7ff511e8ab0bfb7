"""Ids, names, bounds, references, repetitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.checks.text import check_bounds, check_id, check_known, check_name, check_twice


@pytest.mark.parametrize("text", ["a", "7", "kari-nordmann", "H0101", "a.b_c", "x" * 64])
def test_ids(text: str) -> None:
    assert list(check_id("w", text)) == []


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "å", "a/b", "x" * 65, "a\n"])
def test_what_is_no_id(text: str) -> None:
    assert [error.message for error in check_id("w", text)] == ["this id cannot be used"]


@pytest.mark.parametrize(
    "text", ["Kari", "Åse Ødegård", "O'Brien & sønner", "王伟", "می\u200cخواهم", "x" * 64, "<b>"]
)
def test_names(text: str) -> None:
    assert list(check_name("w", text)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the name is missing"),
        ("x" * 65, "the name is too long (65 characters)"),
        (" Kari", "the name begins or ends with a space"),
        ("Kari\n", "the name has invisible or control characters"),
        ("a\x00b", "the name has invisible or control characters"),
        ("a\u202eb", "the name has invisible or control characters"),
        ("a\u2028b", "the name has invisible or control characters"),
        ("a\ud800b", "the name has invisible or control characters"),
        ("\ufeffKari", "the name has invisible or control characters"),
    ],
)
def test_what_is_no_name(text: str, message: str) -> None:
    assert [error.message for error in check_name("w", text)] == [message]


def test_a_name_that_may_be_left_out() -> None:
    assert list(check_name("w", "", needed=False)) == []


@given(st.text())
def test_a_good_name_can_be_printed_on_one_line(text: str) -> None:
    if not list(check_name("w", text)):
        assert text.splitlines() == [text] and text.encode()


def test_bounds_include_both_ends() -> None:
    assert [list(check_bounds("w", value, 1, 60, "it")) == [] for value in (0, 1, 60, 61)] == [
        False,
        True,
        True,
        False,
    ]


def test_references_and_repetitions() -> None:
    assert list(check_known("w", "a", {"a"}, "door")) == []
    assert [error.message for error in check_known("w", "b" * 99, {"a"}, "door")] == [
        f"there is no door {'b' * 64!r}"
    ]
    assert [error.message for error in check_twice("w", ["a", "b", "a"], "door")] == [
        "door 'a' is listed twice"
    ]
