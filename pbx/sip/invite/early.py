"""One fork of our INVITE before its final response: its dialog, and its reliable provisionals (RFC 3262
section 4)."""

from __future__ import annotations

from ..dialog import Dialog
from ..fields import RAck
from ..flow import Flow
from ..grammar import number
from ..message import Request, Response
from ..stack import Stack
from ..transactions.table import UNHEARD
from .lines import names_token


class Early:
    """What the callee behind one To tag has said so far."""

    __slots__ = ("_dialog", "_flow", "_last", "_request", "agreed", "body", "response", "rseq")

    def __init__(self, request: Request, response: Response, flow: Flow) -> None:
        self._request = request
        self._flow = flow
        self.response = response
        self.body = b""
        self.rseq = 0
        self.agreed = False
        """Whether a reliable response has brought the answer to our offer."""
        self._dialog: Dialog | None = None
        self._last: tuple[int, bytes] | None = None

    @property
    def dialog(self) -> Dialog:
        """The early dialog; made when first needed."""
        if self._dialog is None:
            self._dialog = Dialog.answered(self._request, self.response, self._flow)
        return self._dialog

    @property
    def made(self) -> Dialog | None:
        """The early dialog if it was needed before."""
        return self._dialog

    def hear(self, stack: Stack, response: Response, now: float) -> bool:
        """Takes a provisional response and acknowledges a reliable one; False when it says nothing new."""
        headers = response.headers
        if "RSeq" in headers and names_token(headers, "Require", "100rel"):
            rseq = number(headers.need("RSeq"), "RSeq")
            if self.rseq and rseq != self.rseq + 1:
                return False
            self.response = response
            self._acknowledge(stack, rseq, now)
            self.rseq = rseq
            self.agreed = self.agreed or bool(response.body)
        elif self._last == (response.status, response.body):
            return False
        self._last = (response.status, response.body)
        if response.body:
            self.body = response.body
        return True

    def _acknowledge(self, stack: Stack, rseq: int, now: float) -> None:
        branch = stack.branch()
        dialog = self.dialog
        rack = RAck(rseq, self._request.cseq)
        prack = dialog.request("PRACK", stack.names(dialog.flow), branch, lines=[f"RAck: {rack}"])
        stack.start(prack, branch, dialog.flow, UNHEARD, now)
