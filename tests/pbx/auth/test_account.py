"""Addresses of record and who may use them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.auth.account import address_of, may_speak_as
from pbx.sip.errors import PeerError

from .world import SITE, Owners, identity


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:kari@fjordgata.example", ("kari", "fjordgata.example")),
        ("sips:kari@fjordgata.example", ("kari", "fjordgata.example")),
        ("sip:kari@FJORDGATA.example", ("kari", "fjordgata.example")),
        ("sip:k%61ri@fjordgata.example:5060;transport=tcp", ("kari", "fjordgata.example")),
        ("sip:fjordgata.example", ("", "fjordgata.example")),
        ("sip:kari:secret@[2001:db8::1]", ("kari", "[2001:db8::1]")),
    ],
)
def test_addresses(uri: str, expected: tuple[str, str]) -> None:
    assert address_of(uri) == expected


@pytest.mark.parametrize(
    "uri", ["", "kari", "tel:+47", "sip:@x", "sip:a@b@c", 'sip:a@b"c', "sip:a@" + "b" * 3000]
)
def test_what_is_none(uri: str) -> None:
    with pytest.raises(PeerError):
        address_of(uri)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_the_peers_fault(text: str) -> None:
    try:
        _, host = address_of("sip:" + text)
    except PeerError:
        return
    assert '"' not in host


def test_own_name_and_owners_name_at_the_own_site() -> None:
    owners = Owners(**{"kari-app": "kari"})
    app = identity("kari-app")
    assert may_speak_as(app, owners, "kari-app", SITE)
    assert may_speak_as(app, owners, "kari", SITE)
    assert not may_speak_as(app, owners, "ola", SITE)
    assert not may_speak_as(app, owners, "kari", "havnegata.example")
    assert not may_speak_as(app, owners, "", SITE)
