"""What both sides of a session share: its dialog, how it moves, how it ends (RFC 3261 sections 12 and 15)."""

from __future__ import annotations

from abc import abstractmethod

from ..dialog import Dialog
from ..errors import MisuseError
from ..events import EndCause, Ended
from ..flow import Flow
from ..message import Request, Response
from ..session import Session
from ..stack import AnswerChallenge, Stack
from ..transactions.table import Client
from .acceptance import Acceptance
from .early import Early
from .lines import SDP, checked, names_token
from .session_timer import SessionTimer


class Usage(Session):
    """The floor under `initiator`, `acceptor` and `offers`; `invite/session.py` puts the verbs on top of
    them."""

    __slots__ = (
        "_contact",
        "acceptance",
        "answer_challenge",
        "calls",
        "dialog",
        "early",
        "early_agreed",
        "farewell",
        "peer",
        "remote_offered",
        "stack",
        "timer",
        "update_refused",
    )

    def __init__(
        self, stack: Stack, request: Request, flow: Flow, local_tag: str, call_id: str, calls: bool
    ) -> None:
        stack.next_session += 1
        self.id = str(stack.next_session)
        self.stack = stack
        self.request = request
        self.flow = flow
        self.local_tag = local_tag
        self.call_id = call_id
        self.calls = calls
        """Whether the INVITE, and with it the Call-ID, is ours."""
        self.context = None
        self.state = "calling" if calls else "incoming"
        self.peer: Request | Response = request
        """The message that tells what the peer allows."""
        self.dialog: Dialog | None = None
        self.early: dict[str, Early] = {}
        """Forks of our INVITE by their To tags, until one has won."""
        self.early_agreed = False
        """Whether offer and answer were exchanged reliably before the final response, so that UPDATE may
        follow."""
        self.acceptance: Acceptance | None = None
        self.timer = SessionTimer(stack, self)
        self.answer_challenge: AnswerChallenge | None = None
        self.content_type = SDP
        self.local_body = b""
        self.remote_body = b""
        self.remote_offered = False
        """Whether `remote_body` was the offer and `local_body` its answer."""
        self.update_refused = False
        self.farewell: list[str] | None = None
        """Lines of a BYE that must wait for an ACK."""
        self._contact = ""
        stack.sessions[local_tag] = self

    @property
    def over(self) -> bool:
        return self.state in ("ending", "ended") or self.farewell is not None

    @property
    def contact(self) -> str:
        """Our Contact value."""
        return self._contact or self.stack.names(self.flow).contact

    @contact.setter
    def contact(self, value: str) -> None:
        checked([("Contact", value)])
        self._contact = value

    @property
    def dialog_now(self) -> Dialog | None:
        """The dialog to send in: the confirmed one, else the early one heard of last."""
        if self.dialog is None:
            if not self.calls:
                self.dialog = Dialog.answering(self.request, self.flow, self.local_tag)
            elif tags := [tag for tag in self.early if tag]:
                return self.early[tags[-1]].dialog
        return self.dialog

    def dialog_with(self, remote_tag: str) -> Dialog | None:
        """The dialog with the peer behind that tag, confirmed or early."""
        if self.dialog is None and self.calls:
            early = self.early.get(remote_tag)
            return early.dialog if early is not None and remote_tag else None
        dialog = self.dialog_now
        return dialog if dialog is not None and dialog.remote_tag == remote_tag else None

    def allows(self, method: str) -> bool:
        """Whether the peer said that it takes `method` (lower case)."""
        return names_token(self.peer.headers, "Allow", method)

    def make(self, method: str, lines: list[str], body: bytes = b"") -> tuple[Request, Flow, str]:
        """A request in our dialog, its flow and its branch."""
        dialog = self.dialog_now
        if dialog is None:
            raise MisuseError(f"{method} without a dialog")
        flow = dialog.flow
        branch = self.stack.branch()
        return dialog.request(method, self.stack.names(flow), branch, lines=lines, body=body), flow, branch

    def again(self, transaction: Client, response: Response, now: float) -> Client | None:
        """Sends a challenged request once more with credentials; None when there are none to give."""
        dialog = self.dialog
        if response.status not in (401, 407) or dialog is None or transaction.tries >= 2:
            return None
        number = dialog.local_number + 1
        found = self.stack.with_credentials(transaction, response, self.answer_challenge, number)
        if found is None:
            return None
        dialog.local_number = number
        again = transaction.another(*found)
        again.begin(now)
        return again

    def moved_to(self, flow: Flow) -> None:
        """The peer speaks by another flow now: after a NAT rebinding, or a new connection."""
        self.flow = flow
        if self.dialog is not None:
            self.dialog.flow = flow

    def lost(self, cause: EndCause, now: float, request: Request | None = None) -> None:
        """The session ends, and not by our user: tells it, and sends a BYE where the peer may still
        listen."""
        if self.state not in ("accepted", "established"):
            # An INVITE still without final response ends by that; a BYE under way needs no help.
            return
        if self.farewell is None:
            self.stack.events.append(Ended(self, cause, request))
        if cause in ("bye", "flow_lost"):
            self.close(now)
        else:
            self.say_goodbye([], now)

    def expired(self, now: float) -> None:
        """No refresh came in time (RFC 4028 section 10)."""
        self.lost("session_expired", now)

    def unacknowledged(self, now: float) -> None:
        """64*T1 without ACK to a 2xx (section 13.3.1.4)."""
        self.acceptance = None
        if self.farewell is not None:
            self.say_goodbye(self.farewell, now)
        else:
            self.lost("ack_timeout", now)

    def close(self, now: float) -> None:
        """Forgets the session; safe to repeat."""
        self.state = "ended"
        self.quiet(now)
        self.stack.sessions.pop(self.local_tag, None)

    @abstractmethod
    def settled(self, now: float) -> None:
        """Offer and answer have been exchanged: an offer of ours that waits can be sent."""

    @abstractmethod
    def say_goodbye(self, lines: list[str], now: float) -> None:
        """BYE; the session is over when that is answered."""

    @abstractmethod
    def refresh(self, now: float) -> None:
        """It is our turn to refresh the session (RFC 4028)."""

    @abstractmethod
    def flow_gone(self, now: float) -> None:
        """The flow is lost. An INVITE of ours hears that from its transaction."""

    @abstractmethod
    def quiet(self, now: float) -> None:
        """Stops every timer of the session and refuses what waits for an answer."""
