"""What an engine reports to its user: facts, each told once (retransmissions are absorbed below)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .flow import Flow
from .message import Request, Response
from .session import Session
from .transactions.client import ClientTransaction
from .transactions.server import ServerTransaction
from .transactions.table import Server

EndCause = Literal["bye", "timeout", "ack_timeout", "session_expired", "flow_lost"]


@dataclass(frozen=True, slots=True)
class RequestReceived:
    """A request outside any dialog, not INVITE: answer it with `Engine.respond` or `respond_status`."""

    transaction: ServerTransaction
    request: Request
    flow: Flow


@dataclass(frozen=True, slots=True)
class InviteReceived:
    """A new INVITE; 100 has been sent. Answer by `session.ring`, `accept`, `refuse`."""

    session: Session
    request: Request
    flow: Flow


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The INVITE we had not answered is over, by CANCEL, early BYE, its Expires, a lost flow or a PRACK that
    never
    came. Its final response has been sent; this is the session's last event."""

    session: Session


@dataclass(frozen=True, slots=True)
class Progressed:
    """A provisional response above 100 to our INVITE; `early_tag` tells forks apart."""

    session: Session
    response: Response

    @property
    def early_tag(self) -> str:
        """The To tag of the fork, `""` if the response makes no dialog."""
        return self.response.to_tag or ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The first 2xx to our INVITE; the ACK has been sent."""

    session: Session
    response: Response


@dataclass(frozen=True, slots=True)
class Refused:
    """Our INVITE failed: a final response of 300 or above, or none (408 time, 487 our CANCEL, 503 transport).
    The session's last event."""

    session: Session
    status: int
    reason: str
    response: Response | None


@dataclass(frozen=True, slots=True)
class Established:
    """The ACK to our 2xx came; its body is the answer when the INVITE had no offer."""

    session: Session
    ack: Request


@dataclass(frozen=True, slots=True)
class Ended:
    """An answered session is over and it was not we who ended it. The session's last event."""

    session: Session
    cause: EndCause
    request: Request | None


@dataclass(frozen=True, slots=True)
class OfferReceived:
    """A re-INVITE, UPDATE or PRACK with a new offer: `session.accept_offer` or `refuse_offer`."""

    session: Session
    transaction: Server
    request: Request
    body: bytes


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """The answer to our offer: a 2xx to `session.reoffer`, or the request (ACK, PRACK) that carried it."""

    session: Session
    response: Response | Request


@dataclass(frozen=True, slots=True)
class OfferRefused:
    """`session.reoffer` was refused; the session lives on as it was."""

    session: Session
    status: int


@dataclass(frozen=True, slots=True)
class InSessionRequest:
    """INFO, MESSAGE, OPTIONS, REFER ... inside a session: answer with `Engine.respond` or
    `respond_status`."""

    session: Session
    transaction: ServerTransaction
    request: Request


@dataclass(frozen=True, slots=True)
class ResponseReceived:
    """The final response to `Engine.send_request`, `session.info`, `message` or `request`."""

    transaction: ClientTransaction
    response: Response


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """No response came: 408 time is up, 503 the flow is lost."""

    transaction: ClientTransaction
    status: int


Event = (
    RequestReceived
    | InviteReceived
    | Cancelled
    | Progressed
    | Answered
    | Refused
    | Established
    | Ended
    | OfferReceived
    | OfferAnswered
    | OfferRefused
    | InSessionRequest
    | ResponseReceived
    | RequestFailed
)
