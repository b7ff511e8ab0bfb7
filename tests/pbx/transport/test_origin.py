"""Origins: equal or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.transport.origin import origin_allowed

PUBLIC = ["https://door.example", "https://door.example:8443", "http://localhost:8088"]


@pytest.mark.parametrize(
    "origin",
    ["https://door.example", "https://door.example:443", "HTTPS://DOOR.example", "https://door.example:8443"],
)
def test_ours(origin: str) -> None:
    assert origin_allowed(origin, PUBLIC, native_allowed=False)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://door.example",
        "https://door.example.evil.example",
        "https://evil.example/https://door.example",
        "https://door.example@evil.example",
        "https://x@door.example",
        "https://door.example/",
        "https://door.example:444",
        "https://door.example:99999",
        "https://[door.example",
        "file://",
        "door.example",
        "*",
    ],
)
def test_others(origin: str) -> None:
    assert not origin_allowed(origin, PUBLIC, native_allowed=True)


def test_none_at_all_is_for_native_clients() -> None:
    assert origin_allowed(None, PUBLIC, native_allowed=True)
    assert not origin_allowed(None, PUBLIC, native_allowed=False)


@given(st.text(max_size=40))
def test_any_text(origin: str) -> None:
    assert not origin_allowed(origin, [], native_allowed=True)
    origin_allowed("https://" + origin, PUBLIC, native_allowed=False)
