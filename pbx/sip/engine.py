"""The SIP engine: messages and moments in, messages and events out; it never waits (RFC 3261 sections 8, 12,
17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .events import Event
from .flow import Flow
from .headers import Headers
from .invite.initiator import Initiator
from .invite.invitation import call
from .invite.lines import body_lines, checked
from .invite.session import InviteSession
from .limits import Limits
from .message import Message, Request, Response
from .reception import Reception
from .requests import Requests
from .session import Session
from .stack import AnswerChallenge, ReplyFlow, RetryAfter, Stack
from .transactions.client import ClientTransaction
from .transactions.reply import complete
from .transactions.table import SPENT, InviteWatch, Server

Pairs = Iterable[tuple[str, str]]


class Engine:
    """One user agent core for any number of flows, dialogs and sessions.

    Feed it with `receive`, `flow_lost` and `handle_timeout`; after each, drain `events` and `outbox` until
    both are
    empty. Nothing a peer sends raises. `token` gives fresh unguessable text for tags, branches and Call-IDs.
    """

    def __init__(
        self,
        *,
        token: Callable[[], str],
        server: str = "Doorline",
        session_interval: int = 1800,
        min_se: int = 90,
        limits: Limits | None = None,
        reply_flow: ReplyFlow | None = None,
    ) -> None:
        """`session_interval` and `min_se` in seconds, 0 switches session timers off (RFC 4028).

        `reply_flow` finds the flow to the port named in the Via of a UDP request without `rport` (RFC 3261
        section 18.2.2); without it every answer goes to where the request came from.
        """
        self._stack = Stack(token, server, session_interval, min_se, limits or Limits())
        self._stack.reply_flow = reply_flow
        self._reception = Reception(self._stack)
        self._requests = Requests(self._stack)

    # In

    def receive(self, message: Message, flow: Flow, now: float) -> None:
        """A whole message that came by `flow`."""
        if isinstance(message, Request):
            self._reception.request(message, flow, now)
        else:
            self._reception.response(message, now)

    def flow_lost(self, flow: Flow, now: float) -> None:
        """The connection is closed: what waits on it fails with 503, what it carried ends."""
        flow.alive = False
        for session in self._sessions():
            if session.flow is flow:
                session.flow_gone(now)
        table = self._stack.table
        table.drop_flow(flow, now)
        # What the endings above wanted to say has no way to its peer.
        table.outbox = [(way, data) for way, data in table.outbox if way is not flow]

    def handle_timeout(self, now: float) -> None:
        """Fires what is due."""
        self._stack.table.wheel.sweep(now)

    def next_deadline(self) -> float | None:
        """When `handle_timeout` is wanted next, or None."""
        return self._stack.table.wheel.next_deadline()

    # Out

    def outbox(self) -> list[tuple[Flow, bytes]]:
        """Messages to send, in order; drains."""
        table = self._stack.table
        if not table.outbox:
            return []
        messages, table.outbox = table.outbox, []
        return messages

    def events(self) -> list[Event]:
        """What happened, in order; drains."""
        stack = self._stack
        if not stack.events:
            return []
        events, stack.events = stack.events, []
        return events

    def turn_away(self, retry_after: RetryAfter) -> None:
        """From now on asks before each INVITE from outside a dialog; where it may not come in, 503 with
        Retry-After is sent without a transaction, which costs next to nothing (RFC 3261 section 8.2.7)."""
        self._stack.retry_after = retry_after

    def watch(self, watch: InviteWatch) -> None:
        """Tells `watch` of each INVITE of ours from now on: when it leaves and when it is settled."""
        self._stack.table.watch = watch

    def stats(self) -> dict[str, int]:
        """Live counts; all are zero when everything has ended and every timer has run."""
        stack = self._stack
        sessions = self._sessions()
        return {
            "client_transactions": len(stack.table.clients),
            "server_transactions": len(stack.table.servers),
            "sessions": len(sessions),
            "dialogs": sum(1 for session in sessions if session.dialog is not None),
            "merges": len(stack.table.merges),
            "timers": len(stack.table.wheel),
        }

    # Requests outside dialogs

    def respond(self, transaction: Server, response: Response, now: float) -> None:
        """Answers a request with a response made by `response_to`; Via is completed, To gets a tag if it has
        none."""
        if transaction.request is SPENT:
            return
        request, reply = transaction.request, transaction.reply
        if reply is None and response.status < 200:
            reply = self._stack.reply(transaction)
        if reply is not None:
            tag = reply.tag
        else:
            tag = "" if request.to_tag is not None else self._stack.token()
        transaction.send(response.status, complete(response, request, transaction.flow, tag), now)

    def respond_status(self, transaction: Server, status: int, now: float, headers: Pairs = ()) -> None:
        """Answers a request with a status and these further headers, without body."""
        lines = [*checked(headers), f"Server: {self._stack.server}"]
        self._stack.answer(transaction, status, now, lines)

    def build_request(
        self,
        method: str,
        target: str,
        *,
        from_: str,
        to: str,
        headers: Pairs = (),
        body: bytes = b"",
        content_type: str = "",
    ) -> Request:
        """A request outside any dialog with Call-ID, CSeq 1 and a From tag; for `send_request`."""
        token = self._stack.token
        lines = [
            *checked([("From", f"{from_};tag={token()}"), ("To", to), ("Call-ID", token())]),
            f"CSeq: 1 {method}",
            *checked(headers),
            *body_lines(body, content_type),
        ]
        return Request(method, target, Headers.from_lines(lines), body)

    def send_request(
        self,
        request: Request,
        flow: Flow,
        now: float,
        context: object = None,
        *,
        answer_challenge: AnswerChallenge | None = None,
    ) -> ClientTransaction:
        """Sends a request outside any dialog; Via and Max-Forwards are added. `ResponseReceived` or
        `RequestFailed`
        follows; after a challenge that is met, with a later transaction of the same `context`."""
        return self._requests.send(request, flow, now, context, answer_challenge)

    def contact(self, flow: Flow) -> str:
        """Our Contact value on this flow."""
        return self._stack.names(flow).contact

    # Calls

    def invite(
        self,
        *,
        target: str,
        from_: str,
        to: str,
        contact: str | None = None,
        flow: Flow,
        body: bytes,
        content_type: str = "application/sdp",
        headers: Pairs = (),
        context: object = None,
        expires: int | None = None,
        route: Sequence[str] = (),
        now: float,
        answer_challenge: AnswerChallenge | None = None,
    ) -> Session:
        """Sends an INVITE. `from_` and `to` are header values without tag, `contact` a whole value or None
        for ours.

        `expires` goes into Expires, and after as many seconds without answer the INVITE is cancelled and
        `Refused`
        with 408. Without `body` the offer is the callee's: answer `Answered` by `session.acknowledge`.
        """
        pairs = [*headers]
        if expires is not None:
            pairs.append(("Expires", str(expires)))
        seconds = self._stack.limits.invite_seconds if expires is None else float(expires)
        session, request, branch = call(
            self._stack, target, from_, to, contact, flow, body, content_type, pairs, route
        )
        session.context = context
        session.answer_challenge = answer_challenge
        session.initiator = initiator = Initiator(session, now + seconds)
        initiator.send(request, branch, now)
        return session

    def _sessions(self) -> list[InviteSession]:
        return [session for session in self._stack.sessions.values() if isinstance(session, InviteSession)]
