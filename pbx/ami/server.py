"""AMI's doors: TCP for operators, a socket in `var` for the console; limits; events to whoever wants them."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import ssl
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from pbx.ami.actions import ASTERISK_VERSION, CATALOGUE, Actions
from pbx.ami.channels import ChannelBook
from pbx.ami.commands import Commands
from pbx.ami.conversation import CLASSES, Account, Accounts, Conversation, Notice
from pbx.ami.notices import Notices
from pbx.ami.session import Session
from pbx.ami.standing import StandingAlarms
from pbx.control import Control
from pbx.facts import AlarmCleared, AlarmRaised, Facts
from pbx.tasks import Tasks
from pbx.trace import Ring

_log = logging.getLogger(__name__)

CONSOLE = Account("console", "", CLASSES, CLASSES, None)
"""Who speaks by the socket in `var`: whoever may read the secrets there anyway."""


@dataclass(frozen=True, slots=True)
class AmiLimits:
    """Bounds on clients. After `failures` failed logins a source is not heard for `ban_seconds`."""

    sessions: int = 50
    sessions_per_source: int = 10
    failures: int = 10
    ban_seconds: float = 60.0


class AmiServer:
    """Everything of AMI. Made before the first call, so that the channel book misses none.

    Args:
        control: the running PBX.
        facts: what happens in it; listened to from now on.
        accounts: who may log in.
        ring: the last SIP messages, for ladders.
        at: civil time.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        control: Control,
        facts: Facts,
        accounts: Accounts,
        ring: Ring,
        at: Callable[[], datetime],
        clock: Callable[[], float],
        limits: AmiLimits | None = None,
    ) -> None:
        self.tasks = Tasks("ami")
        self.book = ChannelBook(control, at)
        version = f"Asterisk {ASTERISK_VERSION} manners, spoken by Doorline"
        commands = Commands(control, self.book, ring, at, version)
        alarms = StandingAlarms(at)
        self.actions = Actions(control, self.book, commands, at, self._broadcast, alarms)
        self._notices = Notices(control, self.book, at, self._broadcast, self._audience)
        self._unsubscribe = [
            facts.subscribe(self._notices),
            facts.subscribe(alarms, AlarmRaised, AlarmCleared),
        ]
        self._accounts = accounts
        self._at = at
        self._clock = clock
        self._limits = limits or AmiLimits()
        self._servers: list[asyncio.Server] = []
        self._sessions: dict[Session, None] = {}
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._counts: Counter[str] = Counter()
        self._dirty: set[Session] = set()

    async def listen(
        self, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> tuple[str, int]:
        """Accept operators; returns the address that was bound.

        Raises:
            OSError: the address is taken or not ours.
        """
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Session(self, self._at), host, port, ssl=tls)
        self._servers.append(server)
        address = server.sockets[0].getsockname()
        return str(address[0]), int(address[1])

    async def listen_console(self, path: Path) -> None:
        """Accept the console at a socket file that only our own user can open; one left behind is replaced.

        Raises:
            OSError: the file cannot be made.
        """
        loop = asyncio.get_running_loop()
        mask = os.umask(0o177)
        try:
            server = await loop.create_unix_server(lambda: Session(self, self._at), str(path))
        finally:
            os.umask(mask)
        self._servers.append(server)

    async def close(self) -> None:
        """Stop listening, hang up on everybody, forget the facts."""
        for forget in self._unsubscribe:
            forget()
        for server in self._servers:
            server.close()
        for session in list(self._sessions):
            session.close()
        await self.tasks.close()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def stats(self) -> dict[str, float]:
        """Counters for metrics."""
        return {
            "sessions": len(self._sessions),
            "channels": len(self.book),
            **{name: self._counts[name] for name in ("refused", "failed_logins", "cut_off", "events")},
        }

    # What sessions ask of us.

    def admit(self, session: Session) -> bool:
        """Take a session in, unless there are too many of its source or in all, or its source is banned.

        Where there are too many in all, the oldest stranger goes: nobody locks operators out by just waiting.
        """
        limits, source = self._limits, session.source
        alike = sum(other.source == source for other in self._sessions)
        if alike >= limits.sessions_per_source or self._banned(source) or not self._room():
            self._counts["refused"] += 1
            return False
        self._sessions[session] = None
        return True

    def converse(self, source: str) -> Conversation:
        """A conversation for a client at `source`; the console needs no login."""
        return Conversation(
            self._accounts,
            source,
            CATALOGUE,
            partial(_digits, 10),
            self.actions.booted,
            self._clock(),
            CONSOLE if source == "local" else None,
        )

    def gone(self, session: Session) -> None:
        """Forget a session."""
        self._sessions.pop(session, None)
        self._dirty.discard(session)

    def login_failed(self, source: str) -> None:
        """Count it against its source; logged in a form that fail2ban reads."""
        self._counts["failed_logins"] += 1
        _log.warning("AMI login failed from %s", source)
        now = self._clock()
        count, until = self._failures.pop(source, (0, 0.0))
        self._failures[source] = (count + 1 if now < until else 1, now + self._limits.ban_seconds)
        while len(self._failures) > 1000:
            self._failures.popitem(last=False)

    def cut_off(self) -> None:
        """A client that does not read was dropped."""
        self._counts["cut_off"] += 1

    # Events.

    def _audience(self) -> int:
        return sum(s.conversation is not None and s.conversation.account is not None for s in self._sessions)

    def _broadcast(self, happened: Notice) -> None:
        """Queue an event for everybody who wants it; it is sent when this turn of the loop is done."""
        self._counts["events"] += 1
        for session in self._sessions:
            if session.tell(happened):
                if not self._dirty:
                    asyncio.get_running_loop().call_soon(self._flush)
                self._dirty.add(session)

    def _flush(self) -> None:
        dirty, self._dirty = self._dirty, set()
        for session in dirty:
            session.flush()

    def _room(self) -> bool:
        """Whether one more fits, if need be in the place of the oldest that has not logged in."""
        if len(self._sessions) < self._limits.sessions:
            return True
        stranger = next((s for s in self._sessions if s.conversation and not s.conversation.account), None)
        if stranger is not None:
            self.gone(stranger)
            stranger.close()
        return stranger is not None

    def _banned(self, source: str) -> bool:
        """Whether a source failed too often; never our own machine, where WebAdmin logs in from."""
        count, until = self._failures.get(source, (0, 0.0))
        return count >= self._limits.failures and self._clock() < until and not _loopback(source)


def _loopback(source: str) -> bool:
    try:
        return ip_address(source.partition("%")[0]).is_loopback
    except ValueError:
        return True


def _digits(count: int) -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(count))
