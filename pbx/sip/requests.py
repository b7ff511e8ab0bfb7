"""Requests of ours outside dialogs: REGISTER, OPTIONS, MESSAGE and the like (RFC 3261 section 8.1)."""

from __future__ import annotations

from typing import cast

from .events import RequestFailed, ResponseReceived
from .flow import Flow
from .message import Request, Response
from .stack import AnswerChallenge, Stack
from .transactions.client import ClientTransaction
from .transactions.table import Client

TRIES = 2
"""Second tries with credentials: one for the challenge, one for a stale nonce."""


class Requests:
    """Sends such requests and hears their responses."""

    __slots__ = ("_stack",)

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def send(
        self, request: Request, flow: Flow, now: float, context: object, hook: AnswerChallenge | None
    ) -> ClientTransaction:
        """Adds Via and Max-Forwards and starts a transaction."""
        stack = self._stack
        branch = stack.branch()
        headers = request.headers
        if "Max-Forwards" not in headers:
            headers.prepend("Max-Forwards", "70")
        headers.remove("Via")
        headers.prepend("Via", f"{stack.names(flow).via[5:]}{branch};rport")
        transaction = ClientTransaction(stack.table, request, flow, self, branch)
        transaction.context = context
        transaction.hook = hook
        transaction.begin(now)
        return transaction

    def responded(self, transaction: Client, response: Response, now: float) -> None:
        """A final response: met if it is a challenge and we can, else reported."""
        stack = self._stack
        if transaction.tries < TRIES:
            hook = cast("AnswerChallenge | None", transaction.hook)
            number = transaction.request.cseq.number + 1
            found = stack.with_credentials(transaction, response, hook, number)
            if found is not None:
                transaction.another(*found).begin(now)
                return
        stack.events.append(ResponseReceived(cast(ClientTransaction, transaction), response))

    def failed(self, transaction: Client, status: int, now: float) -> None:
        """No response came."""
        self._stack.events.append(RequestFailed(cast(ClientTransaction, transaction), status))
