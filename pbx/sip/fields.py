"""Typed values of the headers that carry a call: who, where, which transaction (RFC 3261 section 20)."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import PeerError
from .grammar import LWS, Params, is_digits, is_token, number, parse_params, print_params, quote, unquote
from .uri import SipUri

MAX_CSEQ = 2**31 - 1

_NAME_ADDR = re.compile(r'(?:("(?:[^"\\]|\\.)*+")|([^<"]*+))[ \t]*<([^<>]*+)>[ \t]*', re.DOTALL)
_DISPLAY_FORBIDDEN = re.compile(r'[,;<>"]')
_VIA = re.compile(
    r"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*([A-Za-z0-9\-.!%*_+`'~]++)[ \t]++"
    r"([A-Za-z0-9][A-Za-z0-9._\-]*+|\[[0-9A-Fa-f:.]++\])(?:[ \t]*:[ \t]*([0-9]{1,5}))?+[ \t]*(?=;|$)",
    re.IGNORECASE,
)


class Via(NamedTuple):
    """One hop of the way back. ``transport`` is upper case; ``host`` and ``port`` are the sent-by."""

    transport: str
    host: str
    port: int | None
    params: Params

    @classmethod
    def parse(cls, text: str) -> Via:
        """Read one Via value; ``PeerError`` 400."""
        found = _VIA.match(text)
        if found is None:
            raise PeerError(400, "Bad Via")
        transport, host, port_text = found.groups()
        port = None
        if port_text is not None and not 0 < (port := int(port_text)) < 65536:
            raise PeerError(400, "Bad Via")
        return cls(transport.upper(), host, port, parse_params(text[found.end() :]))

    def __str__(self) -> str:
        return f"SIP/2.0/{self.transport} {self.sent_by}{print_params(self.params)}"

    @property
    def sent_by(self) -> str:
        """``host`` or ``host:port`` as the sender named itself."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def branch(self) -> str:
        """The branch parameter, ``""`` if there is none (RFC 2543)."""
        return self.params.get("branch") or ""

    @property
    def received(self) -> str | None:
        """Source address that a server noted, without brackets."""
        value = self.params.get("received")
        return value.strip("[]") if value else None

    @property
    def rport(self) -> int | None:
        """Source port that a server noted (RFC 3581); ``None`` if absent or still empty."""
        value = self.params.get("rport")
        return int(value) if value and is_digits(value) and len(value) <= 5 else None

    @property
    def wants_rport(self) -> bool:
        """Whether the client asked for an answer to its source port (RFC 3581 section 3)."""
        return "rport" in self.params

    def seen_from(self, ip: str, port: int) -> Via:
        """This Via as its receiver completes it (RFC 3261 section 18.2.1, RFC 3581 section 4)."""
        params = dict(self.params)
        if "rport" in params:
            params["rport"] = str(port)
            params["received"] = ip
        elif ip != self.host.strip("[]"):
            params["received"] = ip
        else:
            # A client cannot name the address it is answered at.
            params.pop("received", None)
        return self._replace(params=params)


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


def _check_absolute(uri: str) -> None:
    scheme, colon, rest = uri.partition(":")
    if not colon or not rest or not is_token(scheme) or " " in uri or "\t" in uri:
        raise PeerError(400, "Bad URI")


class CSeq(NamedTuple):
    """Command sequence: a number below 2**31 and a method (RFC 3261 section 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        """Read a CSeq value; ``PeerError`` 400."""
        pieces = text.split()
        if len(pieces) != 2 or not is_token(pieces[1]):
            raise PeerError(400, "Bad CSeq")
        return cls(number(pieces[0], "CSeq", MAX_CSEQ), pieces[1])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


class RAck(NamedTuple):
    """Which reliable provisional response a PRACK acknowledges (RFC 3262 section 7.2)."""

    rseq: int
    cseq: CSeq

    @classmethod
    def parse(cls, text: str) -> RAck:
        """Read a RAck value; ``PeerError`` 400."""
        first, _, rest = text.strip(LWS).partition(" ")
        return cls(number(first, "RAck"), CSeq.parse(rest))

    def __str__(self) -> str:
        return f"{self.rseq} {self.cseq}"


class SessionExpires(NamedTuple):
    """Seconds after which a session ends unless refreshed, and who refreshes (RFC 4028 section 4)."""

    seconds: int
    refresher: str | None = None

    @classmethod
    def parse(cls, text: str) -> SessionExpires:
        """Read a Session-Expires value; ``PeerError`` 400."""
        first, semicolon, rest = text.partition(";")
        refresher = parse_params(semicolon + rest).get("refresher")
        if refresher is not None and (refresher := refresher.lower()) not in ("uac", "uas"):
            raise PeerError(400, "Bad Session-Expires")
        return cls(number(first.strip(LWS), "Session-Expires"), refresher)

    def __str__(self) -> str:
        return str(self.seconds) if self.refresher is None else f"{self.seconds};refresher={self.refresher}"


def parse_seconds(text: str, what: str) -> int:
    """``delta-seconds`` with trailing parameters ignored: Expires, Min-Expires, Min-SE; ``PeerError`` 400."""
    return number(text.partition(";")[0].strip(LWS), what)


class Reason(NamedTuple):
    """Why a request is sent (RFC 3326): ``SIP;cause=200;text="Call completed elsewhere"``."""

    protocol: str
    cause: int | None = None
    text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Reason:
        """Read one Reason value; ``PeerError`` 400."""
        protocol, semicolon, rest = text.partition(";")
        protocol = protocol.strip(LWS)
        if not is_token(protocol):
            raise PeerError(400, "Bad Reason")
        params = parse_params(semicolon + rest)
        cause, words = params.get("cause"), params.get("text")
        return cls(
            protocol,
            None if cause is None else number(cause, "Reason"),
            None if words is None else unquote(words),
        )

    def __str__(self) -> str:
        parts = [self.protocol]
        if self.cause is not None:
            parts.append(f"cause={self.cause}")
        if self.text is not None:
            parts.append(f"text={quote(self.text)}")
        return ";".join(parts)
