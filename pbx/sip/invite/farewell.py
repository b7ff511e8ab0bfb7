"""Our BYE: the session is over when it is answered, however it is answered (RFC 3261 section 15.1.1)."""

from __future__ import annotations

from typing import cast

from ..message import Response
from ..transactions.table import Client
from .usage import Usage


class Farewell:
    """Hears the response to a BYE."""

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """Any final response; a challenge is met if we can."""
        session = cast(Usage, transaction.session)
        if session.again(transaction, response, now) is None:
            session.close(now)

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """None came: the peer is gone, which is what we wanted."""
        cast(Usage, transaction.session).close(now)


FAREWELL = Farewell()
