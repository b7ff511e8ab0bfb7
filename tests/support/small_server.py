"""A server of one account on a real engine and socket, for agents under test: orders, one answered call."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from intercom.phone.audio import Audio
from intercom.phone.sound import Sound
from pbx.certificates import load_or_make
from pbx.doors.drivers.controller import ControllerDriver
from pbx.doors.opener import Opener, OpenResult
from pbx.doors.order import Signer
from pbx.registrar.binding import Binding, Offer
from pbx.sip import digest
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.fields import Credentials, print_date
from pbx.sip.message import response_to
from pbx.transport import tcp, tls, udp
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from tests.support.doors import CONTROLLER, SITE, key, open_order

SECRET = "0123456789abcdef0123456789abcdef"


class SmallServer:
    """Knows one device; `skew` is by how much its clock is ahead, `deaf` makes it answer nothing."""

    def __init__(self, skew: timedelta = timedelta(0)) -> None:
        self.skew = skew
        self.deaf = False
        self.answers = True
        self.binding: Binding | None = None
        self.registers = self.refused = 0
        self.authority: Path | None = None
        self.listener: udp.UdpListener | None = None
        self.calls: list[sip.InviteReceived] = []
        self.changed = asyncio.Event()
        self.engine = Engine(token=lambda: secrets.token_hex(8))
        loop = asyncio.get_running_loop()
        self.driver = Driver(self.engine, loop.time, self._event)
        self.opener = Opener(
            {"agent": ControllerDriver(self.engine, self, Signer(key()), self.civil)}, secrets.token_urlsafe
        )
        self.driver.attach(self.opener)
        self._audio: list[Audio] = []
        self._nonce = secrets.token_hex(8)

    def civil(self) -> datetime:
        return datetime.now(UTC) + self.skew

    def find(self, site: str, device: str) -> Sequence[Binding]:
        return [self.binding] if self.binding is not None else []

    async def until(self, registers: int, seconds: float = 60.0) -> None:
        """Wait until so many REGISTERs have been accepted."""
        async with asyncio.timeout(seconds):
            while self.registers < registers:
                self.changed.clear()
                await self.changed.wait()

    async def until_called(self, seconds: float = 60.0) -> None:
        """Wait for the first call."""
        async with asyncio.timeout(seconds):
            while not self.calls:
                self.changed.clear()
                await self.changed.wait()

    async def open_door(self, seconds: float = 0.5) -> OpenResult:
        """A signed order by MESSAGE, and what became of it."""
        found: asyncio.Future[OpenResult] = asyncio.get_running_loop().create_future()
        order = open_order(secrets.token_urlsafe(12), seconds=seconds)
        self.opener.open(order, found.set_result, self.driver.clock())
        self.driver.drain()
        return await found

    async def answer(self) -> Audio:
        """Answer the first call, and send silence to it."""
        event = self.calls[0]
        audio = await Audio.open("127.0.0.1", Sound(b""), 7)
        self._audio.append(audio)
        event.session.accept(audio.description(), self.driver.clock())
        audio.talk_to(event.request.body)
        self.driver.drain()
        return audio

    def close(self) -> None:
        for audio in self._audio:
            audio.close()

    def _event(self, event: sip.Event, now: float) -> None:
        if self.deaf:
            return
        match event:
            case sip.RequestReceived() if event.request.method == "REGISTER":
                self._register(event, now)
            case sip.RequestReceived():
                self.engine.respond_status(event.transaction, 200, now)
            case sip.InviteReceived():
                self._invite(event, now)
            case sip.ResponseReceived():
                context = event.transaction.context
                context.answered(event.response, now)  # type: ignore[attr-defined]
            case sip.RequestFailed():
                context = event.transaction.context
                context.failed(event.status, now)  # type: ignore[attr-defined]

    def _proved(self, headers: str | None, method: str) -> bool:
        if headers is None:
            return False
        return digest.verify(Credentials.parse(headers), digest.ha1(CONTROLLER, SITE, SECRET), method)

    def _register(self, event: sip.RequestReceived, now: float) -> None:
        request = event.request
        if not self._proved(request.headers.get("Authorization"), "REGISTER"):
            challenge = f'Digest realm="{SITE}", nonce="{self._nonce}", qop="auth", algorithm=MD5'
            self.engine.respond_status(event.transaction, 401, now, [("WWW-Authenticate", challenge)])
            self.refused += 1
            return
        contact = request.contact
        assert contact is not None
        self.binding = Binding(SITE, "d-ctl", Offer(contact.uri, 300), event.flow)
        response = response_to(request, 200)
        response.headers.add("Contact", str(contact))
        response.headers.add("Date", print_date(self.civil()))
        self.engine.respond(event.transaction, response, now)
        self.registers += 1
        self.changed.set()

    def _invite(self, event: sip.InviteReceived, now: float) -> None:
        if not self._proved(event.request.headers.get("Authorization"), "INVITE"):
            challenge = f'Digest realm="{SITE}", nonce="{self._nonce}", qop="auth", algorithm=MD5'
            event.session.refuse(401, now, [("WWW-Authenticate", challenge)])
            return
        event.session.ring(now)
        self.calls.append(event)
        self.changed.set()


@asynccontextmanager
async def small_server(
    port: int = 0,
    skew: timedelta = timedelta(0),
    transport: str = "udp",
    directory: Path | None = None,
) -> AsyncIterator[tuple[SmallServer, int]]:
    """A running server and its port; for TLS its certificate is made in `directory`."""
    server = SmallServer(skew)
    listener: udp.UdpListener | tcp.StreamListener
    if transport == "udp":
        listener = server.listener = await udp.listen(server.driver, "127.0.0.1", port, Gate())
    elif transport == "tcp":
        listener = await tcp.listen(server.driver, "127.0.0.1", port, Gate())
    else:
        assert directory is not None
        made = load_or_make(directory, ["127.0.0.1"])
        server.authority = made.authority
        context = tls.server_context(made.certificate, made.key)
        listener = await tls.listen(server.driver, "127.0.0.1", port, Gate(), context)
    try:
        yield server, listener.address[1]
    finally:
        server.close()
        if isinstance(listener, tcp.StreamListener):
            await listener.aclose()
        else:
            listener.close()
        server.driver.close()


def settings_file(directory: Path, port: int, extra: str = "", relay: str = "gate") -> Path:
    """A controller's and panel's settings for that server."""
    (directory / "secret").write_text(SECRET + "\n")
    (directory / "secret").chmod(0o600)
    pem = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (directory / "order.pub").write_bytes(pem)
    path = directory / "intercom.toml"
    path.write_text(
        f"""
state_directory = "{directory / "state"}"
[server]
site = "{SITE}"
address = "127.0.0.1:{port}"
[account]
username = "{CONTROLLER}"
secret_file = "{directory / "secret"}"
name = "Main entrance"
keepalive_seconds = 1
[orders]
key_file = "{directory / "order.pub"}"
[guard]
pins = "mock"
[relays.{relay}]
pin = 17
[buttons.first]
pin = 5
calls = "kari"
[audio]
source = "tone"
{extra}
"""
    )
    return path
