"""All transactions of one engine, the wheel that times them and the outbox they send through (RFC 3261
section 17)."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from ..flow import Flow
from ..message import Request, Response
from ..timers import Timed, Wheel
from .reply import Reply


class Table:
    """What transactions share. Keys: `client_key` and `server_key`; one dictionary look-up matches a
    message."""

    __slots__ = ("clients", "merges", "outbox", "servers", "watch", "wheel")

    def __init__(self) -> None:
        self.wheel = Wheel()
        self.outbox: list[tuple[Flow, bytes]] = []
        self.clients: dict[str, Client] = {}
        self.servers: dict[str, Server] = {}
        self.merges: dict[str, Server] = {}
        """Requests outside dialogs by what stays the same on every path they took (section 8.2.2.2)."""
        self.watch: InviteWatch | None = None

    def drop_flow(self, flow: Flow, now: float) -> None:
        """Ends every transaction on a lost flow: clients hear 503, servers fall silent."""
        for client in [client for client in self.clients.values() if client.flow is flow]:
            client.abort(503, now)
        for server in [server for server in self.servers.values() if server.flow is flow]:
            server.abort(now)


class Client(Timed):
    """A client transaction of either kind, as the table sees it."""

    __slots__ = (
        "context",
        "flow",
        "hook",
        "key",
        "request",
        "session",
        "state",
        "table",
        "tries",
        "user",
        "wire",
    )

    state: str

    def __init__(self, table: Table, request: Request, flow: Flow, user: ClientUser, branch: str) -> None:
        self.tick = 0
        self.table = table
        self.request = request
        self.flow = flow
        self.user = user
        self.key = branch + request.method
        self.wire = request.to_bytes()
        self.context: object = None
        self.session: object = None
        self.tries = 0
        self.hook: object = None

    @abstractmethod
    def another(self, request: Request, branch: str) -> Client:
        """A new transaction for the same user and purpose, as when credentials are asked for."""

    @abstractmethod
    def start(self, now: float) -> None:
        """Sends the request for the first time."""

    def begin(self, now: float) -> None:
        """Starts, or fails at once where the flow is already lost."""
        if self.flow.alive:
            self.start(now)
        else:
            self.abort(503, now)

    @abstractmethod
    def receive(self, response: Response, now: float) -> None:
        """A response to this request."""

    @abstractmethod
    def abort(self, status: int, now: float) -> None:
        """No response can come any more; the user is told `status` once, if it still waits."""

    def inherit(self, old: Client) -> None:
        """Takes over what the user tied to the transaction before."""
        self.context = old.context
        self.session = old.session
        self.hook = old.hook
        self.tries = old.tries + 1

    def terminate(self) -> None:
        """Leaves the table; safe to repeat."""
        self.state = "terminated"
        self.table.clients.pop(self.key, None)
        self.table.wheel.disarm(self)


class ClientUser(Protocol):
    """Who sent a request."""

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """A final response, or for INVITE also each provisional one and every 2xx."""

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """No response will come: 408 time is up, 503 the flow is lost."""


class InviteWatch(Protocol):
    """Follows the INVITEs of ours that ring somewhere: what must be given up if this process cannot go on."""

    def sent(self, invite: Client) -> None:
        """An INVITE left for the first time: `invite.wire` by `invite.flow`."""

    def settled(self, invite: Client) -> None:
        """It has its final response, or none can come; may be told more than once, or of one never sent."""


class Server(Timed):
    """A server transaction of either kind, as the table sees it. `wire` is what a retransmission is answered
    with."""

    __slots__ = ("flow", "key", "merge", "reply", "request", "session", "state", "table", "wire")

    state: str

    def __init__(self, table: Table, request: Request, flow: Flow, key: str, merge: str) -> None:
        self.tick = 0
        self.table = table
        self.request = request
        self.flow = flow
        self.key = key
        self.merge = merge
        self.reply: Reply | None = None
        self.wire = b""
        self.session: object = None
        table.servers[key] = self
        if merge:
            table.merges[merge] = self

    @abstractmethod
    def repeated(self, now: float) -> None:
        """The request came again."""

    @abstractmethod
    def send(self, status: int, wire: bytes, now: float) -> None:
        """Sends a response made by the user; one that comes too late is left unsent."""

    def abort(self, now: float) -> None:
        """The flow is gone: nothing can be answered any more."""
        self.terminate()

    def terminate(self) -> None:
        """Leaves the table; safe to repeat."""
        self.state = "terminated"
        self.table.servers.pop(self.key, None)
        if self.merge:
            self.table.merges.pop(self.merge, None)
        self.table.wheel.disarm(self)


class Unheard:
    """Hears the response to a CANCEL, a PRACK, or the BYE of a losing fork: nothing follows from it.

    Takes the place of an INVITE's user once that has heard its last word: neither keeps the other alive.
    """

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Nothing to do."""

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """Nothing to do."""

    def expired(self, transaction: Client, now: float) -> None:
        """Nothing to do."""


SPENT = Request("", "")
"""Stands for the request of a server transaction that has been answered: only the answer is kept."""
UNHEARD = Unheard()
