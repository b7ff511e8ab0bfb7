from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import NameAddr, parse_contacts
from tests.pbx.sip import strategies

addresses = st.builds(
    NameAddr,
    strategies.texts,
    st.sampled_from(["sip:a@b", "sips:a@b;lr?x=y", "tel:+47", "sip:a,b@c;d", "urn:service:sos"]),
    strategies.params,
)


@given(addresses)
def test_a_printed_address_reads_the_same(address: NameAddr) -> None:
    assert NameAddr.parse(str(address)) == address


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"<sip:{text}>", f"{text} <sip:a@b>", f'"{text}" <sip:a@b>', f"<sip:a@b>;{text}"):
        try:
            address = NameAddr.parse(candidate)
        except PeerError:
            continue
        if "\0" not in candidate and "\r" not in candidate and "\n" not in candidate:
            assert NameAddr.parse(str(address)) == address


@pytest.mark.parametrize(
    ("text", "display", "uri", "params"),
    [
        ('"A. G. Bell" <sip:agb@bell.com> ;tag=a48s', "A. G. Bell", "sip:agb@bell.com", {"tag": "a48s"}),
        (
            "sip:+12125551212@server.phone2net.com;tag=887s",
            "",
            "sip:+12125551212@server.phone2net.com",
            {"tag": "887s"},
        ),
        ("Anonymous<sip:c8@x.com>;Tag=h", "Anonymous", "sip:c8@x.com", {"tag": "h"}),
        (r'"J \"R\" \\"<sip:a@b>', r'J "R" \ '.strip(), "sip:a@b", {}),
        ("Åse på Løkka (2.) <sip:a@b>", "Åse på Løkka (2.)", "sip:a@b", {}),
        ("<sip:a@b;lr?x=y>", "", "sip:a@b;lr?x=y", {}),
        ("<tel:+4722334455>", "", "tel:+4722334455", {}),
        (
            ' <sip:a@b> ; q = 0.5;+sip.instance="<urn:uuid:1>"',
            "",
            "sip:a@b",
            {"q": "0.5", "+sip.instance": '"<urn:uuid:1>"'},
        ),
    ],
)
def test_forms_that_are_sent(text: str, display: str, uri: str, params: dict[str, str]) -> None:
    assert NameAddr.parse(text) == (display, uri, params)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<>",
        "<sip:>",
        "sip",
        "sip:a@b?x=y",
        "sip:a@b,sip:c@d",
        "<sip:a@b>, <sip:c@d>",
        "<sip:a@b",
        '"a <sip:a@b>',
        '"a"b <sip:a@b>',
        "Bell, A <sip:a@b>",
        "< sip:a@b>",
        "<sip:a b@c>",
        "<sip:a@b>x",
        "<sip:a@b>;tag=1;tag=2",
        "*",
    ],
)
def test_bad_addresses(text: str) -> None:
    with pytest.raises(PeerError):
        NameAddr.parse(text)


def test_what_it_knows_of_itself() -> None:
    address = NameAddr.parse('<sip:bob@host>;tag=1;+sip.instance="<urn:uuid:1>";ob')
    assert address.tag == "1"
    assert address.sip_uri.user == "bob"
    assert [address.param(name) for name in ("+sip.instance", "ob", "q")] == ["<urn:uuid:1>", "", None]
    assert NameAddr.parse("<sip:a@b>").tag is None
    assert str(NameAddr.parse("sip:a@b").with_tag("t")) == "<sip:a@b>;tag=t"


def test_the_star_stands_alone() -> None:
    assert parse_contacts(["*"]) is None
    assert parse_contacts([]) == []
    assert parse_contacts(["<sip:a@b>"]) == [NameAddr("", "sip:a@b", {})]
    for values in (["*", "<sip:a@b>"], ["*;expires=0"], ["*", "*"]):
        with pytest.raises(PeerError):
            parse_contacts(values)
