"""Passes a new offer inside a call (hold, resume, video on) from one side to the other and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from media.errors import NoCapacity, SdpError

if TYPE_CHECKING:
    from media.engine import MediaSession
    from pbx.sip import events as sip
    from pbx.sip.invite.session import Session
    from pbx.sip.transactions.table import Server

REQUEST_PENDING = 491
NOT_ACCEPTABLE = 488


class Renegotiation:
    """At most one new offer is under way in a call; a second one meanwhile is glare (RFC 3261 14.2).

    The side that asked waits until the other side has answered: what one hears is what both agreed.
    """

    __slots__ = ("_asked", "_asker", "_media", "_moved", "_sessions", "_transaction", "failed")

    def __init__(self, media: MediaSession, sessions: dict[str, Session]) -> None:
        self._media = media
        self._sessions = sessions
        self._asker = self._asked = ""
        self._transaction: Server | None = None
        self._moved: set[str] = set()
        self.failed = False
        """A side did not take the new ports: it can hear nobody any more."""

    @property
    def pending(self) -> bool:
        """True while a side has not answered yet."""
        return self._transaction is not None or bool(self._moved)

    def move(self, legs: Iterable[str], now: float) -> None:
        """Media have new ports and keys for these legs: offer each what it had agreed to, at once to all.

        Raises NoCapacity; then nobody has been asked.
        """
        offers = {leg: self._media.offer(leg) for leg in legs}
        for leg, body in offers.items():
            self._moved.add(leg)
            self._sessions[leg].reoffer(body, now)

    def offered(self, leg: str, peer: str | None, event: sip.OfferReceived, now: float) -> None:
        """`leg` made a new offer; `peer` is the leg that hears it, None before anybody does."""
        session = event.session
        other = self._sessions.get(peer) if peer is not None else None
        if self.pending or peer is None or other is None:
            session.refuse_offer(event.transaction, REQUEST_PENDING, now)
            return
        try:
            self._media.receive_offer(leg, event.body, source=session.flow.remote[0])
            onward = self._media.offer(peer, like=leg)
        except (SdpError, NoCapacity):
            session.refuse_offer(event.transaction, NOT_ACCEPTABLE, now)
            return
        self._asker, self._asked, self._transaction = leg, peer, event.transaction
        other.reoffer(onward, now)

    def answered(self, leg: str, event: sip.OfferAnswered, now: float) -> None:
        """The other side took the offer; tell the one who asked."""
        if leg in self._moved:
            self._moved.discard(leg)
            try:
                self._media.receive_answer(leg, event.response.body, source=event.session.flow.remote[0])
            except SdpError:
                self.failed = True
            return
        transaction, asker = self._take(leg)
        try:
            self._media.receive_answer(leg, event.response.body)
            body = self._media.answer(asker, like=leg) if transaction is not None else b""
        except (NoCapacity, SdpError):
            self._refuse(asker, transaction, NOT_ACCEPTABLE, now)
            return
        if transaction is not None and asker in self._sessions:
            self._sessions[asker].accept_offer(transaction, body, now)

    def refused(self, leg: str, event: sip.OfferRefused, now: float) -> None:
        """The other side refused; so do we. The call goes on as it was, but for a side that had to move."""
        if leg in self._moved:
            self.failed = True
            return
        transaction, asker = self._take(leg)
        for side in (leg, asker):
            if side in self._sessions:
                self._media.withdraw(side)
        self._refuse(asker, transaction, event.status if event.status >= 400 else NOT_ACCEPTABLE, now)

    def _take(self, leg: str) -> tuple[Server | None, str]:
        if leg != self._asked:
            return None, ""
        transaction, asker = self._transaction, self._asker
        self._asker, self._asked, self._transaction = "", "", None
        return transaction, asker

    def _refuse(self, asker: str, transaction: Server | None, status: int, now: float) -> None:
        if transaction is not None and asker in self._sessions:
            self._sessions[asker].refuse_offer(transaction, status, now)
