"""Where a received message belongs: a transaction, a session, or the user (RFC 3261 sections 8.2, 17.1.3,
17.2.3)."""

from __future__ import annotations

from typing import cast

from .check import check
from .errors import PeerError
from .events import RequestReceived
from .flow import Flow
from .invite.inside import receive as receive_inside
from .invite.invitation import take
from .invite.session import InviteSession
from .message import Request, Response
from .stack import ALLOW, MAGIC, METHODS, OPTION_TAGS, ReplyFlow, Stack
from .transactions.invite_server import InviteServerTransaction
from .transactions.reply import Reply
from .transactions.server import ServerTransaction

QUICK = f"branch={MAGIC}"
_OUTSIDE = frozenset(("OPTIONS", "REGISTER", "MESSAGE", "INFO"))
_INSIDE = frozenset((*METHODS, "REFER", "NOTIFY", "SUBSCRIBE"))
_ENDPOINT = frozenset(("OPTIONS", "REGISTER"))
"""Answered at this hop whatever Max-Forwards says (section 11)."""


class Reception:
    """Sorts messages. What is wrong with a request is answered without keeping state."""

    __slots__ = ("_stack",)

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def response(self, response: Response, now: float) -> None:
        """A response: to the transaction with its branch and method, else dropped (RFC 6026 section 7.2)."""
        try:
            client = self._stack.table.clients.get(response.branch + response.cseq.method)
            if client is not None:
                client.receive(response, now)
        except PeerError:
            return

    def request(self, request: Request, flow: Flow, now: float) -> None:
        """A request, new or repeated."""
        try:
            if self._stack.reply_flow is not None and flow.transport == "udp":
                flow = self._way_back(request, flow, self._stack.reply_flow)
            self._sort(request, flow, now)
        except PeerError as error:
            self._refuse(request, flow, error.status, [], error.reason)

    def _way_back(self, request: Request, flow: Flow, reply_flow: ReplyFlow) -> Flow:
        """The flow to answer by: to the source if `rport` asks for that, else to the source at Via's port.

        Only the port is taken from the Via, never the host: nobody is answered but who has asked.
        """
        via = request.headers.need("Via")
        ip, port = flow.remote[:2]
        if "rport" in via or f":{port};" in via:
            return flow
        wanted = request.via.port or 5060
        return flow if wanted == port else reply_flow(flow, (ip, wanted))

    def _sort(self, request: Request, flow: Flow, now: float) -> None:
        method = request.method
        servers = self._stack.table.servers
        if method == "ACK":
            self._ack(request, flow, now)
            return
        path = path_of(request)
        known = servers.get(path + method)
        if known is not None:
            known.repeated(now)
        elif method == "CANCEL":
            self._cancel(request, flow, path, now)
        elif len(servers) >= self._stack.limits.transactions:
            self._refuse(request, flow, 503, [f"Retry-After: {self._stack.limits.retry_after}"])
        elif (to_tag := request.to_tag) is not None and method != "REGISTER":
            self._inside(request, to_tag, flow, path, now)
        elif method == "INVITE" and (seconds := self._stack.retry_after("Authorization" in request.headers)):
            self._refuse(request, flow, 503, [f"Retry-After: {seconds}"])
        else:
            self._outside(request, flow, path, now)

    def _ack(self, request: Request, flow: Flow, now: float) -> None:
        known = self._stack.table.servers.get(path_of(request) + "INVITE")
        if isinstance(known, InviteServerTransaction) and known.acked(now):
            return
        session = self._session_of(request, request.to_tag or "")
        if session is not None and session.dialog_with(request.from_tag or "") is not None:
            if flow is not session.flow:
                session.moved_to(flow)
            session.acked(request, now)

    def _cancel(self, request: Request, flow: Flow, path: str, now: float) -> None:
        stack = self._stack
        invite = stack.table.servers.get(path + "INVITE")
        if not isinstance(invite, InviteServerTransaction):
            self._refuse(request, flow, 481)
            return
        transaction = ServerTransaction(stack.table, request, flow, path + "CANCEL", "", now)
        session = cast("InviteSession | None", invite.session)
        if session is not None:
            # The same To tag as in the responses to the INVITE (section 9.2).
            transaction.reply = Reply(request, flow, session.local_tag)
        stack.answer(transaction, 200, now)
        if session is not None and invite.state == "proceeding":
            session.cancelled(invite, now)

    def _session_of(self, request: Request, to_tag: str) -> InviteSession | None:
        session = cast("InviteSession | None", self._stack.sessions.get(to_tag))
        return session if session is not None and session.call_id == request.call_id else None

    def _inside(self, request: Request, to_tag: str, flow: Flow, path: str, now: float) -> None:
        session = self._session_of(request, to_tag)
        if session is None:
            self._refuse(request, flow, 481)
            return
        method = request.method
        if method not in _INSIDE:
            self._refuse(request, flow, 405, [ALLOW])
        elif not self._requires_too_much(request, flow):
            table = self._stack.table
            key = path + method
            transaction = (
                InviteServerTransaction(table, request, flow, key, "")
                if method == "INVITE"
                else ServerTransaction(table, request, flow, key, "", now)
            )
            transaction.session = session
            receive_inside(session, transaction, request, flow, now)

    def _outside(self, request: Request, flow: Flow, path: str, now: float) -> None:
        method = request.method
        if method != "INVITE" and method not in _OUTSIDE:
            # BYE, PRACK and UPDATE belong to a dialog (sections 15.1.2; RFC 3262 3; RFC 3311 5.2).
            inside_only = method in ("BYE", "PRACK", "UPDATE")
            self._refuse(request, flow, 481 if inside_only else 405, [] if inside_only else [ALLOW])
            return
        check(request)
        stack = self._stack
        from_tag = request.from_tag or ""
        merge = f"{request.call_id}\n{from_tag}\n{request.headers.need('CSeq')}"
        ours = stack.sessions.get(from_tag)
        if merge in stack.table.merges or (ours is not None and ours.call_id == request.call_id):
            # It came by two paths, or it is our own and came back.
            self._refuse(request, flow, 482)
            return
        if request.headers.get("Max-Forwards") == "0" and method not in _ENDPOINT:
            self._refuse(request, flow, 483)
            return
        if self._requires_too_much(request, flow):
            return
        if method == "INVITE":
            invite = InviteServerTransaction(stack.table, request, flow, path + method, merge)
            try:
                take(stack, invite, request, flow, now)
            except PeerError as error:
                stack.answer(invite, error.status, now)
            return
        transaction = ServerTransaction(stack.table, request, flow, path + method, merge, now)
        stack.events.append(RequestReceived(transaction, request, flow))

    def _requires_too_much(self, request: Request, flow: Flow) -> bool:
        """Refuses an extension we do not have with 420 (section 8.2.2.3)."""
        if "Require" not in request.headers:
            return False
        tags = [tag.strip().lower() for value in request.headers.all("Require") for tag in value.split(",")]
        unknown = [tag for tag in tags if tag and tag not in OPTION_TAGS]
        if unknown:
            self._refuse(request, flow, 420, [f"Unsupported: {', '.join(unknown)}"])
        return bool(unknown)

    def _refuse(
        self, request: Request, flow: Flow, status: int, lines: list[str] | None = None, reason: str = ""
    ) -> None:
        """Answers without a transaction: whoever repeats the request gets the same answer (section 8.2.7)."""
        if request.method == "ACK":
            return
        try:
            tag = "" if request.to_tag is not None else self._stack.token()
            reply = Reply(request, flow, tag)
        except PeerError:
            return
        self._stack.table.outbox.append((flow, reply.compose(status, lines=lines or (), reason=reason)))


def path_of(request: Request) -> str:
    """What tells one request from all others, but for its method: branch and sent-by, or for a peer of RFC
    2543
    what section 17.2.3 names in their stead."""
    via = request.headers.need("Via")
    sender, _, rest = via.partition(";")
    if rest.startswith(QUICK) and "," not in sender:
        # The usual case: the branch is the first parameter.
        return rest.partition(";")[0].partition(",")[0] + sender
    branch = request.branch
    if branch.startswith(MAGIC):
        return f"branch={branch}{sender}"
    return f"{request.call_id} {request.from_tag} {request.cseq.number} {branch} {sender} "
