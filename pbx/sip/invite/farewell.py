"""Our BYE: the session is over when it is answered, however it is answered (RFC 3261 section 15.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ..message import Response
from ..transactions.table import Client

if TYPE_CHECKING:
    from .session import Session


class Farewell:
    """Hears the response to a BYE."""

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Any final response; a challenge is met if we can."""
        session = cast("Session", transaction.session)
        if session.again(transaction, response, now) is None:
            session.close(now)

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """None came: the peer is gone, which is what we wanted."""
        cast("Session", transaction.session).close(now)


class Unheard:
    """Hears the response to CANCEL, PRACK, or the BYE of a losing fork: nothing follows from it."""

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Nothing to do."""

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """Nothing to do."""


FAREWELL = Farewell()
UNHEARD = Unheard()
