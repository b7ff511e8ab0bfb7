"""The server transaction of every method but INVITE, with timer J (RFC 3261 section 17.2.2)."""

from __future__ import annotations

from typing import Literal

from ..flow import Flow
from ..message import Request
from ..timers import TRANSACTION_SECONDS
from .table import SPENT, Server, Table


class ServerTransaction(Server):
    """trying -> proceeding -> completed -> terminated. A user that never answers is forgotten after 32 s: the
    peer
    has given up by then, and a late 408 would only hurt (RFC 4320 section 4.2)."""

    __slots__ = ()

    state: Literal["trying", "proceeding", "completed", "terminated"]

    def __init__(self, table: Table, request: Request, flow: Flow, key: str, merge: str, now: float) -> None:
        super().__init__(table, request, flow, key, merge)
        self.state = "trying"
        table.wheel.arm(self, now + TRANSACTION_SECONDS)

    def repeated(self, now: float) -> None:
        if self.wire:
            self.table.outbox.append((self.flow, self.wire))

    def send(self, status: int, wire: bytes, now: float) -> None:
        if self.state in ("completed", "terminated"):
            return
        self.wire = wire
        self.table.outbox.append((self.flow, wire))
        if status < 200:
            self.state = "proceeding"
            return
        self.request = SPENT
        self.reply = None
        if self.flow.reliable:
            self.terminate()
        else:
            self.state = "completed"
            self.table.wheel.arm(self, now + TRANSACTION_SECONDS)

    def fire(self, now: float) -> None:
        self.terminate()
