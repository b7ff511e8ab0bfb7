"""The ACK to a 2xx, which belongs to the dialog and not to the INVITE's transaction (RFC 3261 section
13.2.2.4)."""

from __future__ import annotations

from ..dialog import Dialog
from ..message import Request
from .lines import body_lines
from .usage import Usage


def acknowledgement(session: Usage, dialog: Dialog, invite: Request, body: bytes = b"") -> bytes:
    """Its bytes: the INVITE's number and credentials (section 22.1), a branch of its own."""
    stack = session.stack
    headers = invite.headers
    lines = [*headers.lines("Authorization"), *headers.lines("Proxy-Authorization")]
    if body:
        lines += body_lines(body, session.content_type)
    number = invite.cseq.number
    return dialog.acknowledge(stack.names(dialog.flow), stack.branch(), number, lines=lines, body=body)
