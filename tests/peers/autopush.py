"""The browser's side of the tests' push service, as Firefox speaks with its own: Mozilla's autopush protocol
over a WebSocket (hello, register, notification, ack, unregister). Letters are handed on sealed."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from tests.peers.push_service import PushService, Subscriber, b64

OPENED = 100
"""What Firefox says of a letter that its service worker was given; 101: it could not be opened."""


@dataclass
class Channel(Subscriber):
    """One subscription of a Firefox. `got` has an entry a letter: its version, and when it was handed on."""

    socket: web.WebSocketResponse | None = None
    codes: dict[str, int] = field(default_factory=dict)
    unsent: list[dict[str, Any]] = field(default_factory=list)

    def open(self, body: bytes) -> bytes:
        """Seal and all, to the browser."""
        version = str(uuid4())
        self.unsent.append(
            {
                "messageType": "notification",
                "channelID": self.name,
                "version": version,
                "data": b64(body),
                "headers": {"encoding": "aes128gcm"},
            }
        )
        return json.dumps({"version": version, "at": time.monotonic()}).encode()

    async def forward(self) -> None:
        """Hand on what has come, and what came while the browser was away."""
        if self.socket is not None and not self.socket.closed:
            waiting, self.unsent = self.unsent, []
            for letter in waiting:
                await self.socket.send_json(letter)


class Autopush:
    """Where a Firefox with `dom.push.serverURL` set to `url` gets its subscriptions of `service`."""

    def __init__(self, service: PushService) -> None:
        self.service = service
        self.url = ""

    @property
    def channels(self) -> list[Channel]:
        """Every subscription there ever was, oldest first."""
        return [one for one in self.service.subscribers.values() if isinstance(one, Channel)]

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        """One browser's connection."""
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._heard(socket, json.loads(message.data))
        return socket

    async def _heard(self, socket: web.WebSocketResponse, said: dict[str, Any]) -> None:
        kind, name = said.get("messageType"), said.get("channelID", "")
        answer: dict[str, Any] = {"messageType": kind, "status": 200}
        match kind:
            case "hello":
                assert said["use_webpush"]
                answer |= {"uaid": said.get("uaid") or uuid4().hex, "use_webpush": True}
                await socket.send_json(answer)
                for one in self.channels:
                    one.socket = socket
                    await one.forward()
            case "register":
                one = Channel(name, socket=socket, vapid=said["key"])
                self.service.subscribers[name] = one
                endpoint = f"{self.service.origin}/send/{name}"
                await socket.send_json({**answer, "channelID": name, "pushEndpoint": endpoint})
            case "unregister":
                self.service.subscribers[name].status = 410
                await socket.send_json({**answer, "channelID": name})
            case "ack":
                for update in said["updates"]:
                    known = self.service.subscribers.get(update["channelID"])
                    if isinstance(known, Channel):
                        known.codes[update["version"]] = update["code"]
                self.service.came.set()


@asynccontextmanager
async def autopush(service: PushService) -> AsyncIterator[Autopush]:
    """Beside a running push service, on a free port of loopback."""
    made = Autopush(service)
    app = web.Application()
    app.router.add_get("/", made.talk)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield made
    finally:
        await runner.cleanup()
