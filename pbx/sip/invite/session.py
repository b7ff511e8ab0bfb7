"""A session: one INVITE and all that follows inside its dialog, for either side (RFC 3261 sections 13 to
15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..dialog import Dialog
from ..errors import MisuseError
from ..events import EndCause, Ended, Established, OfferAnswered
from ..flow import Flow
from ..message import Request, Response
from ..stack import AnswerChallenge, Stack
from ..timers import Alarm
from ..transactions.client import ClientTransaction
from ..transactions.table import Client, Server
from .acceptance import Acceptance
from .acceptor import Acceptor
from .farewell import FAREWELL
from .initiator import Initiator
from .inquiry import INQUIRY
from .lines import SDP, checked, names_token
from .offers import Offers
from .session_timer import SessionTimer

State = Literal["calling", "early", "incoming", "accepted", "established", "ending", "ended"]

Pairs = Iterable[tuple[str, str]]


class Session:
    """Caller's side: calling -> early -> established. Called side: incoming -> accepted (2xx sent) ->
    established.

    `ending` is after our BYE until its response; `ended` is over. `local_body` and `remote_body` are the last
    session
    descriptions of either side in the dialog that counts; `context` is the user's own.
    """

    __slots__ = (
        "_contact",
        "_farewell",
        "_grace",
        "acceptance",
        "acceptor",
        "answer_challenge",
        "call_id",
        "content_type",
        "context",
        "dialog",
        "flow",
        "id",
        "initiator",
        "local_body",
        "local_tag",
        "offers",
        "peer",
        "remote_body",
        "remote_offered",
        "request",
        "stack",
        "state",
        "timer",
        "update_refused",
    )

    def __init__(self, stack: Stack, request: Request, flow: Flow, local_tag: str, call_id: str) -> None:
        stack.next_session += 1
        self.id = str(stack.next_session)
        self.stack = stack
        self.request = request
        self.peer: Request | Response = request
        """The message that tells what the peer allows and supports."""
        self.flow = flow
        self.local_tag = local_tag
        self.call_id = call_id
        self.context: object = None
        self.state: State = "calling"
        self.dialog: Dialog | None = None
        self.initiator: Initiator | None = None
        self.acceptor: Acceptor | None = None
        self.acceptance: Acceptance | None = None
        self.offers: Offers | None = None
        self.timer: SessionTimer | None = None
        self.answer_challenge: AnswerChallenge | None = None
        self.content_type = SDP
        self.local_body = b""
        self.remote_body = b""
        self.remote_offered = False
        """Whether `remote_body` was the offer and `local_body` its answer."""
        self.update_refused = False
        self._contact = ""
        self._grace: Alarm | None = None
        self._farewell: list[str] | None = None
        stack.sessions[local_tag] = self

    # Verbs of the called side

    def ring(
        self, now: float, status: int = 180, body: bytes = b"", headers: Pairs = (), *, reliable: bool = False
    ) -> None:
        """A provisional response. It is reliable if the caller requires that, or supports it and `reliable`
        asks."""
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.ring(status, body, checked(headers), reliable, now)

    def accept(self, body: bytes, now: float, headers: Pairs = ()) -> None:
        """200 with `body`, repeated until the ACK, which is reported as `Established`."""
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.accept(body, checked(headers), now)

    def refuse(self, status: int, now: float, headers: Pairs = ()) -> None:
        """A final response of 300 or above; no event follows."""
        if self.acceptor is not None and self.state == "incoming":
            self.acceptor.refuse(status, checked(headers), now)

    # Verbs of the calling side

    def cancel(self, now: float, reason: str | None = None) -> None:
        """CANCEL, held back until a provisional response came; `Refused` follows. `reason` is a Reason
        value."""
        if self.initiator is not None:
            self.initiator.cancel(checked([("Reason", reason)] if reason else ()), now)

    def acknowledge(self, body: bytes, now: float) -> None:
        """Sends the ACK that waits for our answer, after an INVITE without offer was answered with one."""
        if self.initiator is not None:
            self.local_body = body
            self.initiator.acknowledge(body, now)

    # Verbs of both

    def end(self, now: float, headers: Pairs = ()) -> None:
        """The right way out by state: CANCEL (`Refused` follows), 480, or BYE; then no event follows."""
        lines = checked(headers)
        if self.state in ("calling", "early"):
            if self.initiator is not None:
                self.initiator.cancel(lines, now)
        elif self.state == "incoming":
            if self.acceptor is not None:
                self.acceptor.refuse(480, lines, now)
        elif self.state == "accepted":
            # No BYE before the ACK, or before it is given up (section 15).
            if self._farewell is None:
                self._farewell = lines
        elif self.state == "established":
            self._say_goodbye(lines, now)

    def info(
        self, content_type: str, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """INFO with `body`; `ResponseReceived` or `RequestFailed` follows. None when the session is over."""
        return self.send_request("INFO", [("Content-Type", content_type)], body, now, context)

    def message(
        self, content_type: str, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """MESSAGE with `body`, otherwise like `info`."""
        return self.send_request("MESSAGE", [("Content-Type", content_type)], body, now, context)

    def send_request(
        self, method: str, headers: Pairs, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """Any other request inside the dialog, early ones too; not INVITE, UPDATE, BYE, ACK, CANCEL,
        PRACK."""
        if self.over or self.dialog_now is None:
            return None
        request, branch = self.make(method, checked(headers), body)
        transaction = ClientTransaction(self.stack.table, request, self.dialog_flow, INQUIRY, branch)
        transaction.session = self
        transaction.context = context
        self._start(transaction, now)
        return transaction

    def reoffer(self, body: bytes, now: float) -> None:
        """A new offer by re-INVITE (before the answer by UPDATE); `OfferAnswered` or `OfferRefused`
        follows."""
        if not self.over:
            self.negotiation.offer(body, False, now)

    def accept_offer(self, transaction: Server, body: bytes, now: float) -> None:
        """Answers an `OfferReceived`."""
        if self.offers is not None:
            self.offers.accept(transaction, body, now)

    def refuse_offer(self, transaction: Server, status: int, now: float) -> None:
        """Refuses an `OfferReceived`; the session goes on as it was."""
        if self.offers is not None:
            self.offers.refuse(transaction, status, now)

    # What the parts of a session ask of it

    @property
    def over(self) -> bool:
        """Whether nothing but the tail of a BYE is left."""
        return self.state in ("ending", "ended") or self._farewell is not None

    @property
    def contact(self) -> str:
        """Our Contact value."""
        return self._contact or self.stack.names(self.flow).contact

    @contact.setter
    def contact(self, value: str) -> None:
        checked([("Contact", value)])
        self._contact = value

    @property
    def negotiation(self) -> Offers:
        """The state of offers, made when the first one comes."""
        if self.offers is None:
            self.offers = Offers(self)
        return self.offers

    @property
    def dialog_now(self) -> Dialog | None:
        """The dialog to send in: the confirmed one, or the only sensible early one."""
        if self.dialog is None and self.acceptor is not None:
            self.dialog = Dialog.answering(self.request, self.flow, self.local_tag)
        elif self.dialog is None and self.initiator is not None:
            for tag, early in reversed(self.initiator.early.items()):
                if tag:
                    return early.dialog(self, self.request)
        return self.dialog

    def dialog_with(self, remote_tag: str) -> Dialog | None:
        """The dialog with the peer behind that tag, confirmed or early."""
        dialog = self.dialog
        if dialog is None and self.initiator is not None:
            early = self.initiator.early.get(remote_tag)
            return early.dialog(self, self.request) if early is not None and remote_tag else None
        if dialog is None:
            dialog = self.dialog_now
        return dialog if dialog is not None and dialog.remote_tag == remote_tag else None

    @property
    def dialog_flow(self) -> Flow:
        """The flow that requests of ours take."""
        dialog = self.dialog_now
        return self.flow if dialog is None else dialog.flow

    def moved_to(self, flow: Flow) -> None:
        """The peer speaks by another flow now: after a NAT rebinding, or a new connection."""
        self.flow = flow
        if self.dialog is not None:
            self.dialog.flow = flow
        if self._grace is not None:
            self.stack.table.wheel.disarm(self._grace)

    def allows(self, method: str) -> bool:
        """Whether the peer said that it takes `method` (lower case)."""
        if method == "update" and self.update_refused:
            return False
        return names_token(self.peer.headers, "Allow", method)

    def make(self, method: str, lines: list[str], body: bytes = b"") -> tuple[Request, str]:
        """A request in our dialog, and its branch."""
        dialog = self.dialog_now
        if dialog is None:
            raise MisuseError(f"{method} without a dialog")
        branch = self.stack.branch()
        return dialog.request(method, self.stack.names(dialog.flow), branch, lines=lines, body=body), branch

    def again(self, transaction: Client, response: Response, now: float) -> Client | None:
        """Sends a challenged request once more with credentials; None when there are none to give."""
        dialog = self.dialog
        if (
            response.status not in (401, 407)
            or dialog is None
            or self.state == "ended"
            or transaction.tries >= 2
        ):
            return None
        stack = self.stack
        found = stack.with_credentials(transaction, response, self.answer_challenge, dialog.local_number + 1)
        if found is None:
            return None
        dialog.local_number += 1
        request, branch = found
        again = transaction.another(request, branch)
        self._start(again, now)
        return again

    def refresh(self, now: float) -> None:
        """It is our turn to refresh (RFC 4028)."""
        self.negotiation.offer(self.local_body, True, now)

    def acked(self, ack: Request, now: float) -> None:
        """The ACK to a 2xx of ours; repeated ones find nothing to stop."""
        acceptance = self.acceptance
        if acceptance is None or acceptance.number != ack.cseq.number:
            return
        self.acceptance = None
        self.stack.table.wheel.disarm(acceptance)
        if acceptance.offers and ack.body:
            self.remote_body = ack.body
        if self.state == "accepted":
            self.state = "established"
            if self._farewell is not None:
                self._say_goodbye(self._farewell, now)
                return
            self.stack.events.append(Established(self, ack))
        elif acceptance.offers and ack.body and self.state == "established":
            self.stack.events.append(OfferAnswered(self, ack))

    def cancelled(self, transaction: Server, now: float) -> None:
        """CANCEL of an INVITE that still waits for its final response."""
        if self.acceptor is not None and transaction is self.acceptor.transaction:
            self.acceptor.abandon(487, now)
        elif self.offers is not None:
            self.offers.cancelled(transaction, now)

    def unacknowledged(self, now: float) -> None:
        """64*T1 without ACK (section 13.3.1.4)."""
        if self._farewell is not None:
            self._say_goodbye(self._farewell, now)
        else:
            self.lost("ack_timeout", now)

    def lost(self, cause: EndCause, now: float, request: Request | None = None) -> None:
        """The session ends, and not by our user: tells it, and sends a BYE where the peer may still
        listen."""
        if self.state in ("ending", "ended"):
            return
        if self._farewell is None:
            self.stack.events.append(Ended(self, cause, request))
        if cause in ("bye", "flow_lost"):
            self.close(now)
        else:
            self._say_goodbye([], now)

    def flow_gone(self, now: float) -> None:
        """The flow is lost. An INVITE of ours hears that from its transaction."""
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

    def _say_goodbye(self, lines: list[str], now: float) -> None:
        self.state = "ending"
        self._hush(now)
        request, branch = self.make("BYE", lines)
        transaction = ClientTransaction(self.stack.table, request, self.dialog_flow, FAREWELL, branch)
        transaction.session = self
        self._start(transaction, now)

    def close(self, now: float) -> None:
        """Forgets the session; safe to repeat."""
        self.state = "ended"
        self._hush(now)
        self.stack.sessions.pop(self.local_tag, None)

    def _hush(self, now: float) -> None:
        wheel = self.stack.table.wheel
        if self.acceptor is not None:
            self.acceptor.stop()
        if self.acceptance is not None:
            wheel.disarm(self.acceptance)
            self.acceptance = None
        if self.timer is not None:
            self.timer.stop()
        if self._grace is not None:
            wheel.disarm(self._grace)
        if self.offers is not None:
            self.offers.stop(now)

    def _start(self, transaction: Client, now: float) -> None:
        if transaction.flow.alive:
            transaction.start(now)
        else:
            transaction.abort(503, now)
