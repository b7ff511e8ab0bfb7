"""Addresses: From, To, Contact, Route, Record-Route, Path ... (RFC 3261 section 20.10)."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, Params, is_token, parse_params, print_params, quote, unquote
from ..uri import SipUri

_NAME_ADDR = re.compile(r'(?:("[^"\\]*+(?>(?:\\.[^"\\]*+)*)")|([^<"]*+))[ \t]*+<([^<>]*+)>[ \t]*+', re.DOTALL)
_DISPLAY_FORBIDDEN = re.compile(r'[,;<>"]')


class NameAddr(NamedTuple):
    """A display name, any URI as text, and header parameters: From, To, Contact, Route, Record-Route, Path
    ..."""

    display: str
    uri: str
    params: Params

    @classmethod
    def parse(cls, text: str) -> NameAddr:
        """Read one ``name-addr`` or ``addr-spec`` value; ``PeerError`` 400.

        Without ``<>`` every parameter belongs to the header, and a URI with ``?`` or ``,`` is refused
        (RFC 3261 section 20.10).
        """
        found = _NAME_ADDR.match(text)
        if found is None:
            return cls._parse_addr_spec(text)
        quoted, bare, uri = found.groups()
        if quoted is not None:
            display = unquote(quoted)
        else:
            display = bare.strip(LWS)
            if display and _DISPLAY_FORBIDDEN.search(display):
                raise PeerError(400, "Bad display name")
        _check_absolute(uri)
        tail = text[found.end() :]
        return cls(display, uri, parse_params(tail) if tail else {})

    @classmethod
    def _parse_addr_spec(cls, text: str) -> NameAddr:
        uri, semicolon, tail = text.partition(";")
        uri = uri.strip(LWS)
        if any(mark in uri for mark in '<>",?'):
            raise PeerError(400, "Bad address")
        _check_absolute(uri)
        return cls("", uri, parse_params(semicolon + tail))

    def __str__(self) -> str:
        shown = f"{quote(self.display)} <{self.uri}>" if self.display else f"<{self.uri}>"
        return shown + print_params(self.params)

    @property
    def tag(self) -> str | None:
        """The dialog tag of a From or To."""
        return self.params.get("tag")

    @property
    def sip_uri(self) -> SipUri:
        """The URI parsed; ``PeerError`` 400 or 416."""
        return SipUri.parse(self.uri)

    def param(self, name: str) -> str | None:
        """A parameter without quotes, ``""`` for a bare one, ``None`` if absent; ``name`` in lower case."""
        if name not in self.params:
            return None
        return unquote(self.params[name] or "")

    def with_tag(self, tag: str) -> NameAddr:
        """The same address with this tag."""
        return self._replace(params={**self.params, "tag": tag})


def parse_contacts(values: list[str]) -> list[NameAddr] | None:
    """The contacts of a REGISTER: ``None`` for the lone ``*`` that means all of them (RFC 3261 section
    10.2.2).

    ``PeerError`` 400 if ``*`` stands beside others or has parameters.
    """
    if values == ["*"]:
        return None
    if any(value[:1] == "*" for value in values):
        raise PeerError(400, "* must be the only Contact")
    return [NameAddr.parse(value) for value in values]


def _check_absolute(uri: str) -> None:
    scheme, colon, rest = uri.partition(":")
    if not colon or not rest or not is_token(scheme) or " " in uri or "\t" in uri:
        raise PeerError(400, "Bad URI")
