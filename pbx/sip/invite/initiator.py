"""The calling side of a new INVITE: its forks, its CANCEL, its second tries (RFC 3261 sections 13.2, 9.1,
22.2)."""

from __future__ import annotations

from ..dialog import Dialog
from ..errors import PeerError
from ..events import Answered, Progressed, Refused
from ..message import Request, Response
from ..reasons import REASONS
from ..timers import TRANSACTION_SECONDS
from ..transactions.invite_client import InviteClientTransaction, within
from ..transactions.table import UNHEARD, Client
from .acknowledgement import acknowledgement
from .early import Early
from .usage import Usage

TRIES = 4
"""INVITEs sent for one session at most: a challenge, a stale nonce and a 422 may each cost one."""


class Initiator:
    """Sends the INVITE and hears what comes. The first 2xx wins; every other 2xx is acknowledged and ended
    here."""

    __slots__ = (
        "_acks",
        "_cancel_lines",
        "_cancel_sent",
        "_guard_at",
        "_reported",
        "_timed_out",
        "_tries",
        "session",
        "transaction",
    )

    def __init__(self, session: Usage, guard_at: float) -> None:
        self.session = session
        self._guard_at = guard_at
        self._acks: dict[str, bytes] = {}
        self._cancel_lines: list[str] | None = None
        self._cancel_sent = False
        self._timed_out = False
        self._reported = False
        self._tries = 0
        self.transaction: InviteClientTransaction

    def send(self, request: Request, branch: str, now: float) -> None:
        """Starts a transaction for the first or a further try."""
        session = self.session
        session.request = request
        self._tries += 1
        transaction = self.transaction = InviteClientTransaction(
            session.stack.table, request, session.flow, self, branch, self._guard_at
        )
        transaction.session = session
        transaction.begin(now)

    def cancel(self, lines: list[str], now: float) -> None:
        """Gives the INVITE up; the CANCEL waits for a provisional response (section 9.1)."""
        if self._cancel_lines is not None or self._reported:
            return
        self._cancel_lines = lines
        if self.transaction.state == "proceeding":
            self._send_cancel(now)

    def _send_cancel(self, now: float) -> None:
        self._cancel_sent = True
        session = self.session
        transaction = self.transaction
        headers = within(transaction.request, "CANCEL")
        for line in self._cancel_lines or ():
            name, _, value = line.partition(": ")
            headers.add(name, value)
        request = Request("CANCEL", transaction.request.uri, headers, b"")
        branch = transaction.key.removesuffix("INVITE")
        session.stack.start(request, branch, session.flow, UNHEARD, now, session)
        # Without a final response in 64*T1 the INVITE counts as cancelled (section 9.1).
        transaction.expire_at(now + TRANSACTION_SECONDS)

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Everything the INVITE transaction lets through."""
        status = response.status
        if status < 200:
            self._progressed(response, now)
        elif status < 300:
            try:
                self._answered(response, now)
            except PeerError as error:
                self._finish(500, f"Bad response: {error.reason}", response, now)
        else:
            self._refused(response, now)

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """Nobody answered (408), or the flow is lost (503).

        A CANCEL waits for a provisional response lest it overtake its INVITE (section 9.1). On a connection
        it cannot, so there it goes at last without one: a phone that slept finds both when it wakes, and
        rings for nobody who has long gone.
        """
        if status == 408 and transaction.flow.reliable and not self._cancel_sent:
            self._send_cancel(now)
        self._finish(status, REASONS[status], None, now)

    def expired(self, transaction: InviteClientTransaction, now: float) -> None:
        """The INVITE's time is up, or a CANCEL stayed without effect."""
        if self._cancel_lines is None:
            self._cancel_lines = []
            self._timed_out = True
            self._send_cancel(now)
        else:
            transaction.abort(408, now)

    def _progressed(self, response: Response, now: float) -> None:
        if self._cancel_lines is not None:
            if not self._cancel_sent:
                self._send_cancel(now)
            return
        if response.status == 100:
            return
        session = self.session
        session.state = "early"
        tag = response.to_tag or ""
        early = session.early.get(tag)
        if early is None:
            if len(session.early) >= session.stack.limits.early_dialogs:
                return
            early = session.early[tag] = Early(self.transaction.request, response, self.transaction.flow)
        if early.hear(session.stack, response, now):
            session.stack.events.append(Progressed(session, response))
            if early.agreed:
                session.early_agreed = True
                session.settled(now)

    def _answered(self, response: Response, now: float) -> None:
        session = self.session
        tag = response.to_tag or ""
        ack = self._acks.get(tag)
        if ack is not None:
            if ack:
                session.stack.table.outbox.append((self.transaction.flow, ack))
            return
        dialog = self._confirm(response, tag)
        if self._reported or self._cancel_lines is not None:
            self._dismiss(dialog, tag, now)
            self._finish(487, REASONS[487], None, now)
            return
        session.timer.agreed(response, now)
        self._reported = True
        session.dialog = dialog
        session.peer = response
        session.state = "established"
        early = session.early.get(tag)
        session.remote_body = response.body or (early.body if early else b"")
        session.early.clear()
        self._acks[tag] = b""
        if self.transaction.request.body or not response.body:
            self.acknowledge(b"", now)
        session.stack.events.append(Answered(session, response))
        session.settled(now)

    def acknowledge(self, body: bytes, now: float) -> None:
        """The ACK to the winning 2xx; given a body, that is the answer to an offer in the 2xx (section
        13.2.2.4)."""
        session = self.session
        dialog = session.dialog
        if dialog is None or self._acks.get(dialog.remote_tag) != b"":
            return
        self._acks[dialog.remote_tag] = self._send_ack(dialog, body)

    def _send_ack(self, dialog: Dialog, body: bytes = b"") -> bytes:
        session = self.session
        stack = session.stack
        ack = acknowledgement(session, dialog, self.transaction.request, body)
        stack.table.outbox.append((self.transaction.flow, ack))
        return ack

    def _confirm(self, response: Response, tag: str) -> Dialog:
        """The dialog of a 2xx, out of the early one where requests have been sent in that."""
        session = self.session
        early = session.early.get(tag)
        dialog = early.made if early is not None else None
        if dialog is None:
            return Dialog.answered(self.transaction.request, response, self.transaction.flow)
        dialog.retarget(response)
        dialog.refresh_route(response)
        return dialog

    def _dismiss(self, dialog: Dialog, tag: str, now: float) -> None:
        """ACK and BYE to a fork that answered too late."""
        session = self.session
        stack = session.stack
        self._acks[tag] = self._send_ack(dialog)
        branch = stack.branch()
        bye = dialog.request("BYE", stack.names(dialog.flow), branch)
        stack.start(bye, branch, dialog.flow, UNHEARD, now, session)

    def _refused(self, response: Response, now: float) -> None:
        if self._cancel_lines is None and self._tries < TRIES and self._try_again(response, now):
            return
        status = response.status
        if self._timed_out and status == 487:
            self._finish(408, REASONS[408], response, now)
        else:
            self._finish(status, response.reason, response, now)

    def _try_again(self, response: Response, now: float) -> bool:
        session = self.session
        stack = session.stack
        old = self.transaction
        number = old.request.cseq.number + 1
        if response.status == 422 and session.timer.raise_floor(response):
            headers = old.request.headers.copy()
            for line in session.timer.ask():
                name, _, value = line.partition(": ")
                headers.set(name, value)
            again: tuple[Request, str] | None = stack.renewed(old.request, headers, old.flow, number)
        else:
            again = stack.with_credentials(old, response, session.answer_challenge, number)
        if again is None:
            return False
        session.early.clear()
        self.send(*again, now)
        return True

    def _finish(self, status: int, reason: str, response: Response | None, now: float) -> None:
        if self._reported:
            return
        self._reported = True
        session = self.session
        session.close(now)
        session.stack.events.append(Refused(session, status, reason, response))
