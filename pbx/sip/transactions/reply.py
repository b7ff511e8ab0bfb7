"""Responses as bytes from lines of the request, without a message object between (RFC 3261 section 8.2.6)."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import PeerError
from ..flow import Flow
from ..message import Request, Response
from ..reasons import REASONS


def stamped_via(request: Request, flow: Flow) -> str:
    """The first Via line's value with `received` and `rport` as this server saw them (RFC 3581 section 4)."""
    value, comma, rest = request.headers.need("Via").partition(",")
    ip, port = flow.remote[:2]
    if "received" not in value:
        if ";rport;" in value or value.endswith(";rport"):
            return f"{value.replace(';rport', f';rport={port};received={ip}', 1)}{comma}{rest}"
        if "rport" not in value and f" {ip}:" in value:
            return f"{value}{comma}{rest}"
    try:
        value = str(request.via.seen_from(ip, port))
    except PeerError:
        # It was good enough for its branch; an odd parameter goes back as it came.
        return f"{value}{comma}{rest}"
    return f"{value}{comma}{rest}"


class Reply:
    """What every response to one request begins with. `tag` is ours for To; empty when the request has
    one."""

    __slots__ = ("_after", "_before", "_to", "record_route", "tag")

    def __init__(self, request: Request, flow: Flow, tag: str) -> None:
        headers = request.headers
        vias = headers.lines("Via")
        vias[0] = f"Via: {stamped_via(request, flow)}"
        self.record_route = headers.lines("Record-Route")
        self._before = "\r\n".join([*vias, headers.lines("From")[0]])
        self._to = headers.lines("To")[0]
        self._after = f"{headers.lines('Call-ID')[0]}\r\n{headers.lines('CSeq')[0]}"
        self.tag = tag

    def compose(
        self,
        status: int,
        *,
        lines: Iterable[str] = (),
        body: bytes = b"",
        reason: str = "",
        tagged: bool = True,
    ) -> bytes:
        """One response; `lines` are whole header lines. `tagged` is False for 100 alone."""
        to = f"{self._to};tag={self.tag}" if tagged and self.tag else self._to
        start = f"SIP/2.0 {status} {reason or REASONS.get(status, 'Unknown')}"
        parts = [start, self._before, to, self._after, *lines, f"Content-Length: {len(body)}\r\n\r\n"]
        return "\r\n".join(parts).encode("utf-8", "surrogateescape") + body


def complete(response: Response, request: Request, flow: Flow, tag: str) -> bytes:
    """A response made elsewhere, with its first Via line stamped, and `tag` in To unless it has one."""
    headers = response.headers
    via = stamped_via(request, flow)
    vias = headers.all("Via") if headers.count("Via") > 1 else ()
    headers.set("Via", via)
    for value in vias[1:]:
        headers.add("Via", value)
    if tag and response.status > 100:
        to = headers.get("To") or ""
        if ";tag=" not in to.lower():
            headers.append("To", f";tag={tag}")
    return response.to_bytes()
