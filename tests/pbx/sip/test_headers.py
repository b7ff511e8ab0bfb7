from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import MisuseError, PeerError
from pbx.sip.headers import Headers
from tests.pbx.sip import strategies


def lines(*texts: str) -> Headers:
    return Headers.from_lines(list(texts))


def test_names_have_no_case_and_compact_forms_are_the_same() -> None:
    headers = lines("v: a", "VIA:b", "Content-length : 3", "x-Own:  c  ")
    assert headers.all("Via") == ["a", "b"]
    assert headers.get("l") == headers.get("Content-Length") == "3"
    assert headers.get("X-OWN") == "c"
    assert "via" in headers
    assert "Route" not in headers
    assert 3 not in headers
    assert list(headers) == [("Via", "a"), ("Via", "b"), ("Content-Length", "3"), ("x-Own", "c")]


def test_values_are_counted_over_lines() -> None:
    headers = lines("Route: <sip:a>, <sip:b,c>", "Route: <sip:d>", "Supported:", "k: Timer,, 100REL")
    assert headers.values("Route") == ["<sip:a>", "<sip:b,c>", "<sip:d>"]
    assert headers.first("Route") == "<sip:a>"
    assert headers.first("Supported") == ""
    assert headers.first("Path") is None
    assert headers.tokens("Supported") == {"timer", "100rel"}
    assert headers.count("Route") == 2


def test_folded_lines_become_one() -> None:
    headers = lines("Subject: one", "\t two", "  three ", "To:", " <sip:a>")
    assert headers.get("Subject") == "one two three"
    assert headers.get("To") == "<sip:a>"
    assert len(headers) == 2


@pytest.mark.parametrize(
    "text", ["", "no colon", ": x", "a b: c", " folded first", "Føø: x", "a\x00: b", "To", "t", "X-A"]
)
def test_what_is_no_header_line(text: str) -> None:
    with pytest.raises(PeerError):
        lines(text, "To: x")


def test_a_missing_header_is_the_peers_fault() -> None:
    assert lines("To: a").need("t") == "a"
    with pytest.raises(PeerError, match="400 Missing To"):
        Headers().need("To")


def test_changing_lines() -> None:
    headers = Headers([("Via", "a"), ("To", "b")])
    headers.prepend("Via", "z")
    headers.add("Via", "c, d")
    assert headers.values("v") == ["z", "a", "c", "d"]
    headers.set("Via", "one")
    headers.set("Expires", "60")
    assert list(headers) == [("Via", "one"), ("To", "b"), ("Expires", "60")]
    headers.append("To", ";tag=1")
    headers.append("Nothing", ";tag=1")
    headers.remove("expires")
    headers.remove("expires")
    assert list(headers) == [("Via", "one"), ("To", "b;tag=1")]


def test_the_first_of_several_values() -> None:
    headers = lines("Route: <sip:a>, <sip:b>", "Route: <sip:c>")
    headers.replace_first("Route", "<sip:x>")
    assert headers.values("Route") == ["<sip:x>", "<sip:b>", "<sip:c>"]
    for left in (["<sip:b>", "<sip:c>"], ["<sip:c>"], [], []):
        headers.remove_first("Route")
        assert headers.values("Route") == left
    with pytest.raises(MisuseError):
        headers.replace_first("Route", "<sip:x>")


def test_a_copy_stands_alone() -> None:
    headers = lines("To: a", "From: b")
    copy, part = headers.copy(), headers.only({"to"})
    headers.set("To", "x")
    assert (copy.get("To"), part.get("To")) == ("a", "a")
    assert len(part) == 1
    part.add_lines(headers.lines("To"), "To")
    assert part.all("To") == ["a", "x"]
    assert repr(part) == "Headers([('To', 'a'), ('To', 'x')])"


def test_any_change_empties_the_cache_of_fields() -> None:
    headers = lines("To: a", "l: 5")
    for change in (
        lambda: headers.add("To", "b"),
        lambda: headers.prepend("To", "b"),
        lambda: headers.set("To", "b"),
        lambda: headers.append("To", "b"),
        lambda: headers.replace_first("To", "b"),
        lambda: headers.remove_first("To"),
        lambda: headers.add_lines(["To: c"], "To"),
        lambda: headers.remove("To"),
        lambda: headers.block(7),
    ):
        headers.parsed["to"] = "old"
        change()
        assert headers.parsed == {}


def test_the_block_carries_the_right_length() -> None:
    assert lines("To: a").block(0) == "To: a\r\nContent-Length: 0"
    assert lines("l:9", "To: a").block(3) == "Content-Length: 3\r\nTo: a"


def test_repeated_single_headers_are_found() -> None:
    assert lines("Via: a", "Via: b", "X-A: 1", "X-A: 2").first_repeated() is None
    assert lines("To: a", "t: b").first_repeated() == "To"
    assert lines("To: a").first_repeated() is None


@pytest.mark.parametrize("value", ["a\r\nEvil: b", "a\n", "a\r", "a\0b"])
def test_nobody_can_add_a_line_end(value: str) -> None:
    headers = Headers([("To", "a")])
    for change in (headers.add, headers.prepend, headers.set, headers.append, headers.replace_first):
        with pytest.raises(MisuseError):
            change("To", value)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "To\r\n"])
def test_nobody_can_add_a_bad_name(name: str) -> None:
    with pytest.raises(MisuseError):
        Headers([(name, "x")])


_own_names = strategies.tokens.map("X-{}".format)
_values = strategies.texts.map(lambda text: text.strip(" \t"))


@given(st.lists(st.tuples(_own_names, _values)))
def test_what_was_added_reads_the_same(pairs: list[tuple[str, str]]) -> None:
    headers = Headers(pairs)
    again = lines(*headers.block(0).split("\r\n")[: len(pairs)])
    assert list(again) == list(headers)
    assert [value for _, value in headers] == [value for _, value in pairs]
