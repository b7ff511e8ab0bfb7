"""Which subscriptions are whole, and which addresses are push services."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.push.subscription import may_post, parse

P256DH, AUTH = "B" + "A" * 86, "A" * 22
GOOD = {"endpoint": "https://push.example/x", "keys": {"p256dh": P256DH, "auth": AUTH}}
HOSTS = ("push.example", "*.notify.example", "own.example:8443")


def test_a_whole_one() -> None:
    found = parse(json.dumps(GOOD))
    assert found is not None and found.endpoint == "https://push.example/x"


@pytest.mark.parametrize(
    "change",
    [{"keys": {}}, {"keys": {"p256dh": P256DH}}, {"keys": {"p256dh": "AA", "auth": AUTH}}, {"endpoint": 5}],
)
def test_parts_of_one(change: dict[str, object]) -> None:
    assert parse(json.dumps(GOOD | change)) is None


@given(st.text() | st.recursive(st.none() | st.text(), lambda x: st.lists(x)).map(json.dumps))
def test_anything_else_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://push.example/x", True),
        ("https://PUSH.example:443/x", True),
        ("https://a.notify.example/x", True),
        ("https://own.example:8443/x", True),
        ("http://push.example/x", False),
        ("https://push.example:8443/x", False),
        ("https://notify.example/x", False),
        ("https://evilnotify.example/x", False),
        ("https://push.example.evil.example/x", False),
        ("https://push.example@evil.example/x", False),
        ("https://evil.example\\@push.example/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1]/x", False),
        ("https://push.example:99999/x", False),
        ("https:///x", False),
        ("", False),
        ("https://push.example/" + "x" * 3000, False),
    ],
)
def test_addresses(address: str, good: bool) -> None:
    assert may_post(address, HOSTS) is good
