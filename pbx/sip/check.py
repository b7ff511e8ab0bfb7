"""A full look at what ``parse`` left for later: every field that routing or dialogs will rely on (RFC 3261
16.3)."""

from __future__ import annotations

from .errors import PeerError
from .fields import NameAddr, Via, parse_contacts, parse_seconds
from .grammar import number
from .message import Message, Request
from .uri import SipUri, scheme_of

_MAGIC = "z9hG4bK"
_SECONDS = ("Expires", "Min-Expires", "Session-Expires", "Min-SE")


def check(message: Message) -> None:
    """Raise ``PeerError`` (400, 416 ...) if any field that matters is malformed; the error carries the
    request.

    The cost is about that of reading all these fields: meant for requests outside a dialog.
    """
    try:
        if isinstance(message, Request):
            _check_request_uri(message.uri)
        _check_way(message)
        _check_parties(message)
        _check_numbers(message)
    except PeerError as error:
        if isinstance(message, Request):
            error.request = message
        raise


def _check_request_uri(text: str) -> None:
    if SipUri.parse(text).headers:
        raise PeerError(400, "Headers in the Request-URI")


def _check_way(message: Message) -> None:
    headers = message.headers
    if message.via.branch == _MAGIC:
        raise PeerError(400, "Branch without an identifier")
    for value in headers.values("Via")[1:]:
        Via.parse(value)
    for name in ("Route", "Record-Route", "Path"):
        if name in headers:
            for address in message.addresses(name):
                SipUri.parse(address.uri)


def _check_parties(message: Message) -> None:
    _check_address(message.from_)
    _check_address(message.to)
    if "Contact" not in message.headers:
        return
    for contact in parse_contacts(message.headers.values("Contact")) or ():
        _check_address(contact)
        if "expires" in contact.params:
            number(contact.param("expires") or "", "expires")


def _check_address(address: NameAddr) -> None:
    """Foreign schemes may name a party (RFC 4475 section 3.3.2); our own must be whole."""
    if scheme_of(address.uri) in ("sip", "sips"):
        SipUri.parse(address.uri)


def _check_numbers(message: Message) -> None:
    headers = message.headers
    hops = headers.get("Max-Forwards")
    if hops is not None:
        number(hops, "Max-Forwards", 255)
    for name in _SECONDS:
        if (value := headers.get(name)) is not None:
            parse_seconds(value, name)
