"""Apps open doors and type words by MESSAGE, in a call and outside; the panel's screen is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialplan import rows
from pbx.calls.from_apps import OPEN, WORD
from pbx.calls.panel_words import STATE
from pbx.facts import DoorFailed, DoorOpened
from pbx.sip import events as sip
from pbx.sip.message import Response
from tests.support.exchange import ANSWER, SITE, Exchange, FarPhone, story_rows

HEARS = [("Recv-Info", "doorline")]


def ask(world: Exchange, one: FarPhone, kind: str, body: Any, seconds: float = 0.0) -> Response:
    """A MESSAGE outside of any call, and what it is answered with."""
    request = one.engine.build_request(
        "MESSAGE",
        f"sip:doors@{SITE}",
        from_=f"<sip:{one.name}@{SITE}>",
        to=f"<sip:doors@{SITE}>",
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
        content_type=kind,
    )
    one.engine.send_request(request, one.flow, world.now)
    world.settle()
    world.advance(seconds)
    answers = [m for m in one.got if isinstance(m, Response) and m.call_id == request.call_id]
    return answers[-1]


def told(gate: FarPhone, kind: str) -> list[dict[str, str]]:
    """What the panel was told by INFO, of one kind."""
    return [
        json.loads(request.body)
        for request in gate.requests("INFO")
        if request.headers.get("Content-Type") == kind and request.headers.get("Info-Package") == "doorline"
    ]


def test_an_app_opens_a_door_without_a_call() -> None:
    world = Exchange()
    kari = world.phone("kari-phone")
    answer = ask(world, kari, OPEN, {"door": "front"})
    assert (answer.status, json.loads(answer.body)) == (200, {"result": "opened", "detail": "opened"})
    assert len(world.lock.orders) == 1 and world.lock.orders[0].method == "app"
    assert [fact.method for fact in world.saw(DoorOpened)] == ["app"]


def test_no_right_and_no_door_look_alike() -> None:
    rules = (rows.RuleRow("nobody", doors=("front",), people=("ola",)),)
    world = Exchange(story_rows(rules=rules))
    kari, ola = world.phone("kari-phone"), world.phone("ola-phone")
    refused = {"result": "refused", "detail": "refused"}
    assert json.loads(ask(world, kari, OPEN, {"door": "front"}).body) == refused
    assert json.loads(ask(world, kari, OPEN, {"door": "nowhere"}).body) == refused
    assert json.loads(ask(world, ola, OPEN, {"door": "front"}).body)["result"] == "opened"
    assert len(world.lock.orders) == 1 and len(world.saw(DoorFailed)) == 2


def test_a_panel_and_a_stranger_open_nothing() -> None:
    world = Exchange()
    gate = world.phone("gate")
    assert json.loads(ask(world, gate, OPEN, {"door": "front"}).body)["result"] == "refused"
    nobody = world.phone("kari-phone", register=False)
    nobody.pbx_flow.identity = None
    assert ask(world, nobody, OPEN, {"door": "front"}).status == 401
    assert world.lock.orders == []


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"door": 5}',
        b'{"door": "' + b"x" * 65 + b'"}',
        b"[" * 2000,
        b'{"door":"a\\u0000"}',
    ],
)
def test_what_is_no_question_is_refused(body: bytes) -> None:
    world = Exchange()
    assert ask(world, world.phone("kari-phone"), OPEN, body).status == 400
    assert world.lock.orders == []


def test_the_screen_follows_the_call() -> None:
    world = Exchange()
    gate, kari, ola = world.phone("gate"), world.phone("kari-phone"), world.phone("ola-phone")
    world.call(gate, "kari", headers=HEARS)
    session = kari.take(sip.InviteReceived).session
    session.ring(world.now)
    world.settle()
    assert told(gate, STATE) == [{"state": "ringing"}]
    answer = ask(world, kari, WORD, {"text": "coming", "call": session.call_id})
    assert json.loads(answer.body) == {"shown": True}
    assert told(gate, WORD) == [{"text": "coming"}]
    assert json.loads(ask(world, ola, WORD, {"text": "coming"}).body) == {"shown": False}  # it does not ring
    assert json.loads(ask(world, kari, WORD, {"text": "x", "call": "another"}).body) == {"shown": False}
    opened = json.loads(ask(world, kari, OPEN, {"door": "front"}).body)
    assert opened["result"] == "opened"
    world.advance(0.1)
    assert told(gate, STATE)[-1] == {"state": "open", "door": "front", "name": "Front"}
    assert kari.was_told(sip.Cancelled)  # the ring is over: the visitor is in


def test_the_next_one_is_tried() -> None:
    group = rows.GroupRow(
        "all", "All", tuple(rows.MemberRow("person", who) for who in ("kari", "ola")), ringing="sequential"
    )
    world = Exchange(story_rows(groups=(group,)))
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    ola = world.phone("ola-phone")
    world.call(gate, "all", headers=HEARS)
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.advance(26)
    assert ola.was_told(sip.InviteReceived)
    assert told(gate, STATE) == [{"state": "ringing"}, {"state": "next"}]


def test_in_the_talk_the_same_works_inside_the_call() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari", headers=HEARS)
    called = kari.take(sip.InviteReceived).session
    called.accept(ANSWER, world.now)
    world.settle()
    called.message(WORD, b'{"text": "Legg pakken ved trappa"}', world.now)
    called.info(OPEN, b'{"door": "front"}', world.now)
    world.settle()
    world.advance(0.1)
    assert told(gate, WORD) == [{"text": "Legg pakken ved trappa"}]
    assert told(gate, STATE)[-1]["state"] == "open" and len(world.lock.orders) == 1


def test_a_panel_that_did_not_ask_is_told_nothing_and_words_are_bounded() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    assert json.loads(ask(world, kari, WORD, {"text": "coming"}).body) == {"shown": False}
    assert gate.requests("INFO") == []
    other = Exchange()
    gate, kari = other.phone("gate"), other.phone("kari-phone")
    other.call(gate, "kari", headers=HEARS)
    kari.take(sip.InviteReceived).session.ring(other.now)
    other.settle()
    shown = [json.loads(ask(other, kari, WORD, {"text": "x"}).body)["shown"] for _ in range(11)]
    assert shown == [True] * 10 + [False]
