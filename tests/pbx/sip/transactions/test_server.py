"""Timer J and the absorption of repeated requests (RFC 3261 section 17.2.2)."""

from __future__ import annotations

import pytest

from pbx.sip.events import RequestReceived
from pbx.sip.flow import Transport
from tests.support.lone import Lone, status_of


def test_a_repeated_request_is_told_once_and_answered_again() -> None:
    lone = Lone()
    request = lone.write("OPTIONS")
    assert lone.give(request) == []
    assert lone.give(request) == []
    transaction = lone.take(RequestReceived).transaction
    lone.engine.respond_status(transaction, 200, lone.now)
    assert status_of(lone.sent()) == 200
    assert status_of(lone.give(request)) == 200
    assert lone.silent()


@pytest.mark.parametrize(("transport", "kept"), [("udp", 1), ("tcp", 0)])
def test_timer_j(transport: Transport, kept: int) -> None:
    lone = Lone(transport)
    lone.ask("MESSAGE")
    lone.engine.respond_status(lone.take(RequestReceived).transaction, 200, lone.now)
    assert lone.engine.stats()["server_transactions"] == kept
    lone.advance(31.9)
    assert lone.engine.stats()["server_transactions"] == kept
    lone.advance(0.1)
    assert lone.empty()


def test_a_provisional_response_is_repeated_until_the_final_one() -> None:
    lone = Lone()
    request = lone.write("REGISTER")
    lone.give(request)
    transaction = lone.take(RequestReceived).transaction
    lone.engine.respond_status(transaction, 100, lone.now)
    assert status_of(lone.sent()) == 100
    assert status_of(lone.give(request)) == 100
    lone.engine.respond_status(transaction, 200, lone.now)
    assert status_of(lone.sent()) == 200


def test_only_the_first_final_response_is_sent() -> None:
    lone = Lone()
    lone.ask("OPTIONS")
    transaction = lone.take(RequestReceived).transaction
    lone.engine.respond_status(transaction, 200, lone.now)
    lone.engine.respond_status(transaction, 500, lone.now)
    assert status_of(lone.sent()) == 200


def test_a_user_that_never_answers_is_forgotten_in_silence() -> None:
    lone = Lone()
    lone.ask("OPTIONS")
    transaction = lone.take(RequestReceived).transaction
    assert lone.advance(32) == []
    assert lone.empty()
    lone.engine.respond_status(transaction, 200, lone.now)
    assert lone.sent() == []


def test_a_lost_flow_forgets_the_request() -> None:
    lone = Lone("tcp")
    lone.ask("OPTIONS")
    transaction = lone.take(RequestReceived).transaction
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.empty()
    lone.engine.respond_status(transaction, 200, lone.now)
    assert lone.sent() == []
