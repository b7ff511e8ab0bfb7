"""A session of the INVITE usage: its verbs, and which part of it does what (RFC 3261 sections 13 to 15)."""

from __future__ import annotations

from ..events import Established, OfferAnswered
from ..flow import Flow
from ..message import Request
from ..session import Pairs, Session
from ..stack import Stack
from ..timers import Alarm
from ..transactions.client import ClientTransaction
from ..transactions.table import Server
from .acceptor import Acceptor
from .farewell import FAREWELL
from .initiator import Initiator
from .inquiry import INQUIRY
from .lines import checked
from .offers import Offers
from .usage import Usage

__all__ = ["InviteSession", "Session"]


class InviteSession(Usage):
    """An `Initiator` or an `Acceptor` begins it; `Offers` changes it once the first change is asked for."""

    __slots__ = ("_grace", "_offers", "acceptor", "initiator")

    def __init__(
        self, stack: Stack, request: Request, flow: Flow, local_tag: str, call_id: str, calls: bool
    ) -> None:
        super().__init__(stack, request, flow, local_tag, call_id, calls)
        self.initiator: Initiator | None = None
        self.acceptor: Acceptor | None = None
        self._offers: Offers | None = None
        self._grace: Alarm | None = None

    @property
    def offers(self) -> Offers:
        """The state of offers, made when it is first needed."""
        if self._offers is None:
            self._offers = Offers(self, self.acceptor)
        return self._offers

    @property
    def unheard(self) -> bool:
        return self.initiator is not None and self.initiator.transaction.state == "calling"

    # Verbs

    def ring(
        self, now: float, status: int = 180, body: bytes = b"", headers: Pairs = (), *, reliable: bool = False
    ) -> None:
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.ring(status, body, checked(headers) if headers else [], reliable, now)

    def accept(self, body: bytes, now: float, headers: Pairs = ()) -> None:
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.accept(body, checked(headers) if headers else [], now)

    def refuse(self, status: int, now: float, headers: Pairs = ()) -> None:
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.refuse(status, checked(headers), now)

    def cancel(self, now: float, reason: str | None = None) -> None:
        if self.initiator is not None:
            self.initiator.cancel(checked([("Reason", reason)] if reason else ()), now)

    def acknowledge(self, body: bytes, now: float) -> None:
        if self.initiator is not None:
            self.local_body = body
            self.initiator.acknowledge(body, now)

    def end(self, now: float, headers: Pairs = ()) -> None:
        lines = checked(headers) if headers else []
        if self.initiator is not None and self.state in ("calling", "early"):
            self.initiator.cancel(lines, now)
        elif self.acceptor is not None and self.state == "incoming":
            self.acceptor.refuse(480, lines, now)
        elif self.state == "accepted" and self.farewell is None:
            # No BYE before the ACK, or before it is given up (section 15).
            self.farewell = lines
        elif self.state == "established":
            self.say_goodbye(lines, now)

    def send_request(
        self, method: str, headers: Pairs, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        early = self.acceptor is None or self.acceptor.rang or self.state != "incoming"
        if self.over or not early or self.dialog_now is None:
            return None
        request, flow, branch = self.make(method, checked(headers), body)
        transaction = ClientTransaction(self.stack.table, request, flow, INQUIRY, branch)
        transaction.session = self
        transaction.context = context
        transaction.begin(now)
        return transaction

    def reoffer(self, body: bytes, now: float) -> None:
        if not self.over:
            self.offers.offer(body, False, now)

    def accept_offer(self, transaction: Server, body: bytes, now: float) -> None:
        if self._offers is not None:
            self._offers.accept(transaction, body, now)

    def refuse_offer(self, transaction: Server, status: int, now: float) -> None:
        if self._offers is not None:
            self._offers.refuse(transaction, status, now)

    # What happens to it

    def acked(self, ack: Request, now: float) -> None:
        """The ACK to a 2xx of ours; repeated ones find nothing to stop."""
        acceptance = self.acceptance
        if acceptance is None or acceptance.number != ack.cseq.number:
            return
        self.acceptance = None
        acceptance.stop()
        answered = acceptance.offers and bool(ack.body)
        if answered:
            self.remote_body = ack.body
            self.remote_offered = False
        if self.state == "accepted":
            self.state = "established"
            if self.farewell is not None:
                self.say_goodbye(self.farewell, now)
            else:
                self.stack.events.append(Established(self, ack))
                self.settled(now)
        elif answered and self.state == "established":
            self.stack.events.append(OfferAnswered(self, ack))

    def cancelled(self, transaction: Server, now: float) -> None:
        """CANCEL of an INVITE that still waits for its final response."""
        if self.acceptor is not None and transaction is self.acceptor.transaction:
            self.acceptor.abandon(487, now)
        else:
            self.offers.cancelled(transaction, now)

    def moved_to(self, flow: Flow) -> None:
        super().moved_to(flow)
        if self._grace is not None:
            self.stack.table.wheel.disarm(self._grace)

    def settled(self, now: float) -> None:
        if self._offers is not None:
            self._offers.resume(now)

    def refresh(self, now: float) -> None:
        self.offers.offer(self.local_body, True, now)

    def flow_gone(self, now: float) -> None:
        if self.state == "incoming" and self.acceptor is not None:
            self.acceptor.abandon(503, now)
        elif self.state == "ending":
            self.close(now)
        elif self.state in ("accepted", "established"):
            grace = self.stack.limits.flow_grace_seconds
            if not grace:
                self.lost("flow_lost", now)
                return
            if self._grace is None:
                self._grace = Alarm(self._missed)
            self.stack.table.wheel.arm(self._grace, now + grace)

    def _missed(self, now: float) -> None:
        self.lost("flow_lost", now)

    def say_goodbye(self, lines: list[str], now: float) -> None:
        self.state = "ending"
        self.quiet(now)
        request, flow, branch = self.make("BYE", lines)
        transaction = ClientTransaction(self.stack.table, request, flow, FAREWELL, branch)
        transaction.session = self
        transaction.begin(now)

    def close(self, now: float) -> None:
        super().close(now)
        # The parts point back at the session: without this only the garbage collector could free them.
        self.acceptor = None
        self.initiator = None
        self._offers = None
        self._grace = None
        self.timer.release()

    def quiet(self, now: float) -> None:
        if self.acceptor is not None:
            self.acceptor.stop()
        if self.acceptance is not None:
            self.acceptance.stop()
            self.acceptance = None
        self.timer.stop()
        if self._grace is not None:
            self.stack.table.wheel.disarm(self._grace)
        if self._offers is not None:
            self._offers.stop(now)
