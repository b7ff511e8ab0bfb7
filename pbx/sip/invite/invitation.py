"""How a session begins: an INVITE of ours is built, or one of a peer is taken in (RFC 3261 sections 13.2.1,
13.3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..dialog import routes_of
from ..errors import MisuseError
from ..events import InviteReceived
from ..fields import parse_seconds
from ..flow import Flow
from ..headers import Headers
from ..message import Request
from ..stack import ALLOW, SUPPORTED, Stack
from ..transactions.invite_server import InviteServerTransaction
from .acceptor import Acceptor
from .lines import body_lines, checked
from .session import InviteSession
from .session_timer import too_brief


def call(
    stack: Stack,
    target: str,
    from_: str,
    to: str,
    contact: str | None,
    flow: Flow,
    body: bytes,
    content_type: str,
    pairs: Iterable[tuple[str, str]],
    route: Sequence[str],
) -> tuple[InviteSession, Request, str]:
    """A session on the calling side, its INVITE and that one's branch."""
    if not target or " " in target or "\r" in target or "\n" in target:
        raise MisuseError(f"no Request-URI: {target!r}")
    names = stack.names(flow)
    branch = stack.branch()
    local_tag = stack.token()
    call_id = stack.token()
    further = checked(pairs)
    lines = [
        f"{names.via}{branch};rport",
        *checked([("Route", hop) for hop in routes_of(route)]),
        *checked([("From", f"{from_};tag={local_tag}"), ("To", to), ("Contact", contact or names.contact)]),
        f"Call-ID: {call_id}",
        "CSeq: 1 INVITE",
        ALLOW,
        SUPPORTED if body else "Supported: timer",
        *(stack.timer_lines if stack.session_interval else ()),
        *further,
        *body_lines(body, content_type),
    ]
    if not any(line.startswith("Max-Forwards:") for line in further):
        lines.insert(1, "Max-Forwards: 70")
    request = Request("INVITE", target, Headers.from_lines(lines), body)
    session = InviteSession(stack, request, flow, local_tag, call_id, calls=True)
    session.content_type = content_type
    session.local_body = body
    if contact:
        session.contact = contact
    return session, request, branch


def take(
    stack: Stack, transaction: InviteServerTransaction, request: Request, flow: Flow, now: float
) -> None:
    """Makes a session of a new INVITE and reports it. Whatever in it may be malformed is looked at first."""
    headers = request.headers
    if request.contact is None:
        stack.answer(transaction, 400, now, ['Warning: 399 doorline "Missing Contact"'])
        return
    if "Record-Route" in headers:
        headers.values("Record-Route")
    seconds = stack.limits.invite_seconds
    expires = headers.get("Expires")
    if expires is not None:
        seconds = min(seconds, parse_seconds(expires, "Expires"))
    floor = headers.get("Min-SE")
    if floor is not None:
        parse_seconds(floor, "Min-SE")
    if too_brief(stack, request):
        stack.answer(transaction, 422, now, [f"Min-SE: {stack.min_se}"])
        return
    if len(stack.sessions) >= stack.limits.sessions:
        stack.answer(transaction, 503, now, [f"Retry-After: {stack.limits.retry_after}"])
        return
    session = InviteSession(stack, request, flow, stack.token(), request.call_id, calls=False)
    session.remote_body = request.body
    session.remote_offered = bool(request.body)
    session.content_type = headers.get("Content-Type") or session.content_type
    transaction.session = session
    session.acceptor = acceptor = Acceptor(session, transaction, seconds, now)
    transaction.send(100, acceptor.reply.compose(100, tagged=False), now)
    stack.events.append(InviteReceived(session, request, flow))
