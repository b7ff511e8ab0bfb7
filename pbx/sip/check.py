"""A full look at what ``parse`` left for later: every field that routing or dialogs rely on (RFC 3261 section
16.3)."""

from __future__ import annotations

import re

from .errors import PeerError
from .fields import NameAddr, Via, parse_contacts, parse_seconds
from .grammar import HOST, number
from .headers import Headers
from .message import Message, Request
from .uri import SipUri, scheme_of

_MAGIC = "z9hG4bK"
_PORT = r"(?::(?:[1-5][0-9]{4}|[1-9][0-9]{0,3}))?"
_TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]++"
PLAIN_ADDRESS = re.compile(
    rf"(?:\"[^\"\\]*+\" ?|{_TOKEN} )?<sips?:(?:[A-Za-z0-9\-_.!~*+]++@)?(?:{HOST.pattern}){_PORT}"
    rf"(?:;transport=[A-Za-z]++)?(?:;(?:ob|lr))?>(?:;tag={_TOKEN})?"
)
PLAIN_VIA = re.compile(
    rf"SIP/2\.0/[A-Z]++ (?:{HOST.pattern}){_PORT}(?:;rport)?;branch={_MAGIC}{_TOKEN}(?:;rport)?(?:;alias)?"
)
"""What these match, the full check lets pass too."""
_ROUTES = frozenset(("route", "record-route", "path"))
_SECONDS = frozenset(("expires", "min-expires", "session-expires", "min-se"))
_OPTIONAL = _ROUTES | _SECONDS


def check(message: Message) -> None:
    """Raise ``PeerError`` (400, 416 ...) if any field that matters is malformed.

    The error carries the request. Meant for requests that may begin something. What is parsed here is kept
    by the message.
    """
    try:
        if isinstance(message, Request) and SipUri.parse(message.uri).headers:
            raise PeerError(400, "Headers in the Request-URI")
        # Nearly all that comes is plain: one expression finds nothing to refuse, and saves the parse.
        headers = message.headers
        if not _is_plain(headers, "Via", PLAIN_VIA):
            _check_vias(message)
        if not PLAIN_ADDRESS.fullmatch(headers.need("From")):
            _check_address(message.from_)
        if not PLAIN_ADDRESS.fullmatch(headers.need("To")):
            _check_address(message.to)
        if not _is_plain(headers, "Contact", PLAIN_ADDRESS):
            _check_contacts(message)
        hops = message.headers.get("Max-Forwards")
        if hops is not None:
            number(hops, "Max-Forwards", 255)
        for name in _OPTIONAL.intersection(message.headers.key_set()):
            _check_optional(message, name)
    except PeerError as error:
        if isinstance(message, Request):
            error.request = message
        raise


def _is_plain(headers: Headers, name: str, plain: re.Pattern[str]) -> bool:
    value = headers.get(name)
    return value is not None and plain.fullmatch(value) is not None and headers.count(name) == 1


def _check_vias(message: Message) -> None:
    if message.via.branch == _MAGIC:
        raise PeerError(400, "Branch without an identifier")
    for value in _beyond_first(message, "Via"):
        Via.parse(value)


def _check_contacts(message: Message) -> None:
    first = message.contact
    if first is not None:
        _check_contact(first)
    if _beyond_first(message, "Contact"):
        for contact in parse_contacts(message.headers.values("Contact")) or ():
            _check_contact(contact)


def _check_contact(contact: NameAddr) -> None:
    _check_address(contact)
    if "expires" in contact.params:
        number(contact.param("expires") or "", "expires")


def _check_address(address: NameAddr) -> None:
    """Foreign schemes may name a party (RFC 4475 section 3.3.2); our own must be whole."""
    uri = address.uri
    if uri.startswith(("sip:", "sips:")) or scheme_of(uri) in ("sip", "sips"):
        SipUri.parse(uri)


def _check_optional(message: Message, name: str) -> None:
    if name in _SECONDS:
        parse_seconds(message.headers.need(name), name)
        return
    for address in message.addresses(name):
        SipUri.parse(address.uri)


def _beyond_first(message: Message, name: str) -> list[str]:
    """The values of a header after its first; mostly none, which is found out cheaply."""
    headers = message.headers
    value = headers.get(name)
    if value is None or ("," not in value and headers.count(name) == 1):
        return []
    return headers.values(name)[1:]
