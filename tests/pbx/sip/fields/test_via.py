from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import Via
from tests.pbx.sip import strategies

vias = st.builds(Via, strategies.tokens.map(str.upper), strategies.hosts, strategies.ports, strategies.params)


@given(vias)
def test_a_printed_via_reads_the_same(via: Via) -> None:
    assert Via.parse(str(via)) == via


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"SIP/2.0/UDP {text}", f"SIP/2.0/UDP h;{text}"):
        try:
            via = Via.parse(candidate)
        except PeerError:
            continue
        assert Via.parse(str(via)) == via
        assert via.rport is None or via.rport >= 0


def test_its_parts() -> None:
    via = Via.parse(
        "SIP / 2.0 / udp  first.example.com : 4000;ttl=16 ;rport=99;received=[2001:db8::1];branch=z9hG4bKa7c"
    )
    assert (via.transport, via.host, via.port) == ("UDP", "first.example.com", 4000)
    assert (via.branch, via.rport, via.received) == ("z9hG4bKa7c", 99, "2001:db8::1")
    assert Via.parse("SIP/2.0/TCP h").branch == ""
    assert Via.parse("SIP/2.0/TCP h").received is None
    assert Via.parse("SIP/2.0/TCP h;rport=1234567").rport is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SIP/2.0/UDP",
        "SIP/3.0/UDP h",
        "HTTP/2.0/UDP h",
        "SIP/2.0/UDP h x",
        "SIP/2.0/UDP h:",
        "SIP/2.0/UDP h:;branch=a",
        "SIP/2.0/UDP h:0",
        "SIP/2.0/UDP h:123456",
        "SIP/2.0/UDP h:70000",
        "SIP/2.0/UDP h;;",
        "SIP/2.0/UDP h;branch=a;branch=b",
        "SIP/2.0/UDP h, SIP/2.0/UDP i",
    ],
)
def test_bad_vias(text: str) -> None:
    with pytest.raises(PeerError):
        Via.parse(text)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("SIP/2.0/UDP 192.0.2.9;branch=x", "SIP/2.0/UDP 192.0.2.9;branch=x"),
        ("SIP/2.0/UDP 10.0.0.9;branch=x", "SIP/2.0/UDP 10.0.0.9;branch=x;received=192.0.2.9"),
        (
            "SIP/2.0/UDP 10.0.0.9;rport;branch=x",
            "SIP/2.0/UDP 10.0.0.9;rport=7000;branch=x;received=192.0.2.9",
        ),
        ("SIP/2.0/UDP 192.0.2.9;received=203.0.113.1", "SIP/2.0/UDP 192.0.2.9"),
        (
            "SIP/2.0/UDP 192.0.2.9;rport=1;received=203.0.113.1",
            "SIP/2.0/UDP 192.0.2.9;rport=7000;received=192.0.2.9",
        ),
    ],
)
def test_the_receiver_notes_where_it_came_from(text: str, seen: str) -> None:
    assert str(Via.parse(text).seen_from("192.0.2.9", 7000)) == seen
    assert Via.parse(text).wants_rport == ("rport" in text)
