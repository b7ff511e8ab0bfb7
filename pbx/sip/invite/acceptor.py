"""The called side of a new INVITE until its final response (RFC 3261 section 13.3)."""

from __future__ import annotations

from ..events import Cancelled
from ..fields import RAck
from ..message import Request
from ..stack import ALLOW, SUPPORTED
from ..timers import Timed
from ..transactions.reply import Reply
from ..transactions.table import Server
from .acceptance import Acceptance
from .lines import body_lines, names_token
from .provisional import Provisionals
from .usage import Usage


class Acceptor(Timed):
    """Sends provisional responses and one final one. Its timer is the INVITE's Expires, or our own limit."""

    __slots__ = ("_kept", "provisionals", "rang", "reply", "session", "transaction")

    def __init__(self, session: Usage, transaction: Server, seconds: float, now: float) -> None:
        self.tick = 0
        self.session = session
        self.transaction = transaction
        request = transaction.request
        self.reply: Reply = Reply(request, transaction.flow, session.local_tag)
        transaction.reply = self.reply
        self.provisionals: Provisionals | None = None
        self.rang = False
        """Whether the caller has heard our tag, so that there is an early dialog."""
        self._kept: tuple[bytes, list[str]] | None = None
        session.stack.table.wheel.arm(self, now + seconds)

    def ring(self, status: int, body: bytes, lines: list[str], reliable: bool, now: float) -> None:
        """A provisional response; reliable when the peer requires it, or supports it and `reliable` asks for
        it."""
        if self._kept is not None:
            return
        session = self.session
        lines = [
            f"Contact: {session.contact}",
            *self.reply.record_route,
            *lines,
            *body_lines(body, session.content_type),
        ]
        if body:
            session.local_body = body
        self.rang = self.rang or status > 100
        if status > 100 and self._wants_reliable(reliable):
            if self.provisionals is None:
                self.provisionals = Provisionals(self, self.transaction, self.reply)
            self.provisionals.send(status, [ALLOW, *lines], body, now)
        else:
            wire = self.reply.compose(status, lines=lines, body=body, tagged=status > 100)
            self.transaction.send(status, wire, now)

    def _wants_reliable(self, asked: bool) -> bool:
        headers = self.transaction.request.headers
        if names_token(headers, "Require", "100rel"):
            return True
        return asked and names_token(headers, "Supported", "100rel")

    def accept(self, body: bytes, lines: list[str], now: float) -> None:
        """The 2xx; it waits while a reliable description is unacknowledged (RFC 3262 section 3)."""
        if self._kept is not None:
            return
        if self.provisionals is not None:
            if self.provisionals.withholds_final:
                self._kept = (body, lines)
                return
            self.provisionals.stop()
        session = self.session
        request = self.transaction.request
        session.stack.table.wheel.disarm(self)
        lines = [
            f"Contact: {session.contact}",
            *self.reply.record_route,
            ALLOW,
            SUPPORTED,
            *session.timer.agree(request, now),
            *lines,
            *body_lines(body, session.content_type),
        ]
        if body:
            session.local_body = body
        session.state = "accepted"
        wire = self.reply.compose(200, lines=lines, body=body)
        offers = bool(body) and not request.body
        session.acceptance = Acceptance(session, self.transaction, wire, offers, now)

    def refuse(self, status: int, lines: list[str], now: float) -> None:
        """A final response of 300 or above: the session is over."""
        self.transaction.send(status, self.reply.compose(status, lines=lines), now)
        self.session.close(now)

    def abandon(self, status: int, now: float) -> None:
        """The INVITE ends without our user: CANCEL, Expires, early BYE, no PRACK, flow lost."""
        self.refuse(status, [], now)
        self.session.stack.events.append(Cancelled(self.session))

    def acknowledge(self, prack: Request, now: float) -> bool:
        """A PRACK of the caller; False when it matches nothing."""
        value = prack.headers.need("RAck")
        if self.provisionals is None or not self.provisionals.acknowledge(RAck.parse(value), now):
            return False
        session = self.session
        session.early_agreed = bool(session.local_body and session.remote_body)
        return True

    def proceed(self, now: float) -> None:
        """Sends the 2xx that waited for a PRACK, if one does; after the 200 to that PRACK."""
        if self._kept is not None and self.provisionals is not None and not self.provisionals.withholds_final:
            body, lines = self._kept
            self._kept = None
            self.accept(body, lines, now)
        elif self.session.early_agreed:
            self.session.settled(now)

    def fire(self, now: float) -> None:
        self.abandon(487, now)

    def stop(self) -> None:
        """The session is over."""
        wheel = self.session.stack.table.wheel
        wheel.disarm(self)
        if self.provisionals is not None:
            wheel.disarm(self.provisionals)
            self.provisionals = None
