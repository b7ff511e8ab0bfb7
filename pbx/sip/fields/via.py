"""Via: one hop of the way back of a response (RFC 3261 section 20.42, rport: RFC 3581)."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import PeerError
from ..grammar import Params, is_digits, parse_params, print_params

_VIA = re.compile(
    r"SIP[ \t]*+/[ \t]*+2\.0[ \t]*+/[ \t]*+([A-Za-z0-9\-.!%*_+`'~]++)[ \t]++"
    r"([A-Za-z0-9][A-Za-z0-9._\-]*+|\[[0-9A-Fa-f:.]++\])(?:[ \t]*+:[ \t]*+([0-9]{1,5}))?[ \t]*+(?=;|$)",
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
