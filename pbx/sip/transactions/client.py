"""The client transaction of every method but INVITE, with timers E, F and K (RFC 3261 section 17.1.2)."""

from __future__ import annotations

from typing import Literal

from ..flow import Flow
from ..message import Request, Response
from ..timers import T1, T2, T4, TRANSACTION_SECONDS
from .table import Client, ClientUser, Table


class ClientTransaction(Client):
    """trying -> proceeding -> completed -> terminated. Its user hears one final response or one failure."""

    __slots__ = ("expires_at", "interval")

    state: Literal["trying", "proceeding", "completed", "terminated"]

    def __init__(self, table: Table, request: Request, flow: Flow, user: ClientUser, branch: str) -> None:
        super().__init__(table, request, flow, user, branch)
        self.state = "trying"
        self.interval = T1
        self.expires_at = 0.0

    def another(self, request: Request, branch: str) -> ClientTransaction:
        again = ClientTransaction(self.table, request, self.flow, self.user, branch)
        again.inherit(self)
        return again

    def start(self, now: float) -> None:
        table = self.table
        table.clients[self.key] = self
        table.outbox.append((self.flow, self.wire))
        self.expires_at = now + TRANSACTION_SECONDS
        table.wheel.arm(self, self.expires_at if self.flow.reliable else now + T1)

    def receive(self, response: Response, now: float) -> None:
        if self.state == "completed":
            return
        if response.status < 200:
            self.state = "proceeding"
            return
        if self.flow.reliable:
            self.terminate()
        else:
            self.state = "completed"
            self.table.wheel.arm(self, now + T4)
        self.user.responded(self, response, now)

    def fire(self, now: float) -> None:
        if self.state == "completed":
            self.terminate()
        elif now >= self.expires_at:
            self.abort(408, now)
        else:
            self.table.outbox.append((self.flow, self.wire))
            self.interval = T2 if self.state == "proceeding" else min(self.interval * 2, T2)
            self.table.wheel.arm(self, min(now + self.interval, self.expires_at))

    def abort(self, status: int, now: float) -> None:
        waiting = self.state in ("trying", "proceeding")
        self.terminate()
        if waiting:
            self.user.failed(self, status, now)
