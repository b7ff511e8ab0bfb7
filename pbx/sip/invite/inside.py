"""Requests of the peer inside a session's dialog (RFC 3261 section 12.2.2)."""

from __future__ import annotations

from typing import cast

from ..events import InSessionRequest, OfferReceived
from ..flow import Flow
from ..message import Request
from ..transactions.server import ServerTransaction
from ..transactions.table import Server
from .session import InviteSession


def receive(session: InviteSession, transaction: Server, request: Request, flow: Flow, now: float) -> None:
    """One new request, its transaction already made."""
    stack = session.stack
    dialog = session.dialog_with(request.from_tag or "")
    if dialog is None or session.state == "ended":
        stack.answer(transaction, 481, now)
        return
    if not dialog.accepts(request.cseq.number):
        stack.answer(transaction, 500, now)
        return
    if flow is not session.flow and dialog is session.dialog:
        session.moved_to(flow)
    method = request.method
    if method == "BYE":
        _bye(session, transaction, request, now)
    elif session.state == "ending" or method == "REGISTER":
        stack.answer(transaction, 481, now)
    elif method in ("INVITE", "UPDATE"):
        session.offers.receive(request, transaction, now)
    elif method == "PRACK":
        _prack(session, transaction, request, now)
    else:
        stack.events.append(InSessionRequest(session, cast(ServerTransaction, transaction), request))


def _bye(session: InviteSession, transaction: Server, request: Request, now: float) -> None:
    stack = session.stack
    if session.state in ("calling", "early"):
        # Only the caller may end an early dialog by BYE (section 15).
        stack.answer(transaction, 481, now)
        return
    stack.answer(transaction, 200, now)
    if session.state == "incoming" and session.acceptor is not None:
        session.acceptor.abandon(487, now)
    elif session.state != "ending":
        session.lost("bye", now, request)


def _prack(session: InviteSession, transaction: Server, request: Request, now: float) -> None:
    stack = session.stack
    acceptor = session.acceptor
    if acceptor is None or not acceptor.acknowledge(request, now):
        stack.answer(transaction, 481, now)
        return
    if request.body and not session.request.body and not session.remote_body:
        # Our offer stood in the provisional response: this is its answer.
        session.remote_body = request.body
    elif request.body:
        offers = session.offers
        offers.theirs = transaction
        stack.events.append(OfferReceived(session, transaction, request, request.body))
        return
    stack.answer(transaction, 200, now)
    acceptor.proceed(now)
