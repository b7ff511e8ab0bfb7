"""The INVITE client transaction with timers A, B, D and M (RFC 3261 section 17.1.1, RFC 6026 section 7.2)."""

from __future__ import annotations

from typing import Literal, Protocol

from ..flow import Flow
from ..headers import Headers
from ..message import Request, Response
from ..timers import T1, TRANSACTION_SECONDS
from .table import UNHEARD, Client, ClientUser, Table


class InviteClientUser(ClientUser, Protocol):
    """Who sent an INVITE."""

    def expired(self, transaction: InviteClientTransaction, now: float) -> None:
        """The moment set by `expire_at` came while only provisional responses had."""


class InviteClientTransaction(Client):
    """calling -> proceeding -> completed or accepted -> terminated.

    Its user hears each provisional response, the first final one of 300 and above, and every 2xx: only the
    user can
    tell a repeated 2xx from that of another fork. The ACK to 300 and above is sent here.
    """

    __slots__ = ("ack", "expires_at", "guard_at", "interval", "user")

    state: Literal["calling", "proceeding", "completed", "accepted", "terminated"]
    user: InviteClientUser

    def __init__(
        self, table: Table, request: Request, flow: Flow, user: InviteClientUser, branch: str, guard_at: float
    ) -> None:
        super().__init__(table, request, flow, user, branch)
        self.state = "calling"
        self.interval = T1
        self.expires_at = 0.0
        self.guard_at = guard_at
        self.ack = b""

    def another(self, request: Request, branch: str) -> InviteClientTransaction:
        again = InviteClientTransaction(self.table, request, self.flow, self.user, branch, self.guard_at)
        again.inherit(self)
        return again

    def start(self, now: float) -> None:
        table = self.table
        table.clients[self.key] = self
        table.outbox.append((self.flow, self.wire))
        if table.watch is not None:
            table.watch.sent(self)
        self.expires_at = now + TRANSACTION_SECONDS
        table.wheel.arm(self, self.expires_at if self.flow.reliable else now + T1)

    def receive(self, response: Response, now: float) -> None:
        status = response.status
        state = self.state
        if status < 200:
            if state == "calling":
                self.state = "proceeding"
                self.table.wheel.arm(self, self.guard_at)
            elif state != "proceeding":
                return
            self.user.responded(self, response, now)
        elif status < 300:
            if state in ("calling", "proceeding"):
                self.state = "accepted"
                self._settled()
                self.table.wheel.arm(self, now + TRANSACTION_SECONDS)
            elif state != "accepted":
                return
            self.user.responded(self, response, now)
        elif state == "completed":
            self.table.outbox.append((self.flow, self.ack))
        elif state in ("calling", "proceeding"):
            self._refused(response, now)

    def _refused(self, response: Response, now: float) -> None:
        self.ack = ack_to_refusal(self.request, response)
        self.table.outbox.append((self.flow, self.ack))
        if self.flow.reliable:
            self.terminate()
        else:
            self.state = "completed"
            self.table.wheel.arm(self, now + TRANSACTION_SECONDS)
            self._settled()
        self.user.responded(self, response, now)
        self.user = UNHEARD

    def expire_at(self, due: float) -> None:
        """Moves the guard over the provisional state (our timer C) to `due`."""
        self.guard_at = due
        if self.state == "proceeding":
            self.table.wheel.arm(self, due)

    def fire(self, now: float) -> None:
        if self.state == "calling":
            if now >= self.expires_at:
                self.abort(408, now)
                return
            self.table.outbox.append((self.flow, self.wire))
            self.interval *= 2
            self.table.wheel.arm(self, min(now + self.interval, self.expires_at))
        elif self.state == "proceeding":
            self.user.expired(self, now)
        else:
            self.terminate()
            self.user = UNHEARD

    def terminate(self) -> None:
        super().terminate()
        self._settled()

    def _settled(self) -> None:
        if self.table.watch is not None:
            self.table.watch.settled(self)

    def abort(self, status: int, now: float) -> None:
        waiting = self.state in ("calling", "proceeding")
        self.terminate()
        if waiting:
            self.user.failed(self, status, now)
        self.user = UNHEARD


def within(request: Request, method: str) -> Headers:
    """Headers of a CANCEL or hop-by-hop ACK: the INVITE's branch, route and ids (sections 9.1 and
    17.1.1.3)."""
    headers = request.headers
    lines = [
        headers.lines("Via")[0],
        *headers.lines("Route"),
        "Max-Forwards: 70",
        headers.lines("From")[0],
        headers.lines("To")[0],
        headers.lines("Call-ID")[0],
        f"CSeq: {request.cseq.number} {method}",
    ]
    return Headers.from_lines(lines)


def ack_to_refusal(request: Request, response: Response) -> bytes:
    """The ACK that belongs to the transaction itself: To as in the response, all else as in the INVITE."""
    headers = within(request, "ACK")
    headers.set("To", response.headers.need("To"))
    return Request("ACK", request.uri, headers, b"").to_bytes()
