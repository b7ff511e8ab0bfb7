"""Letters reach a push service that checks the signature and decrypts; others are not asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pbx.push.desk import Letter, Notice, Outcome
from pbx.push.sender import PushSender
from pbx.push.subscription import Subscription
from tests.peers.push_service import CURVE, PushService, push_service

NOTICE = Notice("house.example", "kari-app", "call-1", "Gate", "Kari", "", 60)


class Desk:
    """A sender towards one service, and what it says of each letter."""

    def __init__(self, service: PushService, hosts: list[str]) -> None:
        self.outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def done(letter: Letter, outcome: Outcome) -> None:
            loop.call_soon_threadsafe(self.outcomes.put_nowait, outcome)

        key, authority = ec.generate_private_key(CURVE), service.certificate.authority
        self.sender = PushSender(key, "mailto:a@x.example", hosts, done, authority)

    async def send(self, subscription: dict[str, Any], kind: Any = "ring") -> Outcome:
        keys = subscription["keys"]
        to = Subscription(subscription["endpoint"], keys["p256dh"], keys["auth"])
        self.sender.post(Letter(NOTICE, kind, to, '{"type": "ring", "from": "Døra"}'.encode(), 60, "call-1"))
        return await asyncio.wait_for(self.outcomes.get(), 20)


@asynccontextmanager
async def desk(directory: Path, *hosts: str) -> AsyncIterator[tuple[PushService, Desk]]:
    async with push_service(directory) as service:
        made = Desk(service, list(hosts) or [service.origin.removeprefix("https://")])
        try:
            yield service, made
        finally:
            await asyncio.to_thread(made.sender.close)


async def test_a_letter_arrives_sealed_and_signed(tmp_path: Path) -> None:
    async with desk(tmp_path) as (service, one):
        browser, subscription = service.subscribe("kari")
        assert await one.send(subscription) == "accepted", service.refused
        assert browser.got == [{"type": "ring", "from": "Døra"}]
        assert browser.headers == [{"TTL": "60", "Topic": "call-1", "Urgency": "high"}]


@pytest.mark.parametrize(
    ("status", "outcome"), [(410, "gone"), (404, "gone"), (429, "failed"), (500, "failed"), (307, "failed")]
)
async def test_answers_of_a_service(tmp_path: Path, status: int, outcome: Outcome) -> None:
    async with desk(tmp_path) as (service, one):
        browser, subscription = service.subscribe("kari")
        browser.status = status
        assert await one.send(subscription) == outcome


async def test_what_is_not_listed_or_leads_inside_is_never_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, "push.example", "*.push.example") as (service, one):
        browser, subscription = service.subscribe("kari")
        assert await one.send(subscription) == "gone"
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: inside)
        assert await one.send({**subscription, "endpoint": "https://a.push.example/x"}) == "gone"
        assert browser.got == []


async def test_a_service_that_is_away_is_a_failure(tmp_path: Path) -> None:
    async with desk(tmp_path) as (service, one):
        _, subscription = service.subscribe("kari")
        one.sender._hosts = ("localhost:1",)
        assert await one.send({**subscription, "endpoint": "https://localhost:1/x"}) == "failed"
        bad = {**subscription, "keys": {"p256dh": "AAAA", "auth": "AAAA"}}
        one.sender._hosts = (service.origin.removeprefix("https://"),)
        assert await one.send(bad) == "failed"
