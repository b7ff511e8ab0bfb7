"""What the parts of one engine share: transactions, sessions, events, and the lines that name ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zlib import crc32

from .events import Event
from .flow import Flow
from .headers import Headers
from .limits import Limits
from .message import Request, Response
from .session import Session
from .transactions.client import ClientTransaction
from .transactions.reply import Reply
from .transactions.table import SPENT, Client, ClientUser, Server, Table

AnswerChallenge = Callable[[Response, Request], list[tuple[str, str]] | None]
"""Given a 401 or 407 and the request it refused: the headers to add for a second try, or None to give up."""

ReplyFlow = Callable[[Flow, tuple[str, int]], Flow]
"""Given the UDP flow of a request without `rport` and the address its Via asks to be answered at: that
flow."""

RetryAfter = Callable[[bool], int]
"""Given whether a new INVITE carries credentials: seconds after which to try again, 0 to take it."""

METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "PRACK", "UPDATE", "INFO", "MESSAGE", "REGISTER")
ALLOW = f"Allow: {', '.join(METHODS)}"
SUPPORTED = "Supported: 100rel, timer"
OPTION_TAGS = frozenset(("100rel", "timer", "path", "outbound"))
MAGIC = "z9hG4bK"


def _at_once(has_credentials: bool) -> int:
    return 0


class Names:
    """The lines by which we name ourselves on flows of one local address."""

    __slots__ = ("contact", "via")

    def __init__(self, flow: Flow) -> None:
        host, port = flow.local[:2]
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.via = f"Via: SIP/2.0/{flow.transport.upper()} {shown};branch="
        self.contact = f"<sip:{shown};transport={flow.transport}>"


class Stack:
    """One engine's state. Everything in it is reached by one dictionary look-up from a message."""

    __slots__ = (
        "_names",
        "events",
        "limits",
        "min_se",
        "next_session",
        "reply_flow",
        "retry_after",
        "server",
        "session_interval",
        "sessions",
        "table",
        "timer_lines",
        "token",
    )

    def __init__(
        self, token: Callable[[], str], server: str, session_interval: int, min_se: int, limits: Limits
    ) -> None:
        self.token = token
        self.server = server
        self.session_interval = session_interval
        self.min_se = min_se
        self.timer_lines = [f"Session-Expires: {session_interval}", f"Min-SE: {min_se}"]
        self.limits = limits
        self.table = Table()
        self.events: list[Event] = []
        self.sessions: dict[str, Session] = {}
        """By our own tag, which is unique: the To tag of a request inside a dialog finds its session."""
        self.next_session = 0
        self.reply_flow: ReplyFlow | None = None
        self.retry_after: RetryAfter = _at_once
        self._names: dict[tuple[str, tuple[str, int]], Names] = {}

    def names(self, flow: Flow) -> Names:
        """Our Via and Contact on this flow."""
        key = (flow.transport, flow.local)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = Names(flow)
        return found

    def branch(self) -> str:
        """A new branch (section 8.1.1.7)."""
        return MAGIC + self.token()

    def chance(self) -> float:
        """A number in [0, 1) out of the randomness handed in."""
        return crc32(self.token().encode()) / 2**32

    def reply(self, transaction: Server) -> Reply:
        """The lines of every response in this transaction; a To tag of ours is made where the request has
        none."""
        reply = transaction.reply
        if reply is None:
            request = transaction.request
            tag = "" if request.to_tag is not None else self.token()
            reply = transaction.reply = Reply(request, transaction.flow, tag)
        return reply

    def answer(
        self, transaction: Server, status: int, now: float, lines: Iterable[str] = (), body: bytes = b""
    ) -> None:
        """Sends a response of our own making; after a final one, nothing."""
        if transaction.request is SPENT:
            return
        wire = self.reply(transaction).compose(status, lines=lines, body=body)
        transaction.send(status, wire, now)

    def with_credentials(
        self, old: Client, response: Response, hook: AnswerChallenge | None, number: int
    ) -> tuple[Request, str] | None:
        """The request of `old` once more with credentials, and its branch; None when there is nothing to
        add."""
        request = old.request
        if hook is None or response.status not in (401, 407):
            return None
        pairs = hook(response, request)
        if not pairs:
            return None
        headers = request.headers.copy()
        for name in {name for name, _ in pairs}:
            headers.remove(name)
        for name, value in pairs:
            headers.add(name, value)
        return self.renewed(request, headers, old.flow, number)

    def renewed(self, request: Request, headers: Headers, flow: Flow, number: int) -> tuple[Request, str]:
        """The same request as a new transaction: new branch, given CSeq (section 22.2)."""
        branch = self.branch()
        headers.set("Via", f"{self.names(flow).via[5:]}{branch};rport")
        headers.set("CSeq", f"{number} {request.method}")
        return Request(request.method, request.uri, headers, request.body), branch

    def start(
        self, request: Request, branch: str, flow: Flow, user: ClientUser, now: float, session: object = None
    ) -> ClientTransaction:
        """Sends a request other than INVITE and ACK."""
        transaction = ClientTransaction(self.table, request, flow, user, branch)
        transaction.session = session
        transaction.begin(now)
        return transaction
