"""The pad on a small server: asked by MESSAGE, answered, refused; and alone by its papers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from dialplan.passes import pin_digest, token_digest
from intercom.codes import OpenedAlone, Say
from intercom.pad import Pad
from intercom.papers import Opening, Paper
from pbx.sip.headers import Headers
from pbx.sip.message import Response

SITE = "house.example"
TOKEN = "abcdefghijklmnopqrstuv"


class World:
    """A pad whose line, guard and PBX are played."""

    def __init__(self) -> None:
        self.now, self.registered, self.flow = 0.0, True, self
        self.alive, self.time = True, 1000.0
        self.sent: list[Any] = []
        self.pulses: list[tuple[str, str, int]] = []
        self.guards = True
        self.opened: list[OpenedAlone] = []
        self.wrong: list[int] = []
        everything: Any = self
        self.settings = everything
        self.server, self.account, self.guard = self, self, self
        self.site, self.username, self.relays = SITE, "gate", {"r1": None}
        self.pad = Pad(
            *(everything,) * 6,
            everything,
            opened=self.opened.append,
            wrong=self.wrong.append,
        )

    def clock(self) -> float:
        return self.now

    def civil(self, now: float) -> float | None:
        return self.time

    def drain(self, now: float = 0.0) -> None:
        pass

    def answer(self, *anything: object) -> None:
        pass

    def build_request(self, method: str, uri: str, **fields: Any) -> dict[str, Any]:
        return {"method": method, "uri": uri, **fields}

    def send_request(self, request: Any, flow: object, now: float, **fields: Any) -> None:
        self.sent.append((json.loads(request["body"]), fields["context"]))

    def pulse(self, id: str, relay: str, ms: int, before_ns: int) -> bool:
        self.pulses.append((id, relay, ms))
        return self.guards

    async def asked(self, code: str) -> tuple[asyncio.Task[Say], dict[str, str], Any]:
        giving = asyncio.get_running_loop().create_task(self.pad.give(code))
        async with asyncio.timeout(20):
            while not self.sent:
                await asyncio.sleep(0.01)
        body, context = self.sent.pop()
        return giving, body, context


def response(status: int, body: bytes = b"") -> Response:
    return Response(status, "x", Headers(), body)


async def test_digests_go_to_the_pbx_and_its_word_counts() -> None:
    world = World()
    giving, body, context = await world.asked("123 987")
    assert body == {"pin": pin_digest(SITE, "123987")}
    context.answered(response(100), 0.0)
    context.answered(response(200, b'{"result":"opened","door":"Gate"}'), 0.1)
    said = await giving
    assert (said.result, said.door) == ("opened", "Gate")
    giving, body, context = await world.asked(f"https://x.example/g/{TOKEN}")
    assert body == {"token": token_digest(TOKEN)}
    context.answered(response(200, b'{"result":"denied"}'), 0.2)
    assert (await giving).result == "denied"
    assert world.wrong == [1]


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [(403, b"", "failed"), (200, b"[", "failed"), (503, b"", "denied"), (408, b"", "denied")],
)
async def test_only_a_silent_pbx_makes_papers_count(status: int, body: bytes, result: str) -> None:
    world = World()
    giving, _, context = await world.asked("123987")
    context.answered(response(status, body), 0.1)
    assert (await giving).result == result


async def test_alone() -> None:
    world = World()
    here = Paper("p1", pin_digest(SITE, "123987"), "", (Opening("gate", "r1", 500, None),), 0.0, 2000.0)
    elsewhere = Paper("p2", pin_digest(SITE, "123986"), "", (Opening("back", "r9", 500, None),), 0.0, 2000.0)
    world.pad.hold([here, elsewhere])
    giving, _, context = await world.asked("123987")
    context.failed(503, 0.0)
    [(id, relay, ms)] = world.pulses
    assert (relay, ms) == ("r1", 500)
    assert not world.pad.guard_said({"id": "order-1", "result": "on"})
    assert world.pad.guard_said({"id": id, "result": "on", "left_ms": 500})
    assert (await giving).result == "opened"
    assert world.opened == [OpenedAlone("gate", 0.5)]

    world.registered = False
    assert (await world.pad.give("123986")).result == "denied"  # a relay that is not here
    world.guards = False
    assert (await world.pad.give("123987")).result == "failed"
    world.time = None  # type: ignore[assignment]
    assert (await world.pad.give("123987")).result == "away"
    world.pad.tampered(True)
    world.time = 1000.0
    assert (await world.pad.give("123987")).result == "denied"


async def test_a_restart_in_a_pause_begins_one() -> None:
    world = World()
    world.pad.recall(5)
    said = await world.pad.give("123987")
    assert (said.result, said.seconds) == ("paused", 61)
    assert world.pad.next_deadline() is None
    world.pad.handle_timeout(1.0)
