"""Microseconds of CPU per B2BUA call of codec and engine: thirteen packets through two sessions, in memory.

Run: python -m tests.bench.bench_engine [seconds]. The peers' packets are written beforehand, so that what is
measured is our side alone: parse, match, sessions, build. The least of many small batches is shown, beside
the time of a naive parse at that moment: neighbours on the same core make both slower.
"""

from __future__ import annotations

import gc
import sys
from itertools import count
from time import process_time

from pbx.sip.engine import Engine
from pbx.sip.events import Answered, Ended, InviteReceived, Progressed
from pbx.sip.flow import Flow
from pbx.sip.message import parse
from pbx.sip.session import Session

SDP = (
    b"v=0\r\no=- 3908189072 3908189072 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
    b"m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
)
CALLER = ("192.0.2.10", 5060)
CALLEE = ("192.0.2.20", 5060)
LOCAL = ("192.0.2.1", 5060)
BATCH = 40
BATCHES = 3


def caller_packet(method: str, number: int, call: int, to_tag: str = "") -> bytes:
    """INVITE, ACK or BYE as SIPp writes it."""
    body = SDP if method == "INVITE" else b""
    kind = "Content-Type: application/sdp\r\n" if body else ""
    tag = f";tag={to_tag}" if to_tag else ""
    return (
        f"{method} sip:service@192.0.2.1:5060 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-{call}-{method}-{number}\r\n"
        f"From: sipp <sip:sipp@192.0.2.10:5060>;tag=caller{call}\r\n"
        f"To: service <sip:service@192.0.2.1:5060>{tag}\r\n"
        f"Call-ID: {call}-1234@192.0.2.10\r\nCSeq: {number} {method}\r\n"
        f"Contact: sip:sipp@192.0.2.10:5060\r\nMax-Forwards: 70\r\nSubject: Performance Test\r\n"
        f"{kind}Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def callee_answer(request: bytes, status: str, body: bytes = b"") -> bytes:
    """A response as SIPp writes it, out of the request's own lines."""
    lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    kept = {name: line for line in lines[1:] for name in [line.partition(":")[0]]}
    tag = "" if status.startswith("100") or ";tag=" in kept["To"] else ";tag=callee"
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"SIP/2.0 {status}\r\n{kept['Via']}\r\n{kept['From']}\r\n{kept['To']}{tag}\r\n{kept['Call-ID']}\r\n"
        f"{kept['CSeq']}\r\nContact: <sip:192.0.2.20:5060;transport=UDP>\r\n{kind}"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Bench:
    """A B2BUA of thirty lines on one engine, and the clock around it."""

    def __init__(self) -> None:
        tokens = count(1)
        self.engine = Engine(token=lambda: f"{next(tokens):016x}")
        self.caller = Flow("udp", LOCAL, CALLER)
        self.callee = Flow("udp", LOCAL, CALLEE)
        self.now = 0.0
        self.cpu = 0.0
        self.packets = 0

    @classmethod
    def packets_of_one(cls) -> int:
        """How many packets one call is, both ways."""
        bench = cls()
        bench.call(0)
        return bench.packets

    def feed(self, data: bytes, flow: Flow) -> list[tuple[Flow, bytes]]:
        """One packet in, its consequences out, timed."""
        engine = self.engine
        now = self.now
        start = process_time()
        engine.receive(parse(data), flow, now)
        sent: list[tuple[Flow, bytes]] = []
        while events := engine.events():
            for event in events:
                self.relay(event, now)
        sent += engine.outbox()
        self.cpu += process_time() - start
        self.packets += 1 + len(sent)
        return sent

    def relay(self, event: object, now: float) -> None:
        """What a call between two telephones comes down to."""
        if isinstance(event, InviteReceived):
            event.session.context = self.engine.invite(
                target="sip:service@192.0.2.20:5060",
                from_="<sip:sipp@example.org>",
                to="<sip:service@example.org>",
                flow=self.callee,
                body=event.request.body,
                context=event.session,
                expires=120,
                now=now,
            )
        elif isinstance(event, (Progressed, Answered, Ended)):
            other = event.session.context
            assert isinstance(other, Session)
            if isinstance(event, Progressed):
                other.ring(now)
            elif isinstance(event, Answered):
                other.accept(event.response.body, now)
            else:
                other.end(now)
                # Each pointed at the other: who makes a ring must cut it, or the garbage collector has to.
                event.session.context = other.context = None

    def call(self, call: int) -> None:
        """INVITE, ring, answer, ACK, BYE: thirteen packets."""
        sent = self.feed(caller_packet("INVITE", 1, call), self.caller)
        invite = sent[1][1]
        self.feed(callee_answer(invite, "180 Ringing"), self.callee)
        sent = self.feed(callee_answer(invite, "200 OK", SDP), self.callee)
        answer = next(data for flow, data in sent if flow is self.caller)
        tag = parse(answer).to_tag or ""
        self.feed(caller_packet("ACK", 1, call, tag), self.caller)
        sent = self.feed(caller_packet("BYE", 2, call, tag), self.caller)
        bye = next(data for flow, data in sent if flow is self.callee)
        self.feed(callee_answer(bye, "200 OK"), self.callee)


def naive_parse() -> float:
    """Seconds to split an INVITE into a dict: what any Python parser costs on this machine just now."""
    data = caller_packet("INVITE", 1, 1)
    start = process_time()
    for _ in range(200):
        head = data.partition(b"\r\n\r\n")[0].decode()
        dict(line.partition(":")[::2] for line in head.split("\r\n")[1:])
    return (process_time() - start) / 200


def main(seconds: float = 5.0) -> None:
    """Prints one line."""
    gc.collect()
    gc.freeze()
    gc.disable()
    best = yardstick = float("inf")
    call = 0
    end = process_time() + seconds
    while process_time() < end:
        bench = Bench()
        for _ in range(BATCHES):
            bench.cpu = 0.0
            bench.packets = 0
            for _ in range(BATCH):
                call += 1
                bench.now += 0.02
                bench.call(call)
            best = min(best, bench.cpu / BATCH)
        yardstick = min(yardstick, naive_parse())
        del bench
        gc.collect()
    packets = Bench.packets_of_one()
    print(
        f"{best * 1e6:.0f} us per B2BUA call of {packets} packets ({call} calls); "
        f"naive parse {yardstick * 1e6:.2f} us, ratio {best / yardstick:.0f}"
    )


if __name__ == "__main__":
    main(*(float(argument) for argument in sys.argv[1:2]))
