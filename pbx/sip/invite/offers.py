"""New offers inside a session: re-INVITE and UPDATE of either side, and their glare (RFC 3261 14, RFC
3311)."""

from __future__ import annotations

from ..errors import PeerError
from ..events import OfferAnswered, OfferReceived, OfferRefused
from ..message import Request, Response
from ..stack import ALLOW, SUPPORTED
from ..timers import TRANSACTION_SECONDS, Timed
from ..transactions.client import ClientTransaction
from ..transactions.invite_client import InviteClientTransaction, within
from ..transactions.table import UNHEARD, Client, Server
from .acceptance import Acceptance
from .acceptor import Acceptor
from .acknowledgement import acknowledgement
from .lines import body_lines
from .session_timer import too_brief
from .usage import Usage

TRIES = 8
"""Times one offer is sent when it meets glare or challenges."""


class Offers(Timed):
    """At most one offer is open at a time: `ours` is the transaction that carries it, or `theirs`.

    An offer of ours that meets one of theirs, on the wire (491) or here, is sent again after the random wait
    of section 14.1. The newest body wanted replaces one that still waits.
    """

    __slots__ = (
        "_acceptor",
        "_body",
        "_refreshing",
        "_tries",
        "_waiting",
        "ours",
        "session",
        "theirs",
    )

    def __init__(self, session: Usage, acceptor: Acceptor | None) -> None:
        self.tick = 0
        self.session = session
        self._acceptor = acceptor
        self.ours: Client | None = None
        self.theirs: Server | None = None
        self._body = b""
        self._refreshing = False
        self._tries = 0
        self._waiting: tuple[bytes, bool] | None = None

    # Ours

    def offer(self, body: bytes, refreshing: bool, now: float) -> None:
        """Sends an offer, or a refresh without one of its own, as soon as none is open."""
        waiting = self._waiting
        if refreshing and (waiting is not None or self.ours is not None):
            return
        self._waiting = (body, refreshing)
        if waiting is None:
            self._tries = 0
            self._send_waiting(now)

    def resume(self, now: float) -> None:
        """The session is established: what was wanted before can be sent."""
        self._send_waiting(now)

    def fire(self, now: float) -> None:
        self._send_waiting(now)

    def _send_waiting(self, now: float) -> None:
        waiting = self._waiting
        session = self.session
        settled = session.state == "established" or session.early_agreed
        if waiting is None or self.ours is not None or not settled:
            return
        if self.theirs is not None or session.acceptance is not None:
            self._wait(now)
            return
        self._waiting = None
        self._body, self._refreshing = waiting
        self._tries += 1
        by_update = self._refreshing and not session.update_refused and session.allows("update")
        if by_update or session.state != "established":
            self._send_update(now)
        else:
            self._send_invite(now)

    def _wait(self, now: float) -> None:
        """Sets the random wait: who made the Call-ID waits longer (section 14.1), in steps of 10 ms."""
        stack = self.session.stack
        if self.session.calls:
            seconds = 2.1 + int(stack.chance() * 191) / 100
        else:
            seconds = int(stack.chance() * 201) / 100
        stack.table.wheel.arm(self, now + seconds)

    def _send_update(self, now: float) -> None:
        session = self.session
        body = b"" if self._refreshing else self._body
        request, flow, branch = session.make("UPDATE", self._lines(body), body)
        self._carry(ClientTransaction(session.stack.table, request, flow, self, branch), now)

    def _send_invite(self, now: float) -> None:
        session = self.session
        request, flow, branch = session.make("INVITE", self._lines(self._body), self._body)
        guard_at = now + session.stack.limits.invite_seconds
        self._carry(InviteClientTransaction(session.stack.table, request, flow, self, branch, guard_at), now)

    def _carry(self, transaction: Client, now: float) -> None:
        self.ours = transaction
        transaction.session = self.session
        transaction.begin(now)

    def _lines(self, body: bytes) -> list[str]:
        session = self.session
        return [
            f"Contact: {session.contact}",
            ALLOW,
            SUPPORTED,
            *session.timer.ask(),
            *body_lines(body, session.content_type),
        ]

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Responses to our re-INVITE or UPDATE, and repeated 2xx."""
        status = response.status
        if status < 200:
            return
        session = self.session
        if status < 300 and isinstance(transaction, InviteClientTransaction):
            self._acknowledge(transaction, response)
        if transaction is not self.ours:
            return
        again = session.again(transaction, response, now)
        if again is not None:
            self.ours = again
            return
        self.ours = None
        if session.over:
            return
        if status < 300:
            self._answered(response, now)
        elif status == 491 and self._tries < TRIES:
            self._waiting = self._waiting or (self._body, self._refreshing)
            self._wait(now)
            return
        elif status in (408, 481):
            session.lost("timeout", now)
        elif not self._repaired(transaction, response):
            if not self._refreshing:
                session.stack.events.append(OfferRefused(session, status))
        if self._waiting is not None:
            self._send_waiting(now)

    def _acknowledge(self, transaction: InviteClientTransaction, response: Response) -> None:
        session = self.session
        if not transaction.ack and session.dialog is not None:
            session.dialog.retarget(response)
            transaction.ack = acknowledgement(session, session.dialog, transaction.request)
        session.stack.table.outbox.append((transaction.flow, transaction.ack))

    def _answered(self, response: Response, now: float) -> None:
        session = self.session
        try:
            session.timer.agreed(response, now)
            if session.dialog is not None:
                session.dialog.retarget(response)
        except PeerError:
            session.lost("timeout", now)
            return
        news = bool(response.body) and response.body != session.remote_body
        if response.body:
            session.remote_body = response.body
            session.remote_offered = False
        if self._refreshing:
            if news:
                session.stack.events.append(OfferAnswered(session, response))
            return
        session.local_body = self._body
        session.stack.events.append(OfferAnswered(session, response))

    def _repaired(self, transaction: Client, response: Response) -> bool:
        """A refusal that another form of the same request can meet: a longer interval, or INVITE for
        UPDATE."""
        session = self.session
        status = response.status
        if self._tries >= TRIES:
            return False
        if status == 422:
            repaired = session.timer.raise_floor(response)
        else:
            repaired = status in (405, 501) and transaction.request.method == "UPDATE" and self._refreshing
            if repaired:
                session.update_refused = True
        if repaired and self._waiting is None:
            self._waiting = (self._body, self._refreshing)
        return repaired

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """No response to our offer."""
        if transaction is not self.ours:
            return
        self.ours = None
        if status == 503:
            self.session.flow_gone(now)
        else:
            self.session.lost("timeout", now)

    def expired(self, transaction: InviteClientTransaction, now: float) -> None:
        """A re-INVITE that stays provisional: CANCEL it, then give up."""
        if transaction.guard_at < 0:
            transaction.abort(408, now)
            return
        session = self.session
        request = Request("CANCEL", transaction.request.uri, within(transaction.request, "CANCEL"), b"")
        branch = transaction.key.removesuffix("INVITE")
        session.stack.start(request, branch, transaction.flow, UNHEARD, now, session)
        transaction.expire_at(now + TRANSACTION_SECONDS)
        transaction.guard_at = -1.0

    # Theirs

    def receive(self, request: Request, transaction: Server, now: float) -> None:
        """A re-INVITE or UPDATE of the peer."""
        session = self.session
        stack = session.stack
        if self._collides(transaction, now):
            return
        if too_brief(stack, request):
            stack.answer(transaction, 422, now, [f"Min-SE: {stack.min_se}"])
            return
        if request.method == "INVITE":
            transaction.send(100, stack.reply(transaction).compose(100, tagged=False), now)
        if session.dialog is not None:
            session.dialog.retarget(request)
        if not request.body:
            # A refresh by UPDATE has no description; a re-INVITE without one asks for our offer.
            self._accept(transaction, session.local_body if request.method == "INVITE" else b"", now)
        elif request.body == session.remote_body and session.remote_offered and session.local_body:
            self._accept(transaction, session.local_body, now)
        else:
            self.theirs = transaction
            stack.events.append(OfferReceived(session, transaction, request, request.body))

    def _collides(self, transaction: Server, now: float) -> bool:
        """Refuses an offer that meets an open one (sections 14.2; RFC 3311 5.2)."""
        session = self.session
        stack = session.stack
        invite = transaction.request.method == "INVITE"
        offer = invite or bool(transaction.request.body)
        unsettled = offer and session.state in ("incoming", "calling", "early") and not session.early_agreed
        if self.theirs is not None or (unsettled and not session.calls):
            stack.answer(transaction, 500, now, [f"Retry-After: {int(stack.chance() * 10)}"])
            return True
        unanswered = session.acceptance is not None and session.acceptance.offers
        # A body-less UPDATE makes no offer and so cannot collide.
        if unsettled or (offer and (self.ours is not None or unanswered)):
            stack.answer(transaction, 491, now)
            return True
        return False

    def accept(self, transaction: Server, body: bytes, now: float) -> None:
        """Our user's answer to an offer of the peer."""
        if transaction is not self.theirs:
            return
        self.theirs = None
        session = self.session
        session.remote_body = transaction.request.body
        session.remote_offered = True
        session.local_body = body
        self._accept(transaction, body, now)

    def _accept(self, transaction: Server, body: bytes, now: float) -> None:
        session = self.session
        stack = session.stack
        request = transaction.request
        lines = [f"Contact: {session.contact}", ALLOW, SUPPORTED]
        if request.method != "PRACK":
            lines += session.timer.agree(request, now)
        lines += body_lines(body, session.content_type)
        if request.method != "INVITE":
            stack.answer(transaction, 200, now, lines, body)
            if request.method == "PRACK" and self._acceptor is not None:
                self._acceptor.proceed(now)
            return
        wire = stack.reply(transaction).compose(200, lines=lines, body=body)
        if session.acceptance is not None:
            session.acceptance.stop()
        session.acceptance = Acceptance(session, transaction, wire, bool(body) and not request.body, now)

    def refuse(self, transaction: Server, status: int, now: float) -> None:
        """Our user will have none of the peer's offer."""
        if transaction is self.theirs:
            self.theirs = None
            self.session.stack.answer(transaction, status, now)

    def cancelled(self, transaction: Server, now: float) -> None:
        """CANCEL of the peer's re-INVITE."""
        if transaction is self.theirs:
            self.theirs = None
        self.session.stack.answer(transaction, 487, now)

    def stop(self, now: float) -> None:
        """The session is over: nothing is sent again, and an offer still open is refused (section 15.1.2)."""
        self._waiting = None
        self.session.stack.table.wheel.disarm(self)
        if self.theirs is not None:
            self.refuse(self.theirs, 487, now)
