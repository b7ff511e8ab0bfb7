"""A session as its user sees it: one INVITE and all that follows in its dialog (RFC 3261 sections 13 to
15)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Literal

from .flow import Flow
from .message import Request
from .transactions.client import ClientTransaction
from .transactions.table import Server

Pairs = Iterable[tuple[str, str]]
State = Literal["calling", "early", "incoming", "accepted", "established", "ending", "ended"]


class Session:
    """Caller's side: calling -> early -> established. Called side: incoming -> accepted (2xx sent) ->
    established. `ending` is after our BYE until its response; `ended` is over.

    A verb that comes too late does nothing: the peer may have been quicker. `headers` are further header
    lines;
    one that could break the message raises `MisuseError`.
    """

    __slots__ = (
        "call_id",
        "content_type",
        "context",
        "flow",
        "id",
        "local_body",
        "local_tag",
        "remote_body",
        "request",
        "state",
    )

    id: str
    """Unique in this engine."""
    context: object
    """The user's own."""
    flow: Flow
    """Where the peer was heard last."""
    request: Request
    """The INVITE that began the session, as sent last."""
    state: State
    call_id: str
    local_tag: str
    content_type: str
    """Of the bodies we send."""
    local_body: bytes
    """Our last session description."""
    remote_body: bytes
    """The peer's last session description in the dialog that counts, whichever message carried it."""

    # Verbs of the called side

    @abstractmethod
    def ring(
        self, now: float, status: int = 180, body: bytes = b"", headers: Pairs = (), *, reliable: bool = False
    ) -> None:
        """A provisional response; reliable if the caller requires that, or supports it and `reliable`
        asks."""

    @abstractmethod
    def accept(self, body: bytes, now: float, headers: Pairs = ()) -> None:
        """200 with `body`, repeated until the ACK, which is reported as `Established`."""

    @abstractmethod
    def refuse(self, status: int, now: float, headers: Pairs = ()) -> None:
        """A final response of 300 or above; no event follows."""

    # Verbs of the calling side

    @abstractmethod
    def cancel(self, now: float, reason: str | None = None) -> None:
        """CANCEL, held back until a provisional response came; `Refused` follows. `reason` is a Reason
        value."""

    @abstractmethod
    def acknowledge(self, body: bytes, now: float) -> None:
        """The ACK that waits for our answer after an INVITE without offer was answered with one."""

    # Verbs of both sides

    @abstractmethod
    def end(self, now: float, headers: Pairs = ()) -> None:
        """The right way out by state: CANCEL (`Refused` follows), 480, or BYE (no event follows)."""

    @abstractmethod
    def send_request(
        self, method: str, headers: Pairs, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """A request inside the dialog, early ones too, other than those of the session itself.

        `ResponseReceived` or `RequestFailed` follows, with `context` on its transaction. None when it is too
        late.
        """

    @abstractmethod
    def reoffer(self, body: bytes, now: float) -> None:
        """A new offer by re-INVITE, before the answer by UPDATE; `OfferAnswered` or `OfferRefused`
        follows."""

    @abstractmethod
    def accept_offer(self, transaction: Server, body: bytes, now: float) -> None:
        """Answers an `OfferReceived`."""

    @abstractmethod
    def refuse_offer(self, transaction: Server, status: int, now: float) -> None:
        """Refuses an `OfferReceived`; the session goes on as it was."""

    def info(
        self, content_type: str, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """INFO with `body`; see `send_request`."""
        return self.send_request("INFO", [("Content-Type", content_type)], body, now, context)

    def message(
        self, content_type: str, body: bytes, now: float, context: object = None
    ) -> ClientTransaction | None:
        """MESSAGE with `body`; see `send_request`."""
        return self.send_request("MESSAGE", [("Content-Type", content_type)], body, now, context)

    @property
    @abstractmethod
    def unheard(self) -> bool:
        """Whether nothing at all, not even 100, has come for our INVITE yet."""

    @property
    @abstractmethod
    def over(self) -> bool:
        """Whether nothing but the tail of a BYE is left."""
