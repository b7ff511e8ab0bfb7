"""Papers: only those that WebAdmin's key has signed, for this device, and for a day at most."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dialplan.passes import Code
from intercom.papers import MAX_BYTES, TYPE, find, opening, read, read_all

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
SITE, ME = "house.example", "gate"
DOOR = {"door": "front", "relay": "r1", "ms": 3000, "spans": None}
CLAIMS: dict[str, Any] = {
    "iss": SITE, "aud": ME, "sub": "p1", "pin": "aa", "token": "bb", "doors": [DOOR],
    "nbf": 1000, "iat": 1000, "exp": 2000,
}  # fmt: skip


def signed(key: Ed25519PrivateKey = KEY, typ: str = TYPE, **changes: Any) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": typ})


def test_a_genuine_paper() -> None:
    paper = read(signed(), KEY.public_key(), SITE, ME)
    assert paper is not None and (paper.begins, paper.ends) == (1000.0, 2000.0)
    assert find([paper], Code(token="bb")) is paper
    assert opening(paper, "front", 1500.0) is opening(paper, "", 1500.0) is paper.openings[0]
    assert opening(paper, "back", 1500.0) is None
    assert opening(paper, "", 2000.0) is None


@pytest.mark.parametrize(
    "change",
    [
        {"key": OTHER},
        {"typ": "doorline-order+jwt"},
        {"aud": "other"},
        {"iss": "other.example"},
        {"exp": 1000 + 86_401},
        {"exp": 1000},
        {"exp": True},
        {"nbf": "1000"},
        {"pin": 7},
        {"doors": {}},
        {"doors": ["front"]},
        {"doors": [{**DOOR, "ms": 70_000}]},
        {"doors": [{**DOOR, "ms": True}]},
        {"doors": [{**DOOR, "spans": [[1]]}]},
        {"doors": [{**DOOR, "spans": "x"}]},
        {"doors": [{"door": "front"}]},
        {"sub": "x" * 200},
        {"token": ...},
        {"aud": "x" * MAX_BYTES},
    ],
)
def test_no_paper(change: dict[str, Any]) -> None:
    assert read(signed(**change), KEY.public_key(), SITE, ME) is None


def test_no_other_algorithm_than_ours() -> None:
    forged = jwt.encode(CLAIMS, "0" * 32, algorithm="HS256", headers={"typ": TYPE})
    bare = jwt.encode(CLAIMS, "", algorithm="none", headers={"typ": TYPE})
    assert read(forged, KEY.public_key(), SITE, ME) is None
    assert read(bare, KEY.public_key(), SITE, ME) is None


def test_all_papers_of_a_document() -> None:
    body = json.dumps({"passes": [signed(), signed(OTHER), 7, "x"]})
    assert [paper.id for paper in read_all(body, KEY.public_key(), SITE, ME)] == ["p1"]


@given(st.text(max_size=60))
def test_any_text_is_no_document(body: str) -> None:
    assert read_all(body, KEY.public_key(), SITE, ME) == []
    assert read(body, KEY.public_key(), SITE, ME) is None


@pytest.mark.parametrize("body", ["[]", "{}", '{"passes": 1}', "[" * 5000])
def test_other_documents_hold_none(body: str) -> None:
    assert read_all(body, KEY.public_key(), SITE, ME) == []
