"""Thieves' numbers against the running server: a log-in of the house dials them, the carrier counts (S9)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from pbx.sip import digest
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip.message import Request, Response
from pbx.transport.connect import connect
from pbx.transport.driver import Driver
from tests.pbx.trunks.hostile import HOSTILE, spellings
from tests.scenarios.test_landlines import FILE, SITE, bring_trunks, peered
from tests.support.carrier_server import carrier
from tests.support.system import System, system

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

AT_ONCE = 8
HEAD = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
OFFER = HEAD + b"m=audio 40000 RTP/AVP 8\r\n"


ROOM = {
    "SIP__MESSAGES_PER_SECOND": "5000",
    "SIP__MESSAGE_BURST": "5000",
    "CALLS__PER_DEVICE": "100",
}
"""No other limit than that of the trunks stands in the way."""


class Thief:
    """A SIP program with a resident's secret, on one TCP connection."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._engine = Engine(token=lambda: secrets.token_hex(8))
        self.driver = Driver(self._engine, asyncio.get_running_loop().time, self._event)
        self.flow: Flow

    async def dial(self, text: str) -> int:
        """Call; the final status. A server with too much to do is asked again, as it wishes."""
        while (status := await self._try(text)) == 503:
            await asyncio.sleep(1)
        return status

    async def _try(self, text: str) -> int:
        user = quote(text, safe="+%,;=:-().")
        target = text if text.startswith("tel:") else f"sip:{user}@{SITE}"
        outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        session = self._engine.invite(
            target=target,
            from_=f"<sip:kari-app@{SITE}>",
            to=f"<sip:{quote(text, safe='')}@{SITE}>",
            flow=self.flow,
            body=OFFER,
            now=self.driver.clock(),
            answer_challenge=self._prove,
            context=outcome,
        )
        self.driver.drain()
        async with asyncio.timeout(20):
            status = await outcome
        session.end(self.driver.clock())
        self.driver.drain()
        return status

    def _event(self, event: sip.Event, now: float) -> None:
        if isinstance(event, sip.Answered | sip.Refused):
            outcome = event.session.context
            assert isinstance(outcome, asyncio.Future)
            if not outcome.done():
                outcome.set_result(200 if isinstance(event, sip.Answered) else event.status)

    def _prove(self, response: Response, request: Request) -> list[tuple[str, str]] | None:
        challenge = digest.choose(response.headers.all("WWW-Authenticate"))
        if challenge is None or "Authorization" in request.headers:
            return None
        answer = digest.answer(
            challenge, "kari-app", method=request.method, uri=request.uri, cnonce="c", secret=self._secret
        )
        return [("Authorization", answer)]


@asynccontextmanager
async def thief(doorline: System) -> AsyncIterator[Thief]:
    """He has got hold of Kari's app."""
    one = Thief(doorline.secrets[SITE, "kari-app"])
    one.flow = await connect(one.driver, "tcp", "127.0.0.1", doorline.tcp)
    one.flow.identity = one
    try:
        yield one
    finally:
        one.flow.channel.close(one.flow)  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        one.driver.close()


async def test_fifty_hostile_numbers_in_seven_spellings_reach_no_trunk(tmp_path: Path) -> None:
    site = tmp_path / "open.toml"  # residents may dial; only what may be called stands in the way
    site.write_text(FILE.read_text() + "dial_out = true\n")
    async with (
        carrier(challenges=False) as one,
        system(tmp_path, site, **ROOM) as doorline,
    ):
        await bring_trunks(doorline, peered("first", one.port))
        assert doorline.pbx is not None
        await doorline.pbx.says("trunk first: Reachable", seconds=30)
        async with thief(doorline) as dialler:
            texts = [text for number in HOSTILE[:50] for text in spellings(number)]
            assert len(texts) == 350
            for first in range(0, len(texts), AT_ONCE):
                some = texts[first : first + AT_ONCE]
                statuses = await asyncio.gather(*map(dialler.dial, some))
                assert {text for text, status in zip(some, statuses, strict=True) if status < 400} == set()
            assert one.numbers == []
            assert await dialler.dial("91234567") == 200  # an honest call does pass
            assert one.numbers == ["+4791234567"]
