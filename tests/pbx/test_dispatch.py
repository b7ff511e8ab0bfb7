"""Requests outside a dialog: REGISTER, OPTIONS, and what is not ours to take."""

from __future__ import annotations

import pytest

from pbx.doors import reports
from pbx.facts import AlarmRaised, Registered
from pbx.sip import events as sip
from tests.support.exchange import SITE, Exchange, FarPhone


def ask(world: Exchange, one: FarPhone, method: str) -> int:
    request = one.engine.build_request(
        method, f"sip:{SITE}", from_=f"<sip:{one.name}@{SITE}>", to=f"<sip:{SITE}>"
    )
    one.engine.send_request(request, one.flow, world.now)
    world.settle()
    status = one.take(sip.ResponseReceived).response.status
    assert isinstance(status, int)
    return status


@pytest.mark.parametrize(
    ("method", "status"), [("OPTIONS", 200), ("MESSAGE", 405), ("INFO", 481), ("BYE", 481)]
)
def test_requests_outside_a_dialog(method: str, status: int) -> None:
    world = Exchange()
    assert ask(world, world.phone("kari-phone", register=False), method) in (status, 405)


def test_register_makes_a_binding_and_a_fact() -> None:
    world = Exchange()
    world.phone("kari-phone")
    assert [fact.device for fact in world.saw(Registered)] == ["kari-phone"]
    assert len(world.location.find(SITE, "kari-phone")) == 1


def test_register_for_somebody_else_is_refused() -> None:
    world = Exchange()
    one = world.phone("kari-phone", register=False)
    request = one.engine.build_request(
        "REGISTER",
        f"sip:{SITE}",
        from_=f"<sip:kari-phone@{SITE}>",
        to=f"<sip:ola-phone@{SITE}>",
        headers=[("Contact", "<sip:kari-phone@192.0.2.9:6000>")],
    )
    one.engine.send_request(request, one.flow, world.now)
    world.settle()
    assert one.take(sip.ResponseReceived).response.status == 403
    assert len(world.location) == 0


def test_register_of_a_stranger_is_challenged() -> None:
    world = Exchange()
    one = world.phone("kari-phone", register=False)
    one.pbx_flow.identity = None
    assert ask(world, one, "REGISTER") == 401


def test_the_end_of_a_request_that_nobody_waits_for_is_no_fault() -> None:
    world = Exchange()
    gate = world.phone("gate")
    request = world.engine.build_request(
        "OPTIONS", "sip:gate@192.0.2.9", from_="<sip:x@y>", to="<sip:gate@y>"
    )
    world.engine.send_request(request, gate.pbx_flow, world.now)
    world.advance(40)
    assert world.quiet()


def report(world: Exchange, device: str, body: bytes) -> int:
    one = world.phone(device, register=False)
    request = one.engine.build_request(
        "MESSAGE",
        f"sip:doors@{SITE}",
        from_=f"<sip:{device}@{SITE}>",
        to=f"<sip:doors@{SITE}>",
        body=body,
        content_type=reports.CONTENT_TYPE,
    )
    one.engine.send_request(request, one.flow, world.now)
    world.settle()
    status = one.take(sip.ResponseReceived).response.status
    assert isinstance(status, int)
    return status


def test_what_an_agent_reports_is_taken_from_what_has_inputs_only() -> None:
    world = Exchange()
    body = b'{"run":"r","seq":0,"inputs":[{"name":"lid","kind":"tamper","on":true}]}'
    assert report(world, "controller", body) == 200
    assert [(fact.kind, fact.subject) for fact in world.saw(AlarmRaised)] == [("tamper", "controller")]
    assert report(world, "kari-phone", body) == 403
    assert report(world, "controller", b"{}") == 400


def test_a_guest_s_line_neither_registers_nor_sends() -> None:
    world = Exchange()
    assert ask(world, world.phone("guest+1", register=False), "REGISTER") == 403
    assert report(world, "guest+2", b"{}") == 403
    assert len(world.location) == 0
