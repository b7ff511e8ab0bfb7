"""A 2xx to an INVITE, repeated until its ACK comes (RFC 3261 section 13.3.1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..timers import T1, T2, TRANSACTION_SECONDS, Timed
from ..transactions.table import Server

if TYPE_CHECKING:
    from .session import Session


class Acceptance(Timed):
    """Repeats the 2xx end to end, over any transport; 64*T1 without ACK ends the session.

    `offers` tells that the 2xx carried our offer, so that the answer is in the ACK.
    """

    __slots__ = ("expires_at", "interval", "number", "offers", "session", "transaction", "wire")

    def __init__(self, session: Session, transaction: Server, wire: bytes, offers: bool, now: float) -> None:
        self.tick = 0
        self.session = session
        self.transaction = transaction
        self.number = transaction.request.cseq.number
        self.wire = wire
        self.offers = offers
        self.interval = T1
        self.expires_at = now + TRANSACTION_SECONDS
        transaction.send(200, wire, now)
        session.stack.table.wheel.arm(self, now + T1)

    def fire(self, now: float) -> None:
        if now >= self.expires_at:
            self.session.acceptance = None
            self.session.unacknowledged(now)
            return
        self.transaction.send(200, self.wire, now)
        self.interval = min(self.interval * 2, T2)
        self.session.stack.table.wheel.arm(self, min(now + self.interval, self.expires_at))
