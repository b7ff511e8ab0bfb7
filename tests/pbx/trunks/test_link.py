"""One trunk on the wire: how it logs in, what it tells of a refusal, how it leaves."""

from __future__ import annotations

from typing import Any

from pbx.facts import TrunkChanged
from pbx.sip import events as sip
from tests.support.carriers import registering, trunk
from tests.support.exchange import Exchange, FarPhone


def asked(phone: FarPhone) -> Any:
    """The REGISTER that reached it."""
    event = phone.take(sip.RequestReceived)
    assert event.request.method == "REGISTER"
    return event


def states(world: Exchange) -> list[tuple[str, str]]:
    return [(fact.state, fact.cause) for fact in world.saw(TrunkChanged)]


def test_it_logs_in_refreshes_with_rising_numbers_and_leaves() -> None:
    world = Exchange()
    (carrier,) = world.carriers(registering(from_domain="home.example"), up=False)
    first = asked(carrier)
    assert first.request.uri == "sip:192.0.2.50"
    assert first.request.to.uri == "sip:doorline@home.example"
    assert first.request.contact.uri == "sip:doorline@192.0.2.1:7000;transport=tcp"
    assert first.request.headers.get("Expires") == "300"
    granted = [("Contact", f"{first.request.headers.get('Contact')};expires=60")]
    carrier.engine.respond_status(first.transaction, 200, world.now, granted)
    world.settle()
    assert states(world) == [("Registered", "")]
    carrier.well = True
    world.advance(45)
    second = asked(carrier)
    assert second.request.call_id == first.request.call_id
    assert second.request.cseq.number > first.request.cseq.number
    carrier.engine.respond_status(second.transaction, 200, world.now, granted)
    world.settle()
    world.desk.close(world.now)
    world.settle()
    assert asked(carrier).request.headers.get("Expires") == "0"
    assert world.desk.next_deadline() is None


def test_why_it_cannot_log_in() -> None:
    for status, headers, cause in (
        (403, [], "403 Forbidden"),
        (401, [("WWW-Authenticate", 'Digest realm="other", nonce="n"')], "realm 'other' is not this trunk's"),
    ):
        world = Exchange()
        (carrier,) = world.carriers(registering(), up=False)
        carrier.engine.respond_status(asked(carrier).transaction, status, world.now, headers)
        world.settle()
        assert states(world) == [("Rejected", cause)]
    world = Exchange()
    (carrier,) = world.carriers(registering(), up=False)
    carrier.engine.respond_status(asked(carrier).transaction, 423, world.now)
    world.settle()
    assert states(world) == [("Unregistered", "interval too brief")]


def test_a_peered_carrier_that_says_503_to_options_is_not_there() -> None:
    world = Exchange()
    (carrier,) = world.carriers(trunk(), up=False)
    event = carrier.take(sip.RequestReceived)
    assert event.request.method == "OPTIONS"
    carrier.engine.respond_status(event.transaction, 503, world.now)
    world.settle()
    assert states(world) == [("Unreachable", "503 to OPTIONS")]


def test_whose_flows_are_its_own() -> None:
    world = Exchange()
    (carrier,) = world.carriers(trunk())
    link = world.desk.link("carrier")
    stranger = world.phone("kari-phone").pbx_flow
    assert link.owns(carrier.pbx_flow)
    assert link.trusts(carrier.pbx_flow)
    assert not link.owns(stranger)
    assert link.way() is carrier.pbx_flow
    link.lost(carrier.pbx_flow, world.now)
    assert link.way() is None
