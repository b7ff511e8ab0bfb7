"""Requests of ours inside a session that neither change nor end it: INFO, MESSAGE (RFC 3261 section
12.2.1)."""

from __future__ import annotations

from typing import cast

from ..events import RequestFailed, ResponseReceived
from ..message import Response
from ..transactions.client import ClientTransaction
from ..transactions.table import Client
from .usage import Usage


class Inquiry:
    """Hears the response and hands it to the user.

    481 tells that the peer has no such dialog, so the session ends. Silence does not end it: a phone that
    drops INFO
    must not lose its call (RFC 5057 section 5.1 leaves 408 to us).
    """

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """A final response; a challenge is met if we can."""
        session = cast(Usage, transaction.session)
        if session.again(transaction, response, now) is not None:
            return
        session.stack.events.append(ResponseReceived(cast(ClientTransaction, transaction), response))
        if response.status == 481:
            session.lost("timeout", now)

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """No response came."""
        session = cast(Usage, transaction.session)
        session.stack.events.append(RequestFailed(cast(ClientTransaction, transaction), status))


INQUIRY = Inquiry()
