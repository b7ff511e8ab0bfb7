"""An operator's side of AMI for tests: a PBX to ask, and a client that is not ours only in name."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pbx.ami.accounts import AccountFile
from pbx.ami.server import AmiLimits, AmiServer
from pbx.control import Contact, DoorShown, Endpoint, Originated, Refusal, Reloaded, ServiceShown, SiteKind
from pbx.facts import Facts
from pbx.trace import Ring
from pbx.trunks.trunk import TrunkShown

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OFFICE, HOUSE = "office.example", "house.example"

PANEL = Endpoint(OFFICE, "d-panel", "panel-1", "100", "Front door", "panel")
KARI = Endpoint(
    OFFICE,
    "d-kari",
    "kari-phone",
    "101",
    "Kari Nordmann",
    "phone",
    (Contact("sip:kari@127.0.0.1:5062", "127.0.0.1:5062", "udp", "Phone", 300),),
)
HOME_PANEL = Endpoint(HOUSE, "h-panel", "gate", "1", "Gate", "panel")
OLA = Endpoint(HOUSE, "h-ola", "ola-phone", "4711", "Ola Hansen", "phone")


Done = Callable[[Refusal | None], None]
FRONT = DoorShown(OFFICE, "front", "Front door", "b1", "agent", "closed")
GATE = DoorShown(HOUSE, "gate", "Gate", "h1", "agent", "closed")


@dataclass
class FakeOrders:
    """Writes down what is ordered; `why` refuses everything, `wait` keeps callbacks for the test."""

    did: list[tuple[str, ...]] = field(default_factory=list)
    why: Refusal | None = None
    wait: bool = False
    later: list[Done] = field(default_factory=list)
    begun: Callable[[], None] = lambda: None
    served: dict[tuple[str, str], ServiceShown] = field(default_factory=dict)

    def originate(
        self, site: str, username: str, dialled: str, seconds: float, done: Done
    ) -> Originated | Refusal:
        self.did.append(("originate", site, username, dialled, f"{seconds:g}"))
        if self.why is not None and not self.wait:
            return self.why
        self.begun()
        self._end(done)
        return Originated("c-new", "l0")

    def _end(self, done: Done) -> None:
        if self.wait:
            self.later.append(done)
        else:
            done(self.why)

    def redirect(self, call: str, leg: str, dialled: str) -> Refusal | None:
        self.did.append(("redirect", call, leg, dialled))
        return self.why

    def press(self, call: str, leg: str, digit: str) -> Refusal | None:
        self.did.append(("press", call, leg, digit))
        return self.why

    def qualify(self, site: str, device: str, heard: Callable[[Contact, int | None], None]) -> int:
        self.did.append(("qualify", site, device))
        heard(Contact("sip:x@192.0.2.7", "192.0.2.7:5060", "udp", "Phone", 60), 1500)
        return 1

    def doors(self, site: str) -> Sequence[DoorShown]:
        return [door for door in (FRONT, GATE) if door.site == site]

    def open_door(self, site: str, door: str, account: str, done: Done) -> None:
        self.did.append(("open", site, door, account))
        self._end(done)

    def lock_door(self, site: str, door: str, seconds: float, account: str) -> Refusal | None:
        self.did.append(("lock", site, door, f"{seconds:g}", account))
        return self.why

    def restart_panel(self, site: str, device: str) -> Refusal | None:
        self.did.append(("restart", site, device))
        return self.why

    def service(self, site: str, device: str) -> ServiceShown | None:
        return self.served.get((site, device))

    def serve_panel(self, site: str, device: str, seconds: float, by: str) -> Refusal | None:
        self.did.append(("serve", site, device, f"{seconds:g}", by))
        return self.why

    def take_picture(self, site: str, device: str) -> Refusal | None:
        self.did.append(("picture", site, device))
        return self.why


@dataclass
class FakeControl:
    """A PBX with an office (commercial) and a house (residential)."""

    devices: list[Endpoint] = field(default_factory=lambda: [PANEL, KARI, HOME_PANEL, OLA])
    hung_up: list[tuple[str, str]] = field(default_factory=list)
    reloaded: list[frozenset[str] | None] = field(default_factory=list)
    call_ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    alive: bool = True
    fault: str = ""
    desk: FakeOrders = field(default_factory=FakeOrders)
    carriers: list[TrunkShown] = field(default_factory=list)

    @property
    def orders(self) -> FakeOrders:
        return self.desk

    def sites(self) -> Mapping[str, SiteKind]:
        return {OFFICE: "commercial", HOUSE: "residential"}

    def endpoint(self, site: str, device: str) -> Endpoint | None:
        return next((e for e in self.devices if (e.site, e.device) == (site, device)), None)

    def endpoints(self, site: str) -> Sequence[Endpoint]:
        return [e for e in self.devices if e.site == site]

    def hang_up(self, call: str, leg: str) -> bool:
        self.hung_up.append((call, leg))
        return self.alive

    def dialogs(self, call: str) -> Sequence[str]:
        return self.call_ids.get(call, ())

    def trunks(self) -> Sequence[TrunkShown]:
        return self.carriers

    async def reload(self, sites: frozenset[str] | None) -> Sequence[Reloaded]:
        await asyncio.sleep(0)
        self.reloaded.append(sites)
        return [Reloaded(OFFICE, 7, self.fault)]

    def stats(self) -> Mapping[str, float]:
        return {"calls_active": 1}


Message = dict[str, list[str]]


def parse(text: str) -> list[Message]:
    """AMI messages in `text`; a header may come twice."""
    found = []
    for block in text.split("\r\n\r\n"):
        message: Message = {}
        for line in filter(None, block.split("\r\n")):
            name, _, value = line.partition(": ")
            message.setdefault(name, []).append(value)
        if message:
            found.append(message)
    return found


class Operator:
    """A plain AMI client over a stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def banner(self) -> str:
        return (await self.reader.readline()).decode().strip()

    async def ask(self, *lines: str) -> Message:
        """Send one action, return the next message."""
        self.send(*lines)
        return await self.message()

    def send(self, *lines: str) -> None:
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    async def message(self, seconds: float = 20.0) -> Message:
        async with asyncio.timeout(seconds):
            return parse((await self.reader.readuntil(b"\r\n\r\n")).decode())[0]

    async def event(self, name: str, seconds: float = 20.0) -> Message:
        """The next event of that name; others are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                message = await self.message()
                if message.get("Event") == [name]:
                    return message

    async def closed(self, seconds: float = 20.0) -> bytes:
        """Wait until the server hangs up; returns what it still said."""
        async with asyncio.timeout(seconds):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def operator(
    host: str, port: int, *login: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Operator]:
    """A connected client, logged in with the lines of `login` if there are any."""
    reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    client = Operator(reader, writer)
    try:
        if login:
            await client.banner()
            answer = await client.ask("Action: Login", *login)
            assert answer["Response"] == ["Success"], answer
        yield client
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except ConnectionError:
            pass


class Switchable:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """A listening AMI server with its PBX, its facts and one account that may do everything."""

    control: FakeControl
    facts: Facts
    ring: Ring
    accounts: AccountFile
    server: AmiServer
    clock: Switchable
    host: str
    port: int
    secret: str

    @property
    def login(self) -> tuple[str, str]:
        return "Username: op", f"Secret: {self.secret}"


@asynccontextmanager
async def ami_house(var: Path, limits: AmiLimits | None = None) -> AsyncIterator[House]:
    """A server on a free port of loopback, its accounts in `var`."""
    control, facts, ring, clock = FakeControl(), Facts(), Ring(), Switchable()
    accounts = AccountFile(var / "ami-accounts.json")
    secret = accounts.add("op", read=["all"], write=["all"]).secret
    server = AmiServer(control, facts, accounts, ring, lambda: AT, clock, limits)
    host, port = await server.listen("127.0.0.1", 0)
    try:
        yield House(control, facts, ring, accounts, server, clock, host, port, secret)
    finally:
        await server.close()
