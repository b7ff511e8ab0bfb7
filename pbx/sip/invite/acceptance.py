"""A 2xx to an INVITE, repeated until its ACK comes (RFC 3261 section 13.3.1.4)."""

from __future__ import annotations

from typing import Protocol

from ..timers import T1, T2, TRANSACTION_SECONDS, Timed
from ..transactions.table import Server


class AcceptanceUser(Protocol):
    """Whose 2xx it is."""

    def unacknowledged(self, now: float) -> None:
        """64*T1 passed without ACK."""


class Acceptance(Timed):
    """Repeats the 2xx end to end, over any transport. `offers`: it carries our offer, the ACK will answer
    it."""

    __slots__ = ("expires_at", "interval", "number", "offers", "transaction", "user", "wire")

    def __init__(
        self, user: AcceptanceUser, transaction: Server, wire: bytes, offers: bool, now: float
    ) -> None:
        self.tick = 0
        self.user = user
        self.transaction = transaction
        self.number = transaction.request.cseq.number
        self.wire = wire
        self.offers = offers
        self.interval = T1
        self.expires_at = now + TRANSACTION_SECONDS
        transaction.send(200, wire, now)
        transaction.table.wheel.arm(self, now + T1)

    def fire(self, now: float) -> None:
        if now >= self.expires_at:
            self.user.unacknowledged(now)
            return
        self.transaction.send(200, self.wire, now)
        self.interval = min(self.interval * 2, T2)
        self.transaction.table.wheel.arm(self, min(now + self.interval, self.expires_at))

    def stop(self) -> None:
        """Acknowledged, or of no use any more."""
        self.transaction.table.wheel.disarm(self)
