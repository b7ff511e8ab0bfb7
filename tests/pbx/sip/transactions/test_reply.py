"""Responses as bytes: Via stamped as RFC 3581 wants, lines echoed, our tag in To."""

from __future__ import annotations

import pytest

from pbx.sip.flow import Flow
from pbx.sip.message import Request, parse, response_to
from pbx.sip.transactions.reply import Reply, complete, stamped_via

FLOW = Flow("udp", ("192.0.2.1", 5060), ("198.51.100.7", 40000))


def asked(via: str, to: str = "<sip:b@x>", more: str = "") -> Request:
    text = (
        f"OPTIONS sip:b@x SIP/2.0\r\nVia: {via}\r\n{more}From: <sip:a@x>;tag=f\r\nt: {to}\r\nCall-ID: c\r\n"
        "CSeq: 1 OPTIONS\r\n\r\n"
    )
    request = parse(text.encode())
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("via", "stamped"),
    [
        (
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport",
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport=40000;received=198.51.100.7",
        ),
        (
            "SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bK1",
            "SIP/2.0/UDP 10.0.0.1;rport=40000;received=198.51.100.7;branch=z9hG4bK1",
        ),
        ("SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1", "SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1"),
        (
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1",
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=198.51.100.7",
        ),
        (
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=1.2.3.4",
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;received=198.51.100.7",
        ),
        (
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2",
            "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport=40000;received=198.51.100.7,"
            " SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2",
        ),
        ("nonsense;branch=z9hG4bK1", "nonsense;branch=z9hG4bK1"),
    ],
)
def test_via_comes_back_with_the_source_it_was_seen_from(via: str, stamped: str) -> None:
    assert stamped_via(asked(via), FLOW) == stamped


def test_all_that_is_prescribed_is_echoed_in_order() -> None:
    more = "Via: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK2\r\nRecord-Route: <sip:p;lr>\r\n"
    request = asked("SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1", more=more)
    wire = Reply(request, FLOW, "ours").compose(200, lines=["Allow: INVITE"], body=b"hello")
    assert wire == (
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1\r\n"
        b"Via: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK2\r\nFrom: <sip:a@x>;tag=f\r\nt: <sip:b@x>;tag=ours\r\n"
        b"Call-ID: c\r\nCSeq: 1 OPTIONS\r\nAllow: INVITE\r\nContent-Length: 5\r\n\r\nhello"
    )
    assert Reply(request, FLOW, "ours").record_route == ["Record-Route: <sip:p;lr>"]


def test_100_goes_without_our_tag_and_unknown_statuses_have_a_reason() -> None:
    reply = Reply(asked("SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1"), FLOW, "ours")
    assert b"tag=ours" not in reply.compose(100, tagged=False)
    assert reply.compose(499).startswith(b"SIP/2.0 499 Unknown\r\n")
    assert reply.compose(400, reason="Bad CSeq").startswith(b"SIP/2.0 400 Bad CSeq\r\n")


def test_a_response_made_elsewhere_is_completed() -> None:
    more = "Via: SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK2\r\n"
    request = asked("SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport", more=more)
    response = parse(complete(response_to(request, 404), request, FLOW, "ours"))
    assert response.headers.all("Via") == [
        "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport=40000;received=198.51.100.7",
        "SIP/2.0/TCP 10.0.0.2;branch=z9hG4bK2",
    ]
    assert response.to_tag == "ours"


def test_a_tag_given_by_the_user_stays() -> None:
    request = asked("SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1;rport")
    response = parse(complete(response_to(request, 404, to_tag="theirs"), request, FLOW, "ours"))
    assert response.to_tag == "theirs"


def test_100_made_elsewhere_goes_without_our_tag() -> None:
    request = asked("SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bK1")
    assert parse(complete(response_to(request, 100), request, FLOW, "ours")).to_tag is None
