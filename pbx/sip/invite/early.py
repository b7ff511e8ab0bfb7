"""One fork of our INVITE before its final response: its dialog, and its reliable provisionals (RFC 3262
section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..dialog import Dialog
from ..fields import RAck
from ..grammar import number
from ..message import Request, Response
from .farewell import UNHEARD
from .lines import names_token

if TYPE_CHECKING:
    from .session import Session


class Early:
    """What the callee behind one To tag has said so far."""

    __slots__ = ("_dialog", "_last", "body", "response", "rseq")

    def __init__(self, response: Response) -> None:
        self.response = response
        self.body = b""
        self.rseq = 0
        self._dialog: Dialog | None = None
        self._last: tuple[int, bytes] | None = None

    def dialog(self, session: Session, request: Request) -> Dialog:
        """The early dialog; made when first needed."""
        if self._dialog is None:
            self._dialog = Dialog.answered(request, self.response, session.flow)
        return self._dialog

    @property
    def made(self) -> Dialog | None:
        """The early dialog if it was needed before."""
        return self._dialog

    def hear(self, session: Session, request: Request, response: Response, now: float) -> bool:
        """Takes a provisional response and acknowledges a reliable one; False when it says nothing new."""
        headers = response.headers
        if "RSeq" in headers and names_token(headers, "Require", "100rel"):
            rseq = number(headers.need("RSeq"), "RSeq")
            if self.rseq and rseq != self.rseq + 1:
                return False
            self.response = response
            self._acknowledge(session, request, rseq, now)
            self.rseq = rseq
        elif self._last == (response.status, response.body):
            return False
        self._last = (response.status, response.body)
        if response.body:
            self.body = response.body
        return True

    def _acknowledge(self, session: Session, request: Request, rseq: int, now: float) -> None:
        stack = session.stack
        branch = stack.branch()
        dialog = self.dialog(session, request)
        rack = RAck(rseq, request.cseq)
        prack = dialog.request("PRACK", stack.names(dialog.flow), branch, lines=[f"RAck: {rack}"])
        stack.start(prack, branch, dialog.flow, UNHEARD, now, session)
