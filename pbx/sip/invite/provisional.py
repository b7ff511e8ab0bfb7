"""Reliable provisional responses of the called side, each repeated until its PRACK (RFC 3262 section 3)."""

from __future__ import annotations

from typing import Protocol
from zlib import crc32

from ..fields import RAck
from ..timers import T1, TRANSACTION_SECONDS, Timed
from ..transactions.reply import Reply
from ..transactions.table import Server


class ProvisionalsUser(Protocol):
    """Who answers the INVITE."""

    def abandon(self, status: int, now: float) -> None:
        """64*T1 passed without PRACK: the INVITE is refused with `status`."""


class Provisionals(Timed):
    """A queue: only its head is on the way, the next leaves when the head is acknowledged (section 3)."""

    __slots__ = ("expires_at", "interval", "queue", "reply", "rseq", "transaction", "user")

    def __init__(self, user: ProvisionalsUser, transaction: Server, reply: Reply) -> None:
        self.tick = 0
        self.user = user
        self.transaction = transaction
        self.reply = reply
        self.queue: list[tuple[int, int, bytes, bool]] = []
        self.interval = T1
        self.expires_at = 0.0
        # Any start below 2**31 will do; the tag is random, so is this.
        self.rseq = crc32(reply.tag.encode()) >> 2

    def send(self, status: int, lines: list[str], body: bytes, now: float) -> None:
        """Queues one response and sends it when its turn has come."""
        self.rseq += 1
        wire = self.reply.compose(status, lines=["Require: 100rel", f"RSeq: {self.rseq}", *lines], body=body)
        self.queue.append((self.rseq, status, wire, bool(body)))
        if len(self.queue) == 1:
            self._transmit(now)

    @property
    def withholds_final(self) -> bool:
        """Whether a description is still unacknowledged, so that no 2xx may be sent yet."""
        return any(has_body for _, _, _, has_body in self.queue)

    def acknowledge(self, rack: RAck, now: float) -> bool:
        """A PRACK; False when it matches nothing that waits."""
        queue = self.queue
        if not queue or queue[0][0] != rack.rseq or rack.cseq != self.transaction.request.cseq:
            return False
        del queue[0]
        if queue:
            self._transmit(now)
        else:
            self.stop()
        return True

    def stop(self) -> None:
        """The final response is out: nothing is repeated any more."""
        self.transaction.table.wheel.disarm(self)

    def fire(self, now: float) -> None:
        if now >= self.expires_at:
            self.user.abandon(504, now)
            return
        self._put(now)
        self.interval *= 2
        self.transaction.table.wheel.arm(self, min(now + self.interval, self.expires_at))

    def _transmit(self, now: float) -> None:
        self.interval = T1
        self.expires_at = now + TRANSACTION_SECONDS
        self._put(now)
        self.transaction.table.wheel.arm(self, now + T1)

    def _put(self, now: float) -> None:
        _, status, wire, _ = self.queue[0]
        self.transaction.send(status, wire, now)
