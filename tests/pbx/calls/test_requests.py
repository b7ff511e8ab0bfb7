"""Requests inside a call: digits by INFO, key frames, refusals."""

from __future__ import annotations

import pytest

from media.engine import Dtmf
from pbx.sip import events as sip
from pbx.sip.invite.session import Session
from tests.support.exchange import ANSWER, Exchange, FarPhone


def talking() -> tuple[Exchange, FarPhone, FarPhone, Session, Session]:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    calling = world.call(gate, "kari")
    called = kari.take(sip.InviteReceived).session
    called.accept(ANSWER, world.now)
    world.settle()
    return world, gate, kari, calling, called


@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n"), ("application/dtmf", b"5")],
)
def test_info_five_opens(kind: str, body: bytes) -> None:
    world, _, kari, _, called = talking()
    called.info(kind, body, world.now)
    world.settle()
    assert kari.take(sip.ResponseReceived).response.status == 200
    assert len(world.lock.orders) == 1


def test_the_same_press_by_info_and_rtp_counts_once() -> None:
    world, _, _, _, called = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    assert runner.call.winner is not None
    world.switchboard.media_event(Dtmf(call, runner.call.winner.id, "5", 0.0), world.now)
    world.advance(0.16)
    called.info("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n", world.now)
    world.settle()
    assert len(world.lock.orders) == 1


def test_info_from_the_panel_opens_nothing() -> None:
    world, gate, _, calling, _ = talking()
    calling.info("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n", world.now)
    world.settle()
    assert gate.take(sip.ResponseReceived).response.status == 200
    assert world.lock.orders == []


def test_a_wish_for_a_key_frame_reaches_the_other_side() -> None:
    world, gate, kari, _, called = talking()
    called.info("application/media_control+xml", b"<media_control/>", world.now)
    world.settle()
    assert gate.requests("INFO")[0].body == b"<media_control/>"
    assert kari.take(sip.ResponseReceived).response.status == 200


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("REFER", [("Refer-To", "<sip:+4780000000@trunk.example>")], b"", 403),
        ("OPTIONS", [], b"", 200),
        ("MESSAGE", [("Content-Type", "text/plain")], b"hello", 405),
        ("INFO", [("Content-Type", "text/plain")], b"hello", 415),
        ("INFO", [], b"", 200),
    ],
)
def test_everything_else_is_answered_plainly(
    method: str, headers: list[tuple[str, str]], body: bytes, status: int
) -> None:
    world, _, kari, _, called = talking()
    called.send_request(method, headers, body, world.now)
    world.settle()
    assert kari.take(sip.ResponseReceived).response.status == status
