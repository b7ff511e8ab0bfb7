"""Timers E, F and K, and what the user of a request hears (RFC 3261 section 17.1.2)."""

from __future__ import annotations

from pbx.sip.engine import Engine
from pbx.sip.events import RequestFailed, ResponseReceived
from pbx.sip.message import Request
from tests.support.lone import Lone


def register(lone: Lone) -> Request:
    request = lone.engine.build_request(
        "REGISTER", "sip:example.org", from_="<sip:door@example.org>", to="<sip:door@example.org>"
    )
    lone.engine.send_request(request, lone.flow, lone.now, context="mine")
    (sent,) = lone.sent()
    assert isinstance(sent, Request)
    return sent


def moments(engine: Engine, lone: Lone, end: float) -> list[float]:
    """When something was sent up to `end`."""
    times = []
    while (deadline := engine.next_deadline()) is not None and deadline <= end:
        lone.now = deadline
        engine.handle_timeout(deadline)
        times += [deadline] * len(engine.outbox())
    return times


def test_timer_e_doubles_to_t2_and_f_gives_up_after_32_seconds() -> None:
    lone = Lone()
    register(lone)
    assert moments(lone.engine, lone, 100) == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    failed = lone.take(RequestFailed)
    assert (failed.status, failed.transaction.context, lone.now) == (408, "mine", 32.0)
    assert lone.empty()


def test_a_provisional_response_slows_timer_e_to_t2() -> None:
    lone = Lone()
    request = register(lone)
    lone.answer(request, 100)
    assert moments(lone.engine, lone, 10) == [0.5, 4.5, 8.5]
    assert lone.silent()


def test_timer_k_absorbs_repeated_responses_for_5_seconds() -> None:
    lone = Lone()
    request = register(lone)
    for _ in range(3):
        lone.answer(request, 200)
    assert lone.take(ResponseReceived).response.status == 200
    assert lone.silent()
    assert lone.engine.next_deadline() == 5.0
    lone.advance(5)
    assert lone.empty()
    lone.answer(request, 200)
    assert lone.silent()


def test_over_tcp_nothing_is_repeated_and_nothing_kept() -> None:
    lone = Lone("tcp")
    request = register(lone)
    assert lone.advance(20) == []
    lone.answer(request, 200)
    assert lone.take(ResponseReceived).transaction.context == "mine"
    assert lone.empty()


def test_over_tcp_timer_f_holds_too() -> None:
    lone = Lone("tcp")
    register(lone)
    lone.advance(32)
    assert lone.take(RequestFailed).status == 408
    assert lone.empty()


def test_a_lost_flow_is_503_at_once() -> None:
    lone = Lone("tcp")
    register(lone)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.take(RequestFailed).status == 503
    assert lone.empty()


def test_a_lost_flow_after_the_answer_is_silent() -> None:
    lone = Lone()
    request = register(lone)
    lone.answer(request, 200)
    lone.take(ResponseReceived)
    lone.engine.flow_lost(lone.flow, lone.now)
    assert lone.silent()
    assert lone.empty()


def test_a_flow_lost_before_fails_at_once() -> None:
    lone = Lone()
    lone.engine.flow_lost(lone.flow, lone.now)
    request = lone.engine.build_request("OPTIONS", "sip:x", from_="<sip:a@b>", to="<sip:c@d>")
    lone.engine.send_request(request, lone.flow, lone.now)
    assert lone.take(RequestFailed).status == 503
    assert lone.sent() == []
