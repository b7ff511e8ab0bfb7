"""The ACK to a 2xx."""

from __future__ import annotations

from pbx.sip.message import Request
from tests.support.lone import Lone


def test_it_belongs_to_the_dialog_and_not_to_the_transaction() -> None:
    lone = Lone()
    _, invite = lone.invite(headers=[("Proxy-Authorization", "Digest a"), ("Authorization", "Digest b")])
    (ack,) = lone.answer(invite, 200, headers=[("Record-Route", "<sip:p;lr>")])
    assert isinstance(ack, Request)
    assert (ack.method, ack.cseq.number, ack.uri) == ("ACK", 1, "sip:callee@198.51.100.7:5070")
    assert ack.branch != invite.branch
    assert ack.headers.get("Route") == "<sip:p;lr>"
    assert (ack.headers.get("Authorization"), ack.headers.get("Proxy-Authorization")) == (
        "Digest b",
        "Digest a",
    )
    assert ack.body == b""
