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
    """One side's view of a dialog. `route` and `target` only fill Request-URI and Route; requests follow
    `flow`."""

    __slots__ = (
        "_from",
        "_route_lines",
        "_to",
        "_uri",
        "call_id",
        "flow",
        "local_number",
        "remote_number",
        "remote_tag",
        "route",
        "target",
    )

    def __init__(
        self,
        flow: Flow,
        call_id: str,
        local: str,
        remote: str,
        remote_tag: str,
        target: str,
        route: list[str],
    ) -> None:
        self.flow = flow
        self.call_id = call_id
        self._from = f"From: {local}"
        self._to = f"To: {remote}"
        self.remote_tag = remote_tag
        self.target = target
        self.route = route
        self.local_number = 0
        self.remote_number = -1
        self._aim()

    @classmethod
    def answering(cls, request: Request, flow: Flow, local_tag: str) -> Dialog:
        """The dialog that our response to `request` makes (section 12.1.1)."""
        headers = request.headers
        route = _recorded(headers)
        contact = request.contact
        dialog = cls(
            flow,
            request.call_id,
            f"{headers.need('To')};tag={local_tag}",
            headers.need("From"),
            request.from_tag or "",
            contact.uri if contact else request.from_.uri,
            route,
        )
        dialog.remote_number = request.cseq.number
        return dialog

    @classmethod
    def answered(cls, request: Request, response: Response, flow: Flow) -> Dialog:
        """The dialog that a response to our `request` makes (section 12.1.2)."""
        headers = response.headers
        route = _recorded(headers)[::-1]
        contact = response.contact
        dialog = cls(
            flow,
            request.call_id,
            request.headers.need("From"),
            headers.need("To"),
            response.to_tag or "",
            contact.uri if contact else request.uri,
            route,
        )
        dialog.local_number = request.cseq.number
        return dialog

    def retarget(self, message: Request | Response) -> None:
        """Takes the Contact of a target refresh (section 12.2)."""
        contact = message.contact
        if contact is not None and contact.uri != self.target:
            self.target = contact.uri
            self._aim()

    def refresh_route(self, response: Response) -> None:
        """A 2xx fixes the route set anew (section 13.2.2.4)."""
        self.route = _recorded(response.headers)[::-1]
        self._aim()

    def accepts(self, number: int) -> bool:
        """Whether a request's CSeq number is in order; remembers it (section 12.2.2)."""
        if number < self.remote_number:
            return False
        self.remote_number = number
        return True

    def request(
        self,
        method: str,
        names: Names,
        branch: str,
        *,
        number: int | None = None,
        lines: Iterable[str] = (),
        body: bytes = b"",
    ) -> Request:
        """A request inside the dialog; `number` is given for ACK only, all else counts on (section
        12.2.1.1)."""
        if number is None:
            number = self.local_number = self.local_number + 1
        head = [
            f"{names.via}{branch};rport",
            *self._route_lines,
            "Max-Forwards: 70",
            self._from,
            self._to,
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            *lines,
        ]
        return Request(method, self._uri, Headers.from_lines(head), body)

    def _aim(self) -> None:
        """Request-URI and Route lines; a first hop without `lr` is a strict router (section 12.2.1.1)."""
        route = self.route
        self._uri = self.target
        if not route:
            self._route_lines: list[str] = []
        elif _is_loose(route[0]):
            self._route_lines = [f"Route: {hop}" for hop in route]
        else:
            self._uri = _uri_of(route[0])
            self._route_lines = [f"Route: {hop}" for hop in [*route[1:], f"<{self.target}>"]]


def _recorded(headers: Headers) -> list[str]:
    """The Record-Route values as they came, top first; PeerError if one is no address."""
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
