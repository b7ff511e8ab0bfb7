"""The INVITE server transaction with timers G, H, I and L (RFC 3261 section 17.2.1, RFC 6026 section 7.1)."""

from __future__ import annotations

from typing import Literal

from ..flow import Flow
from ..message import Request
from ..timers import T1, T2, T4, TRANSACTION_SECONDS
from .table import SPENT, Server, Table


class InviteServerTransaction(Server):
    """proceeding -> completed -> confirmed, or proceeding -> accepted; then terminated.

    300 and above is repeated here until the ACK; a 2xx is repeated by the user (RFC 3261 section 13.3.1.4).
    """

    __slots__ = ("expires_at", "interval")

    state: Literal["proceeding", "completed", "confirmed", "accepted", "terminated"]

    def __init__(self, table: Table, request: Request, flow: Flow, key: str, merge: str) -> None:
        super().__init__(table, request, flow, key, merge)
        self.state = "proceeding"
        self.interval = T1
        self.expires_at = 0.0

    def repeated(self, now: float) -> None:
        if self.wire and self.state in ("proceeding", "completed"):
            self.table.outbox.append((self.flow, self.wire))

    def send(self, status: int, wire: bytes, now: float) -> None:
        if self.state == "proceeding":
            self.wire = wire
            self.table.outbox.append((self.flow, wire))
            if status >= 200:
                self.request = SPENT
                self.reply = None
            if status >= 300:
                self._refuse(now)
            elif status >= 200:
                self.state = "accepted"
                self.table.wheel.arm(self, now + TRANSACTION_SECONDS)
        elif self.state == "accepted" and 200 <= status < 300:
            self.table.outbox.append((self.flow, wire))

    def _refuse(self, now: float) -> None:
        self.state = "completed"
        self.expires_at = now + TRANSACTION_SECONDS
        self.table.wheel.arm(self, self.expires_at if self.flow.reliable else now + T1)

    def acked(self, now: float) -> bool:
        """An ACK with this transaction's branch; False when it must be looked at by its dialog instead."""
        if self.state == "completed":
            if self.flow.reliable:
                self.terminate()
            else:
                self.state = "confirmed"
                self.table.wheel.arm(self, now + T4)
            return True
        return self.state != "accepted"

    def fire(self, now: float) -> None:
        if self.state == "completed" and now < self.expires_at:
            self.table.outbox.append((self.flow, self.wire))
            self.interval = min(self.interval * 2, T2)
            self.table.wheel.arm(self, min(now + self.interval, self.expires_at))
        else:
            self.terminate()
