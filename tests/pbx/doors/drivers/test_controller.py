from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from intercom import order as agent
from pbx.doors.drivers.controller import ControllerDriver
from pbx.doors.order import Signer
from pbx.registrar.binding import Binding, Offer
from pbx.sip.events import RequestFailed, RequestReceived, ResponseReceived
from pbx.sip.flow import Flow
from pbx.sip.message import response_to
from tests.support.doors import AT, CONTROLLER, RUN, SITE, key, open_order
from tests.support.ladder import Ladder

Result = tuple[bool, str]


class Places:
    """What the registrar would know."""

    def __init__(self, *bindings: Binding) -> None:
        self.bindings = bindings

    def find(self, site: str, device: str) -> Sequence[Binding]:
        return self.bindings if (site, device) == (SITE, "d-ctl") else ()


def bound(flow: Flow, contact: str = f"sip:{RUN}@192.0.2.2:5060", refreshed: float = 0.0) -> Binding:
    binding = Binding(SITE, "d-ctl", Offer(contact, 300), flow)
    binding.refreshed_at = refreshed
    return binding


def command(ladder: Ladder, places: Places) -> list[Result]:
    results: list[Result] = []
    driver = ControllerDriver(ladder.alice.engine, places, Signer(key()), lambda: AT)
    driver.open(open_order(), lambda opened, detail, at: results.append((opened, detail)), ladder.now)
    ladder.settle()
    return results


def told(ladder: Ladder) -> None:
    """What `pbx/dispatch.py` does."""
    event = ladder.alice.told.pop()
    assert isinstance(event, ResponseReceived | RequestFailed)
    context = event.transaction.context
    if isinstance(event, ResponseReceived):
        context.answered(event.response, ladder.now)  # type: ignore[attr-defined]
    else:
        context.failed(event.status, ladder.now)  # type: ignore[attr-defined]


def answer(ladder: Ladder, status: int, body: bytes) -> None:
    event = ladder.bob.take(RequestReceived)
    response = response_to(event.request, status)
    response.body = body
    ladder.bob.engine.respond(event.transaction, response, ladder.now)
    ladder.settle()
    told(ladder)


def test_the_agent_gets_an_order_it_accepts() -> None:
    ladder = Ladder()
    results = command(ladder, Places(bound(ladder.alice.flow)))
    event = ladder.bob.take(RequestReceived)
    request = event.request
    assert (request.method, request.headers.get("Content-Type")) == ("MESSAGE", agent.CONTENT_TYPE)
    addressee = agent.Addressee(key().public_key(), SITE, CONTROLLER, RUN)
    assert isinstance(agent.check(request.body, addressee, AT.timestamp()), agent.Order)
    assert not results


@pytest.mark.parametrize(
    ("status", "fields", "result"),
    [
        (200, {"jti": "order-0001", "result": "opened", "at_ns": 1}, (True, "opened")),
        (200, {"jti": "order-0002", "result": "opened"}, (False, "status_200")),
        (200, {"jti": "", "result": "opened"}, (False, "status_200")),
        (200, ["opened"], (False, "status_200")),
        (403, {"jti": "order-0001", "result": "replayed"}, (False, "replayed")),
        (403, {"jti": "", "result": "expired"}, (False, "expired")),
        (503, {"jti": "order-0001", "result": "guard_away"}, (False, "guard_away")),
        (403, {"jti": "order-0001", "result": "opened"}, (False, "opened")),
        (486, {"jti": "order-0001", "result": "x\r\ny"}, (False, "status_486")),
    ],
)
def test_the_answer_decides(status: int, fields: object, result: Result) -> None:
    ladder = Ladder()
    results = command(ladder, Places(bound(ladder.alice.flow)))
    answer(ladder, status, json.dumps(fields).encode())
    assert results == [result]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 5000, b'{"result":"opened"}'])
def test_an_answer_that_is_none(body: bytes) -> None:
    ladder = Ladder()
    results = command(ladder, Places(bound(ladder.alice.flow)))
    answer(ladder, 200, body)
    assert results == [(False, "status_200")]


def test_nobody_registered() -> None:
    assert command(Ladder(), Places()) == [(False, "unreachable")]


def test_a_contact_that_cannot_be_read() -> None:
    ladder = Ladder()
    assert command(ladder, Places(bound(ladder.alice.flow, "mailto:x"))) == [(False, "unreachable")]


def test_the_freshest_living_binding_is_asked() -> None:
    ladder = Ladder()
    dead = Flow("tcp", ("192.0.2.1", 5060), ("192.0.2.9", 5060))
    dead.alive = False
    older = Flow("udp", ("192.0.2.1", 5060), ("192.0.2.8", 5060))
    places = Places(
        bound(older, refreshed=1.0), bound(dead, refreshed=3.0), bound(ladder.alice.flow, refreshed=2.0)
    )
    command(ladder, places)
    ladder.bob.take(RequestReceived)


def test_no_answer_at_all() -> None:
    ladder = Ladder()
    ladder.lose(ladder.alice, "MESSAGE", times=100)
    results = command(ladder, Places(bound(ladder.alice.flow)))
    ladder.advance(33.0)
    told(ladder)
    assert results == [(False, "timeout")]


def test_a_browser_on_the_same_panel_gets_no_orders() -> None:
    ladder = Ladder()
    browser = bound(Flow("ws", ("192.0.2.1", 8088), ("192.0.2.8", 5060)), refreshed=9.0)
    browser.user_agent = "JsSIP"
    agents = bound(ladder.alice.flow, refreshed=1.0)
    agents.user_agent = "Doorline intercom"
    command(ladder, Places(browser, agents))
    ladder.bob.take(RequestReceived)


def test_an_order_to_begin_anew() -> None:
    ladder = Ladder()
    driver = ControllerDriver(
        ladder.alice.engine, Places(bound(ladder.alice.flow)), Signer(key()), lambda: AT
    )
    assert driver.restart(SITE, "d-ctl", CONTROLLER, "order-0007", ladder.now)
    ladder.settle()
    event = ladder.bob.take(RequestReceived)
    addressee = agent.Addressee(key().public_key(), SITE, CONTROLLER, RUN)
    told = agent.check(event.request.body, addressee, AT.timestamp())
    assert isinstance(told, agent.Order) and told.action == "restart"
    assert not driver.restart(SITE, "other", CONTROLLER, "order-0008", ladder.now)
