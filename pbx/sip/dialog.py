"""A dialog: its ids, its CSeq numbers, its route set and remote target (RFC 3261 section 12)."""

from __future__ import annotations

from collections.abc import Iterable

from .fields import NameAddr
from .flow import Flow
from .grammar import split_list
from .headers import Headers
from .message import Request, Response
from .stack import Names


class Dialog:
    """One side's view of a dialog. What a request begins with is put together when the first is sent.

    `route` and `target` only fill Request-URI and Route; requests follow `flow`.
    """

    __slots__ = (
        "_head",
        "_local",
        "_remote",
        "_route",
        "_uri",
        "call_id",
        "flow",
        "local_number",
        "remote_number",
        "remote_tag",
        "target",
    )

    def __init__(self, flow: Flow, call_id: str, local: str, remote: str, remote_tag: str) -> None:
        """`local` and `remote` are the values of From and To in requests of ours, tags included."""
        self.flow = flow
        self.call_id = call_id
        self._local = local
        self._remote = remote
        self.remote_tag = remote_tag
        self.target = ""
        self.local_number = 0
        self.remote_number = -1
        self._route: list[str] = []
        self._uri = ""
        self._head: list[str] | None = None

    @classmethod
    def answering(cls, request: Request, flow: Flow, local_tag: str) -> Dialog:
        """The dialog that our response to `request` makes (section 12.1.1)."""
        headers = request.headers
        local = f"{headers.need('To')};tag={local_tag}"
        dialog = cls(flow, request.call_id, local, headers.need("From"), request.from_tag or "")
        dialog._route = _recorded(headers)
        contact = request.contact
        dialog.target = contact.uri if contact else request.from_.uri
        dialog.remote_number = request.cseq.number
        return dialog

    @classmethod
    def answered(cls, request: Request, response: Response, flow: Flow) -> Dialog:
        """The dialog that a response to our `request` makes (section 12.1.2)."""
        headers = response.headers
        local = request.headers.need("From")
        dialog = cls(flow, request.call_id, local, headers.need("To"), response.to_tag or "")
        dialog._route = _recorded(headers)[::-1]
        contact = response.contact
        dialog.target = contact.uri if contact else request.uri
        dialog.local_number = request.cseq.number
        return dialog

    def retarget(self, message: Request | Response) -> None:
        """Takes the Contact of a target refresh (section 12.2)."""
        contact = message.contact
        if contact is not None and contact.uri != self.target:
            self.target = contact.uri
            self._head = None

    def refresh_route(self, response: Response) -> None:
        """A 2xx fixes the route set anew (section 13.2.2.4)."""
        self._route = _recorded(response.headers)[::-1]
        self._head = None

    def accepts(self, number: int) -> bool:
        """Whether a request's CSeq number is in order; remembers it (section 12.2.2)."""
        if number < self.remote_number:
            return False
        self.remote_number = number
        return True

    def request(
        self, method: str, names: Names, branch: str, *, lines: Iterable[str] = (), body: bytes = b""
    ) -> Request:
        """A request inside the dialog, with the next CSeq number (section 12.2.1.1)."""
        self.local_number += 1
        head = [
            f"{names.via}{branch};rport",
            *(self._head or self._aim()),
            f"CSeq: {self.local_number} {method}",
            *lines,
        ]
        return Request(method, self._uri, Headers.from_lines(head), body)

    def acknowledge(
        self, names: Names, branch: str, number: int, *, lines: Iterable[str] = (), body: bytes = b""
    ) -> bytes:
        """The ACK to the 2xx of the INVITE with that number (section 13.2.2.4)."""
        head = self._head or self._aim()
        parts = [
            f"ACK {self._uri} SIP/2.0",
            f"{names.via}{branch};rport",
            *head,
            f"CSeq: {number} ACK",
            *lines,
            f"Content-Length: {len(body)}\r\n\r\n",
        ]
        return "\r\n".join(parts).encode("utf-8", "surrogateescape") + body

    def _aim(self) -> list[str]:
        """Request-URI, and the lines all requests share; a first hop without `lr` is a strict router
        (section 12.2.1.1)."""
        route = self._route
        self._uri = self.target
        if route and not _is_loose(route[0]):
            self._uri = _uri_of(route[0])
            route = [*route[1:], f"<{self.target}>"]
        self._head = [
            *[f"Route: {hop}" for hop in route],
            "Max-Forwards: 70",
            f"From: {self._local}",
            f"To: {self._remote}",
            f"Call-ID: {self.call_id}",
        ]
        return self._head


def _recorded(headers: Headers) -> list[str]:
    """The Record-Route values as they came, top first; PeerError if one is no address, as it may become a
    Request-URI."""
    if "Record-Route" not in headers:
        return []
    hops = headers.values("Record-Route")
    for hop in hops:
        NameAddr.parse(hop)
    return hops


def _uri_of(hop: str) -> str:
    return hop.partition("<")[2].partition(">")[0] or hop


def _is_loose(hop: str) -> bool:
    params = _uri_of(hop).partition("?")[0].lower().split(";")[1:]
    return any(param.partition("=")[0] == "lr" for param in params)


def routes_of(route: Iterable[str]) -> list[str]:
    """Route values one by one, whichever way the caller joined them."""
    return [hop for value in route for hop in split_list(value)]
