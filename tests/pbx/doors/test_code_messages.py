"""Codes by SIP MESSAGE: who may ask, what is read, what is answered."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from dialplan.passes import Pass, pin_digest, token_digest
from pbx.doors.code_messages import CONTENT_TYPE, CodeMessages
from pbx.doors.codes import CodeDesk
from pbx.sip import events as sip
from tests.support.exchange import SITE, Exchange, FarPhone

TOKEN = "abcdefghijklmnopqrstuv"

class House:
    """An exchange with a code desk, a pass for its door, and what devices ask."""

    def __init__(self) -> None:
        world = self.world = Exchange()
        start, end = world.at - timedelta(hours=1), world.at + timedelta(hours=1)
        digests = (pin_digest(SITE, "123987"), token_digest(TOKEN))
        held = Pass("p1", "", ("front",), start, end, 3, *digests)
        self.desk = CodeDesk(
            world.doorkeeper, world.plans, world.feed, lambda: world.at, lambda site, id, used: None
        )
        self.desk.take({SITE: [held]}, frozenset({(SITE, "p1")}))
        self.messages = CodeMessages(world.engine, self.desk, world.plans, lambda: world.now, lambda: None)
        world.dispatch._messages = {CONTENT_TYPE: self.messages.take}

    def send(self, device: str, body: object) -> FarPhone:
        one = self.world.phone(device, register=False)
        request = one.engine.build_request(
            "MESSAGE",
            f"sip:doors@{SITE}",
            from_=f"<sip:{device}@{SITE}>",
            to=f"<sip:doors@{SITE}>",
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            content_type=f"{CONTENT_TYPE};charset=utf-8",
        )
        one.engine.send_request(request, one.flow, self.world.now)
        self.world.settle()
        return one

    def answer(self, device: str, body: object) -> Any:
        response = self.send(device, body).take(sip.ResponseReceived).response
        return json.loads(response.body) if response.status == 200 else response.status


def test_a_digest_is_judged_at_once() -> None:
    house = House()
    assert house.answer("gate", {"pin": pin_digest(SITE, "123987")}) == {"result": "opened", "door": "Front"}
    assert house.answer("gate", {"token": token_digest("x")}) == {"result": "denied"}


@pytest.mark.parametrize(
    "body",
    [b"[]", b"[" * 3000, {}, {"pin": 1}, {"pin": "12"}, {"code": ""}, {"pin": "a", "token": "b"}],
)
def test_what_is_no_code(body: object) -> None:
    assert House().answer("gate", body) == 400


def test_phones_have_no_pad() -> None:
    assert House().answer("kari-phone", {"pin": pin_digest(SITE, "123987")}) == 403


async def test_a_text_is_derived_beside_the_loop() -> None:
    house = House()
    one = house.send("gate", {"code": "123 987"})
    async with asyncio.timeout(20):
        while not one.was_told(sip.ResponseReceived):
            await asyncio.sleep(0.01)
            house.world.settle()
    assert json.loads(one.take(sip.ResponseReceived).response.body)["result"] == "opened"
    await house.messages.close()


def test_in_a_pause_nothing_is_derived() -> None:
    house = House()
    for _ in range(5):
        house.answer("gate", {"pin": "0" * 64})
    assert house.answer("gate", {"code": "123987"}) == {"result": "paused", "seconds": 61}


async def test_links() -> None:
    house = House()
    assert house.messages.link(TOKEN) == {"uses": 3, "doors": [{"id": "front", "name": "Front"}]}
    assert house.messages.link(TOKEN[::-1]) is None
    assert house.messages.link(f"https://x/g/{TOKEN}") is None
    assert await house.messages.open_by_link(TOKEN, "front") == {"result": "opened"}
    found = house.messages.link(TOKEN)
    assert found is not None and found["uses"] == 2
    assert await house.messages.open_by_link(TOKEN[::-1], "front") == {"result": "denied"}
