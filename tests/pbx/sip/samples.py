"""Whole messages for the tests of the codec."""

from __future__ import annotations

from pbx.sip.message import Request, parse

INVITE = (
    "INVITE sip:flat4@door.example.com SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.20:5060;rport;branch=z9hG4bKPjHh3tqn5ZQd1Q.3rN2aXo",
    "Max-Forwards: 70",
    'From: "Front door" <sip:panel1@door.example.com>;tag=8fa7b1c2',
    "To: <sip:flat4@door.example.com>",
    "Contact: <sip:panel1@192.0.2.20:5060;ob>",
    "Call-ID: 0a1b2c3d4e5f60718293",
    "CSeq: 21412 INVITE",
)


def wire(*lines: str, body: bytes = b"", length: str | None = "") -> bytes:
    """Lines as a message; Content-Length is added right, or as ``length`` says, or (``None``) not at all."""
    head = list(lines)
    if length is not None:
        head.append(f"Content-Length: {length or len(body)}")
    return "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + body


def replaced(start: str, line: str | None) -> list[str]:
    """The lines of INVITE, with the one that starts so replaced by ``line``, or left out."""
    lines = [line if old.startswith(start) else old for old in INVITE]
    return [kept for kept in lines if kept is not None]


def invite() -> Request:
    """A request as phones send it."""
    message = parse(wire(*INVITE, body=b"v=0\r\n"))
    assert isinstance(message, Request)
    return message
