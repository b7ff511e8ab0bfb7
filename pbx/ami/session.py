"""One AMI client's socket: bytes to its conversation and back, never faster than it reads."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, cast

from pbx.ami.actions import Actions
from pbx.ami.conversation import AUTH_SECONDS, Conversation, Notice
from pbx.ami.wire import Action
from pbx.tasks import Tasks

WRITE_LIMIT = 4 * 1024 * 1024
"""Bytes a client may leave unread; beyond, it is cut off rather than kept in memory."""

ACTIONS_A_TURN = 8
PENDING_LIMIT = 2000
FAILURE_SECONDS = 0.5
"""How long the answer to a failed login takes."""


class House(Protocol):
    """What a session needs of the server."""

    actions: Actions
    tasks: Tasks

    def admit(self, session: Session) -> bool:
        """Take the session in; False when there are too many."""

    def converse(self, source: str) -> Conversation:
        """The conversation of a client at `source`."""

    def gone(self, session: Session) -> None:
        """The connection is closed."""

    def login_failed(self, source: str) -> None:
        """Somebody at `source` did not know the secret."""

    def cut_off(self) -> None:
        """A client that does not read was dropped."""


class Session(asyncio.Protocol):
    """The protocol object of one connection."""

    def __init__(self, house: House, at: Callable[[], datetime]) -> None:
        self.source = ""
        self.conversation: Conversation | None = None
        self._house = house
        self._at = at
        self._transport: asyncio.Transport | None = None
        self._pending: deque[Action] = deque()
        self._working = False
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected: admit it and greet, or hang up on it."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self.source = str(peer[0]) if isinstance(peer, tuple) else "local"
        if not self._house.admit(self):
            self._transport.abort()
            return
        self.conversation = self._house.converse(self.source)
        self.conversation.on_sent = self.flush
        if self.conversation.next_deadline() is not None:
            self._timer = self._loop.call_later(AUTH_SECONDS, self._too_late)
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, for whatever reason."""
        if self._timer is not None:
            self._timer.cancel()
        self._pending.clear()
        self._transport = None
        self._house.gone(self)

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        conversation = self.conversation
        if conversation is None or conversation.closing:
            return
        self._pending += conversation.receive(data, self._at())
        if len(self._pending) > PENDING_LIMIT:
            self._cut_off()
            return
        if conversation.failed_login:
            self._house.login_failed(self.source)
            self._wait_to_fail()
            return
        self.flush()
        if not self._working:
            self._work()

    def pause_writing(self) -> None:
        """The client reads too slowly: ask it nothing more for now."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client has caught up."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def tell(self, happened: Notice) -> bool:
        """Queue an event; True when there is now something to flush."""
        return self.conversation is not None and self.conversation.notify(happened)

    def flush(self) -> None:
        """Send what has collected; close after the last word, cut off who does not read."""
        if self._transport is None or self.conversation is None or self._transport.is_closing():
            return
        if data := self.conversation.outbox():
            self._transport.write(data)
            if self._transport.get_write_buffer_size() > WRITE_LIMIT:
                self._cut_off()
                return
        if self.conversation.closing and not self._pending:
            self._transport.close()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def _work(self) -> None:
        """Perform a few waiting actions, then let the loop do other things."""
        self._working = False
        if self._transport is None or self.conversation is None:
            return
        for _ in range(min(ACTIONS_A_TURN, len(self._pending))):
            later = self._house.actions.perform(self._pending.popleft(), self.conversation)
            if later is not None:
                self._house.tasks.spawn(self._finish(later), name="ami action")
            self.flush()
        if self._pending:
            self._working = True
            self._loop.call_soon(self._work)

    async def _finish(self, later: object) -> None:
        await later  # type: ignore[misc]
        self.flush()

    def _wait_to_fail(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(FAILURE_SECONDS, self.flush)

    def _too_late(self) -> None:
        if self.conversation is not None:
            self.conversation.handle_timeout(float("inf"))
            self.flush()

    def _cut_off(self) -> None:
        self._house.cut_off()
        self.close()
