from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import MisuseError, PeerError
from pbx.sip.grammar import (
    number,
    parse_params,
    print_params,
    quote,
    split_list,
    split_params,
    unquote,
)
from tests.pbx.sip import strategies


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("  ", []),
        ("a", ["a"]),
        ("a, b ,c", ["a", "b", "c"]),
        ("a,,b", ["a", "", "b"]),
        ('"x, y" <sip:a>, <sip:b,c>', ['"x, y" <sip:a>', "<sip:b,c>"]),
        (r'"x\", y", z', [r'"x\", y"', "z"]),
        ('"<", b', ['"<"', "b"]),
    ],
)
def test_a_list_is_parted_at_bare_commas(text: str, values: list[str]) -> None:
    assert split_list(text) == values


@pytest.mark.parametrize("text", ['a,"b', "a,<b", '"\\",', 'a, "b\\'])
def test_what_never_closes_is_refused(text: str) -> None:
    with pytest.raises(PeerError):
        split_list(text)


def test_parameters_keep_their_text_and_order() -> None:
    params = parse_params(' ; B = "x;\\"y" ;a;c=[2001:db8::1]')
    assert list(params.items()) == [("b", '"x;\\"y"'), ("a", None), ("c", "[2001:db8::1]")]
    assert print_params(params) == ';b="x;\\"y";a;c=[2001:db8::1]'


def test_values_seen_in_the_field_are_let_through() -> None:
    assert parse_params(";id={1-2}/x@y;u=ø") == {"id": "{1-2}/x@y", "u": "ø"}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        ";",
        ";;a",
        ";a;A",
        ";a=",
        ';a="b',
        ';a="b"c',
        ";a=b c",
        ";a b",
        ";=b",
        ";a=b\\c",
        ";a=<b>",
        ";a=;b=c",
        ";a;b=",
        ";a;;b",
    ],
)
def test_bad_parameters(text: str) -> None:
    with pytest.raises(PeerError):
        parse_params(text)


@given(strategies.params)
def test_parameters_come_back(params: dict[str, str | None]) -> None:
    assert parse_params(print_params(params)) == params


@given(strategies.texts)
def test_quoting_comes_back(text: str) -> None:
    assert unquote(quote(text)) == text
    assert split_params(f"{quote(text)};b") == [quote(text), "b"]


def test_what_is_not_quoted_stays() -> None:
    assert [unquote(text) for text in ("a", '"', '""')] == ["a", '"', ""]


@pytest.mark.parametrize("text", ["a\r", "a\n", "a\0"])
def test_a_line_end_cannot_be_quoted(text: str) -> None:
    with pytest.raises(MisuseError):
        quote(text)


@given(st.integers(0, 2**32 - 1))
def test_numbers(value: int) -> None:
    assert number(str(value), "x") == number(f"000{value}", "x") == value


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "٣", "4294967296", "0" * 21, "1.0", "²"])
def test_bad_numbers(text: str) -> None:
    with pytest.raises(PeerError):
        number(text, "x")
