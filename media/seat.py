"""A worker's place in the engine: its sessions and ports, its watch, and its successor when it dies."""

from __future__ import annotations

import asyncio
import logging
import socket
from base64 import b64decode
from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Any, cast

from media.addresses import Trust, choose_own
from media.cover import SHARED, Station
from media.darkroom import Darkroom, Developed
from media.engine import (
    Counted,
    Dtmf,
    Failed,
    FirstPacket,
    Kind,
    Lost,
    MediaSettings,
    Method,
    OnEvent,
    Overheard,
    Played,
    Silent,
    Wanted,
)
from media.errors import MediaError
from media.gates import GateBook
from media.links import Link
from media.orders import Order
from media.ports import PortPool
from media.session import Session
from media.sockets import is_local

logger = logging.getLogger(__name__)

_FIRST_PORTS_SECONDS = 10.0
_KNOWN_PEERS = 4096
_PATIENT = frozenset(("bind", "free"))
_PATIENCE = 0.02
"""Seconds these orders may wait for others: each waking of the worker costs more than an order does."""


class Seat:
    """One worker and what it carries. The sessions' view of it is media.session.Worker."""

    def __init__(
        self, settings: MediaSettings, ports: range, new_link: Callable[[], Link], tell: OnEvent,
        darkroom: Darkroom | None = None, webrtc_port: int = 0,
    ) -> None:
        self._settings, self._range, self._new_link, self._tell = settings, ports, new_link, tell
        self._link: Link | None = None
        self._pool = PortPool(settings.quarantine_seconds)
        self._sessions: set[Session] = set()
        self._users: dict[int, tuple[Session, str, str]] = {}
        self._leaving: dict[int, tuple[str, str, str]] = {}
        self._outbox: list[Order] = []
        self._hurried = False
        self._darkroom = darkroom
        self._snaps: dict[int, Developed] = {}
        self._snapped = 0
        self._totals: dict[str, int | float] = {}
        self._heard = 0.0
        self._restarts = 0
        self._gates = GateBook(webrtc_port)
        self._running = asyncio.Event()
        self._ended = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None
        self._addresses: dict[str, str] = {}
        own = settings.advertised_addresses
        self.trust = Trust(
            lambda address: address in own or is_local(address),
            range(settings.port_low, settings.port_high + 2),
            tuple(IPv4Network(network) for network in settings.private_networks),
        )
        self._verbs: dict[str, Callable[..., None]] = {
            "ports": self._ports, "first": self._first, "digit": self._digit, "silent": self._silent,
            "mux": self._gates.listening, "failed": self._failed, "wanted": self._wanted,
            "snapped": self._developing,
            "counted": self._counted, "alive": self._alive,
            "overheard": self._overheard, "played": self._played,
        }

    # -- life ---------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start the worker and watch over it. Raises MediaError when no port comes."""
        self._loop = asyncio.get_running_loop()
        await self._begin()
        try:
            await asyncio.wait_for(self._running.wait(), _FIRST_PORTS_SECONDS)
        except TimeoutError:
            await self.stop()
            raise MediaError("the media worker did not start") from None
        self._watcher = self._loop.create_task(self._watch())

    async def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        for session in list(self._sessions):
            session.lose()
        self._forget()
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def _begin(self) -> None:
        self._pool = PortPool(self._settings.quarantine_seconds)
        self._ended.clear()
        self._heard = self._loop.time()
        link = self._new_link()
        await link.open(self._settings, self._range, self._receive, self._ended.set)
        self._link = link
        self.send(self._gates.introduce())
        self._refill()

    async def _watch(self) -> None:
        """Replace the worker whenever it dies, sooner after a long life than after a short one."""
        pause = self._settings.restart_seconds
        while True:
            born, strikes = self._loop.time(), 0
            while not self._ended.is_set():
                await self._nap(self._settings.hang_seconds / 4)
                strikes = strikes + 1 if self._hangs() else 0
                if strikes > 1 and self._link is not None:   # once may be our own loop's stall
                    logger.error("media worker %s hangs", self._link.pid)
                    self._link.kill()
                    await self._ended.wait()
            await self._bury()
            if self._loop.time() - born > 60:
                pause = self._settings.restart_seconds
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._settings.restart_seconds_max)
            self._restarts += 1
            try:
                await self._begin()
            except OSError:
                logger.exception("media worker cannot start")
                self._ended.set()

    async def _nap(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            self._tidy()

    def _hangs(self) -> bool:
        return self._loop.time() - self._heard > self._settings.hang_seconds

    async def _bury(self) -> None:
        logger.error("media worker died with %d calls", len(self._sessions))
        lost = [session.call for session in self._sessions]
        for session in list(self._sessions):
            session.lose()
        self._forget()
        link, self._link = self._link, None
        if link is not None:
            await link.close()
        for call in lost:
            self._tell(Lost(call))

    def _forget(self) -> None:
        self._sessions.clear()
        self._users.clear()
        self._leaving.clear()
        self._outbox.clear()
        snaps, self._snaps = self._snaps, {}
        for done in snaps.values():
            done(None)
        self._running.clear()
        self._pool = PortPool(self._settings.quarantine_seconds)

    # -- what the engine asks -----------------------------------------------------------------------------

    @property
    def ready(self) -> int:
        """Pairs free now."""
        if self._link is None:
            return 0
        self._pool.wake(self._loop.time())
        return self._pool.ready

    @property
    def pid(self) -> int | None:
        return self._link.pid if self._link is not None else None

    def open(self, call: str, number: Callable[[], int]) -> Session:
        """A session carried by this worker."""
        session = Session(call, self, number)
        self._sessions.add(session)
        return session

    def adopt(self, session: Session) -> None:
        """Carry a session whose worker died."""
        session.move(self)
        self._sessions.add(session)

    def stats(self) -> dict[str, int | float]:
        return {
            "sessions": len(self._sessions), "ports_used": self._pool.used, "ports_ready": self._pool.ready,
            "ports_resting": self._pool.resting, "restarts": self._restarts,
            **{f"worker_{name}": value for name, value in self._totals.items()},
        }

    # -- what sessions ask (media.session.Worker) ---------------------------------------------------------

    def take(self, session: Session, leg: str, kind: str) -> int:
        port = self._pool.take(self._loop.time())
        self._users[port] = (session, leg, kind)
        self._refill()
        return port

    def take_shared(self, session: Session, leg: str, kind: str) -> int:
        """A number for a stream that shares the WebRTC port."""
        number = self._gates.stream()
        self._users[number] = (session, leg, kind)
        return number

    def station(self, session: Session, leg: str, peer: str | None) -> Station:
        """Where WebRTC reaches us: by the address that fits the peer best, then by all others we have."""
        first = self.address_for(peer)
        others = [one for one in self._settings.advertised_addresses if one != first]
        return self._gates.station(session.call, leg, (first, *others))

    def give(self, port: int, *, carried: bool) -> None:
        session, leg, kind = self._users.pop(port)
        if carried:
            self._leaving[port] = (session.call, leg, kind)
            self.send(["free", port])
        if port < SHARED:
            self._pool.give(port, self._loop.time(), carried=carried)

    def send(self, order: Order) -> None:
        self._outbox.append(order)
        if order[0] == "shut":
            self._gates.shut(order[1])
        if order[0] == "film" and self._darkroom is not None:
            self._darkroom.warm()
        if order[0] in _PATIENT:
            if len(self._outbox) == 1:
                self._loop.call_later(_PATIENCE, self._flush)
        elif not self._hurried:
            self._hurried = True
            self._loop.call_soon(self._flush)

    def snap(self, port: int, done: Developed) -> None:
        """The newest key picture of a filmed port, as a JPEG."""
        self._snapped += 1
        self._snaps[self._snapped] = done
        self.send(["snap", port, self._snapped])

    def address_for(self, peer: str | None) -> str:
        """Our address to write into a description for this peer."""
        if self._settings.advertised_addresses:
            return choose_own(self._settings.advertised_addresses, peer)
        if self._settings.bind_address != "0.0.0.0":
            return self._settings.bind_address
        peer = peer or "192.0.2.1"   # nobody's address: shows the way out
        if peer not in self._addresses:
            if len(self._addresses) >= _KNOWN_PEERS:
                self._addresses.clear()
            self._addresses[peer] = _way_to(peer)
        return self._addresses[peer]

    def closed(self, session: Session) -> None:
        self._sessions.discard(session)

    def _flush(self) -> None:
        self._hurried = False
        orders, self._outbox = self._outbox, []
        if orders and self._link is not None:
            self._link.send(orders)

    def _refill(self) -> None:
        missing = self._pool.missing(self._settings.ready_pairs)
        if missing:
            self.send(["bind", missing])

    def _tidy(self) -> None:
        self._pool.wake(self._loop.time())
        surplus = self._pool.surplus(self._settings.ready_pairs)
        if surplus:
            self.send(["close", surplus])

    # -- what the worker says -----------------------------------------------------------------------------

    def _receive(self, orders: list[Order]) -> None:
        self._heard = self._loop.time()
        for order in orders:
            self._verbs[order[0]](*order[1:])

    def _ports(self, ports: list[int]) -> None:
        self._pool.add(ports)
        if ports:
            self._running.set()

    def _first(self, port: int) -> None:
        user = self._users.get(port)
        if user is not None:
            self._tell(FirstPacket(user[0].call, user[1], cast(Kind, user[2])))

    def _digit(self, port: int, digit: str, at: float, method: Method = "rfc4733") -> None:
        user = self._users.get(port)
        if user is not None and user[0].listens(user[1]):
            self._tell(Dtmf(user[0].call, user[1], digit, at, method))

    def _overheard(self, port: int, digit: str, at: float) -> None:
        user = self._users.get(port)
        if user is not None:
            self._tell(Overheard(user[0].call, user[1], digit, at))

    def _played(self, port: int, prompt: str, whole: bool) -> None:
        user = self._users.get(port)
        if user is not None:
            self._tell(Played(user[0].call, user[1], prompt, whole))

    def _silent(self, port: int, seconds: float) -> None:
        user = self._users.get(port)
        if user is not None:
            self._tell(Silent(user[0].call, user[1], seconds))

    def _failed(self, gate: int, reason: str) -> None:
        user = self._gates.user(gate)
        if user is not None:
            self._tell(Failed(*user, reason))

    def _wanted(self, port: int) -> None:
        user = self._users.get(port)
        if user is not None:
            self._tell(Wanted(user[0].call, user[1]))

    def _developing(self, number: int, codec: str, picture: str) -> None:
        done = self._snaps.pop(number, None)
        if done is not None and self._darkroom is not None and picture:
            self._darkroom.develop(codec, b64decode(picture), done)
        elif done is not None:
            done(None)

    def _counted(self, port: int, *counts: int) -> None:
        user = self._leaving.pop(port, None)
        if user is not None:
            self._tell(Counted(user[0], user[1], cast(Kind, user[2]), *counts))

    def _alive(self, totals: dict[str, Any]) -> None:
        self._totals = totals


def _way_to(peer: str) -> str:
    """The local address from which a peer is reached; no packet is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
