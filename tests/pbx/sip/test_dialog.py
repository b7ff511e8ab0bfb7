"""Dialogs: ids, numbers, route sets of both sides, strict routers (RFC 3261 section 12)."""

from __future__ import annotations

import pytest

from pbx.sip.dialog import Dialog, routes_of
from pbx.sip.flow import Flow
from pbx.sip.message import Request, Response, parse, response_to
from pbx.sip.stack import Names
from tests.support.lone import LOCAL, PEER, Lone

FLOW = Flow("udp", LOCAL, PEER)
NAMES = Names(FLOW)
ROUTES = [("Record-Route", "<sip:p1;lr>, <sip:p2;lr>"), ("Record-Route", "<sip:p3;lr>")]


def invite(**more: object) -> Request:
    return Lone().write("INVITE", **more)  # type: ignore[arg-type]


def answer(request: Request, routes: list[tuple[str, str]] = ROUTES, contact: str = "<sip:c@h>") -> Response:
    response = response_to(request, 200, to_tag="callee")
    for name, value in [*routes, ("Contact", contact)]:
        response.headers.add(name, value)
    return response


def test_the_called_side_keeps_the_order_of_record_route() -> None:
    dialog = Dialog.answering(invite(headers=ROUTES), FLOW, "ours")
    bye = dialog.request("BYE", NAMES, "z9hG4bKx")
    assert bye.headers.all("Route") == ["<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"]
    assert (bye.uri, bye.from_tag, bye.to_tag, bye.cseq.number) == (
        "sip:peer@198.51.100.7:5070",
        "ours",
        "peer",
        1,
    )
    assert bye.headers.get("Via") == "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKx;rport"


def test_the_calling_side_turns_it_round() -> None:
    dialog = Dialog.answered(invite(number=41), answer(invite(number=41)), FLOW)
    bye = dialog.request("BYE", NAMES, "z9hG4bKx")
    assert bye.headers.all("Route") == ["<sip:p3;lr>", "<sip:p2;lr>", "<sip:p1;lr>"]
    assert (bye.uri, bye.from_tag, bye.to_tag, bye.cseq.number) == ("sip:c@h", "peer", "callee", 42)


@pytest.mark.parametrize("hop", ["<sip:strict>", "<sip:strict;transport=udp?x=;lr>"])
def test_a_strict_router_comes_first_in_the_request_uri(hop: str) -> None:
    dialog = Dialog.answering(invite(headers=[("Record-Route", f"{hop}, <sip:p2;lr>")]), FLOW, "ours")
    bye = dialog.request("BYE", NAMES, "b")
    assert bye.uri == hop.strip("<>")
    assert bye.headers.all("Route") == ["<sip:p2;lr>", "<sip:peer@198.51.100.7:5070>"]


@pytest.mark.parametrize("hop", ["<sip:p;lr>", "<sip:p;LR>", "<sip:p;lr=on>", "sip:p;lr"])
def test_what_counts_as_loose(hop: str) -> None:
    dialog = Dialog.answering(invite(headers=[("Record-Route", hop)]), FLOW, "ours")
    assert dialog.request("BYE", NAMES, "b").uri == "sip:peer@198.51.100.7:5070"


def test_target_refresh_changes_the_target_only() -> None:
    dialog = Dialog.answered(invite(), answer(invite()), FLOW)
    dialog.retarget(answer(invite(), [], "<sip:new@h>"))
    dialog.retarget(response_to(invite(), 200))
    dialog.retarget(answer(invite(), [], "<sip:new@h>"))
    info = dialog.request("INFO", NAMES, "b")
    assert (info.uri, len(info.headers.all("Route"))) == ("sip:new@h", 3)


def test_numbers_rise_and_old_ones_are_out_of_order() -> None:
    dialog = Dialog.answering(invite(number=7), FLOW, "ours")
    assert [dialog.accepts(number) for number in (8, 8, 7, 20)] == [True, True, False, True]
    assert [dialog.request("INFO", NAMES, "b").cseq.number for _ in range(3)] == [1, 2, 3]
    assert parse(dialog.acknowledge(NAMES, "b", 2, body=b"x")).cseq == (2, "ACK")
    assert dialog.request("INFO", NAMES, "b").cseq.number == 4


def test_without_contact_the_address_itself_is_the_target() -> None:
    request = invite()
    request.headers.remove("Contact")
    assert Dialog.answering(request, FLOW, "x").target == "sip:peer@example.org"
    assert Dialog.answered(request, response_to(request, 200), FLOW).target == request.uri


def test_routes_one_by_one() -> None:
    assert routes_of(["<sip:a;lr>, <sip:b;lr>", "<sip:c;lr>"]) == ["<sip:a;lr>", "<sip:b;lr>", "<sip:c;lr>"]
