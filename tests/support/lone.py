"""One SIP engine against a peer written by hand: forks, odd phones, and whatever else two engines never
do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import TypeVar

from pbx.sip.engine import Engine
from pbx.sip.events import Event
from pbx.sip.flow import Flow, Transport
from pbx.sip.limits import Limits
from pbx.sip.message import Message, Request, Response, parse, response_to
from pbx.sip.session import Session
from tests.support.ladder import OFFER, title

E = TypeVar("E")
Pairs = Iterable[tuple[str, str]]
PEER = ("198.51.100.7", 5070)
LOCAL = ("192.0.2.1", 5060)


class Lone:
    """The engine, its one flow, and a peer that sends what the test says."""

    def __init__(
        self,
        transport: Transport = "udp",
        *,
        limits: Limits | None = None,
        session_interval: int = 1800,
        min_se: int = 90,
    ) -> None:
        tokens = count(1)
        self.now = 0.0
        self.flow = Flow(transport, LOCAL, PEER)
        self._branches = count(1)
        self.told: list[Event] = []
        self.engine = Engine(
            token=lambda: f"t{next(tokens)}",
            session_interval=session_interval,
            min_se=min_se,
            limits=limits or Limits(),
        )

    # What the peer does

    def write(
        self,
        method: str,
        *,
        uri: str = "sip:door@192.0.2.1",
        number: int = 1,
        to_tag: str | None = "",
        from_tag: str | None = "peer",
        call_id: str = "call-of-peer",
        branch: str = "",
        headers: Pairs = (),
        body: bytes = b"",
    ) -> Request:
        """A request of the peer."""
        tag = f";tag={to_tag}" if to_tag else ""
        branch = branch or f"z9hG4bKpeer{next(self._branches)}"
        head = {
            "Via": f"SIP/2.0/{self.flow.transport.upper()} 198.51.100.7:5070;branch={branch};rport",
            "From": f"<sip:peer@example.org>;tag={from_tag}",
            "To": f"<sip:door@example.org>{tag}",
            "Call-ID": call_id,
            "CSeq": f"{number} {method}",
            "Contact": "<sip:peer@198.51.100.7:5070>",
            "Max-Forwards": "70",
        }
        lines = [f"{name}: {value}" for name, value in [*head.items(), *headers] if value]
        text = "\r\n".join([f"{method} {uri} SIP/2.0", *lines, f"Content-Length: {len(body)}", "", ""])
        request = parse(text.encode() + body)
        assert isinstance(request, Request)
        return request

    def give(self, message: Message) -> list[Message]:
        """The engine receives it; what it sends at once."""
        self.engine.receive(parse(message.to_bytes()), self.flow, self.now)
        return self.sent()

    def ask(self, method: str, **more: object) -> list[Message]:
        """The engine receives such a request; what it sends at once."""
        return self.give(self.write(method, **more))  # type: ignore[arg-type]

    def answer(
        self, request: Message, status: int, *, tag: str = "callee", headers: Pairs = (), body: bytes = b""
    ) -> list[Message]:
        """The peer answers a request of the engine; what that sends at once."""
        assert isinstance(request, Request)
        response = response_to(request, status, to_tag=tag if status > 100 else None)
        if "Contact" not in dict(headers):
            response.headers.add("Contact", f"<sip:{tag}@198.51.100.7:5070>")
        for name, value in headers:
            if value:
                response.headers.add(name, value)
        response.body = body
        return self.give(response)

    # What the engine does

    def sent(self) -> list[Message]:
        """What the engine has sent since the last look."""
        self.told += self.engine.events()
        return [parse(data) for _, data in self.engine.outbox()]

    def titles(self, messages: Iterable[Message] | None = None) -> list[str]:
        """Titles of what was sent."""
        return [title(message) for message in (self.sent() if messages is None else messages)]

    def advance(self, seconds: float) -> list[Message]:
        """Time passes, timer by timer; what was sent meanwhile."""
        end = self.now + seconds
        messages = self.sent()
        while (moment := self.engine.next_deadline()) is not None and moment <= end:
            self.now = moment
            self.engine.handle_timeout(moment)
            messages += self.sent()
        self.now = end
        return messages

    def take(self, kind: type[E]) -> E:
        """The next event, which must be of that kind."""
        self.told += self.engine.events()
        assert self.told, f"nothing was told, not {kind.__name__}"
        event = self.told.pop(0)
        assert isinstance(event, kind), f"{event} was told, not {kind.__name__}"
        return event

    def silent(self) -> bool:
        """Whether nothing was told that the test has not taken."""
        self.told += self.engine.events()
        return not self.told

    def empty(self) -> bool:
        """Whether nothing is left of anything."""
        return not any(self.engine.stats().values())

    def invite(self, body: bytes = OFFER, **more: object) -> tuple[Session, Request]:
        """An INVITE of the engine, and how it looks on the wire."""
        session = self.engine.invite(
            target="sip:callee@example.org",
            from_="<sip:door@example.org>",
            to="<sip:callee@example.org>",
            flow=self.flow,
            body=body,
            now=self.now,
            **more,  # type: ignore[arg-type]
        )
        sent = self.sent()
        request = sent[-1] if sent else Request("INVITE", "")
        assert isinstance(request, Request)
        return session, request


def status_of(messages: list[Message]) -> int:
    """The status of the only message, a response."""
    (message,) = messages
    assert isinstance(message, Response), message
    return message.status
