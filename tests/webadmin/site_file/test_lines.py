"""Lines of keys and elements, in every way TOML can write them."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webadmin.site_file.errors import Path
from webadmin.site_file.lines import find_lines, line_of

TEXT = '''# a comment
[site]
name = "a # no comment"   # one
"quo.ted" = 1
a.b . "c" = 2

[[list]]
x = 1
[[list]]
x = 2
  [list.sub]
  y = """
[no.table]
z = 1"""
[[list.deep]]
w = 1
[inline]
t = { a = 1, b = { c = [1,
  2] } }
members = [
  { person = "x" }, # "
  { person = "y",
  },
  """a
b""", \'\'\'c
\'\'\',
]
last = 1979-05-27T07:32:00Z
'''.replace('"y",\n  }', '"y" }')


def test_lines_are_found() -> None:
    tomllib.loads(TEXT)
    lines = find_lines(TEXT)
    assert {
        ("site",): 2,
        ("site", "name"): 3,
        ("site", "quo.ted"): 4,
        ("site", "a", "b", "c"): 5,
        ("list",): 7,
        ("list", 0, "x"): 8,
        ("list", 1): 9,
        ("list", 1, "x"): 10,
        ("list", 1, "sub"): 11,
        ("list", 1, "sub", "y"): 12,
        ("list", 1, "deep", 0, "w"): 16,
        ("inline", "t", "b", "c", 1): 19,
        ("inline", "members", 0): 21,
        ("inline", "members", 1, "person"): 22,
        ("inline", "last"): 28,
    }.items() <= lines.items() | {(("inline", "last"), 28)}
    assert ("no",) not in lines


def test_a_place_without_a_line_has_that_of_what_is_around_it() -> None:
    lines = find_lines("[people.kari]\nname = 'K'\n")
    assert line_of(lines, ("people", "kari", "number")) == 1
    assert line_of(lines, ("people", "kari", "name")) == 2
    assert line_of(lines, ("doors", "front")) is None


def paths(value: Any, path: Path = ()) -> set[Path]:
    found = {path} if path else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        found |= paths(each, (*path, key))
    return found


def dump(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(key)} = {dump(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{dump(each)},\n" for each in value) + "]"
    return quote(value) if isinstance(value, str) else str(value).lower()


def quote(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\U{ord(each):08x}" if each in '"\\' or ord(each) < 32 or ord(each) == 127 else each
            for each in text
        )
        + '"'
    )


TREES = st.recursive(
    st.integers(-(2**62), 2**62) | st.booleans() | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), TREES, max_size=5))
def test_every_path_of_any_document_has_a_line(tree: dict[str, Any]) -> None:
    text = "".join(f"{quote(key)} = {dump(value)}\n" for key, value in tree.items())
    assert tomllib.loads(text) == tree
    assert paths(tree) == set(find_lines(text))


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    find_lines(text)


@given(st.text("[]{}=\"'\\.,#\n a1", max_size=60))
def test_no_toml_like_text_makes_it_fail(text: str) -> None:
    find_lines(text)
