"""Requests of ours outside dialogs, and their second tries with credentials."""

from __future__ import annotations

import pytest

from pbx.sip.errors import MisuseError
from pbx.sip.events import ResponseReceived
from pbx.sip.message import Message, Request, Response
from tests.support.lone import Lone


def only(messages: list[Message]) -> Request:
    (message,) = messages
    assert isinstance(message, Request)
    return message


def register(lone: Lone, hook: object = None) -> Request:
    request = lone.engine.build_request(
        "REGISTER",
        "sip:example.org",
        from_="<sip:door@example.org>",
        to="<sip:door@example.org>",
        headers=[("Expires", "300"), ("Contact", lone.engine.contact(lone.flow))],
    )
    lone.engine.send_request(request, lone.flow, lone.now, "mine", answer_challenge=hook)  # type: ignore[arg-type]
    return only(lone.sent())


def test_what_is_sent() -> None:
    request = register(Lone())
    assert request.uri == "sip:example.org"
    assert [name for name, _ in request.headers][:2] == ["Via", "Max-Forwards"]
    assert request.from_tag and request.to_tag is None
    assert (request.cseq.number, request.cseq.method) == (1, "REGISTER")
    assert request.headers.get("Contact") == "<sip:192.0.2.1:5060;transport=udp>"


def test_a_body_has_its_type() -> None:
    request = Lone().engine.build_request(
        "MESSAGE", "sip:x", from_="<sip:a@b>", to="<sip:c@d>", body=b"hi", content_type="text/plain"
    )
    assert (request.body, request.content_type) == (b"hi", "text/plain")


def test_the_user_may_set_max_forwards() -> None:
    lone = Lone()
    request = lone.engine.build_request(
        "OPTIONS", "sip:x", from_="<sip:a@b>", to="<sip:c@d>", headers=[("Max-Forwards", "1")]
    )
    lone.engine.send_request(request, lone.flow, lone.now)
    assert only(lone.sent()).headers.all("Max-Forwards") == ["1"]


def test_a_challenge_is_met_and_a_stale_one_once_more() -> None:
    lone = Lone()

    def hook(response: Response, request: Request) -> list[tuple[str, str]]:
        return [("Authorization", f"Digest n={request.cseq.number}")]

    first = register(lone, hook)
    second = only(lone.answer(first, 401))
    assert (second.cseq.number, second.headers.all("Authorization")) == (2, ["Digest n=1"])
    assert second.branch != first.branch
    third = only(lone.answer(second, 401))
    assert (third.cseq.number, third.headers.all("Authorization")) == (3, ["Digest n=2"])
    assert lone.silent()
    assert lone.answer(third, 401) == []
    received = lone.take(ResponseReceived)
    assert (received.response.status, received.transaction.context) == (401, "mine")


@pytest.mark.parametrize("status", [200, 403, 503])
def test_everything_else_is_the_users(status: int) -> None:
    lone = Lone()
    lone.answer(register(lone, lambda response, request: [("X", "y")]), status)
    assert lone.take(ResponseReceived).response.status == status


def test_a_line_end_in_a_header_is_our_bug() -> None:
    with pytest.raises(MisuseError):
        Lone().engine.build_request(
            "OPTIONS", "sip:x", from_="<sip:a@b>", to="<sip:c@d>", headers=[("X", "a\r\nVia: evil")]
        )
