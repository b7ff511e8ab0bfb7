"""Both ends of a call in one process, with the kernel's own receive timestamps.

Started by tests.bench.latency; a plan as one JSON line comes in, one with the measured seconds goes out.
Departures are read from the same clock (CLOCK_REALTIME) just before the send.
"""

from __future__ import annotations

import base64
import json
import os
import re
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import md5
from typing import Any

from tests.bench.relay import describe
from tests.bench.subscribers import Account, Subscribers

_STAMPS = 35  # SO_TIMESTAMPNS
PERIOD = 75
"""Packets from press to press: 1.5 s, when the door has shut (1 s) and come to rest (0.3 s)."""
_NONCE = re.compile(r'nonce="([^"]+)"')
_HEADER = re.compile(r"^(Via|From|To|Call-ID|CSeq|Record-Route): .*$", re.MULTILINE | re.IGNORECASE)
_CONTACT = re.compile(r"^Contact: *<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_MEDIA = re.compile(r"m=audio (\d+) ")


@dataclass(slots=True)
class Heard:
    """A message and when the kernel had it."""

    text: str
    at: float

    def header(self, name: str) -> str:
        return next(
            (found.group(0) for found in _HEADER.finditer(self.text) if found.group(1).lower() == name), ""
        )


class Line:
    """A SIP telephone line on one UDP socket."""

    def __init__(self, server: tuple[str, int], site: str) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, _STAMPS, 1)
        self.sock.bind(("127.0.0.1", 0))
        self.here = f"127.0.0.1:{self.sock.getsockname()[1]}"
        self.server, self.site = server, site
        self._known: set[str] = set()

    def register(self, *accounts: Account) -> None:
        """Bring accounts to this line."""
        told = Subscribers(self.sock, self.server, self.site).run(list(accounts), 8)
        if told.contacts != len(accounts):
            raise RuntimeError("the probe cannot register")
        self.sock.settimeout(None)

    def say(self, text: str) -> float:
        """Send; the moment before."""
        data = text.replace("\n", "\r\n").encode()
        at = time.clock_gettime(time.CLOCK_REALTIME)
        self.sock.sendto(data, self.server)
        return at

    def hear(self, seconds: float = 2.0) -> Heard | None:
        """The next message."""
        if not select.select([self.sock], [], [], seconds)[0]:
            return None
        data, ancillary, _, _ = self.sock.recvmsg(65535, 128)
        at = 0.0
        for level, kind, value in ancillary:
            if level == socket.SOL_SOCKET and kind == _STAMPS:
                whole, part = struct.unpack("qq", value[:16])
                at = whole + part / 1e9
        return Heard(data.decode().replace("\r\n", "\n"), at)

    def hear_like(self, start: str, call: str = "", seconds: float = 4.0) -> Heard:
        """The next message of a call that begins so; of no call: of one not heard of before.

        Others are passed over: on a crowded machine those of calls before are repeated.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            heard = self.hear(left)
            if heard is None or not heard.text.startswith(start):
                continue
            its = heard.header("call-id").partition(": ")[2]
            if its == call or (not call and its not in self._known):
                self._known.add(its)
                return heard
        raise RuntimeError(f"no {start} within {seconds} s")

    def respond(self, request: Heard, status: str, body: str = "", kind: str = "application/sdp") -> None:
        """Answer a request."""
        lines = [found.group(0) for found in _HEADER.finditer(request.text)]
        tag = "" if ";tag=" in request.header("to") else ";tag=probe"
        lines = [line + tag if line.lower().startswith("to:") else line for line in lines]
        lines.append(f"Contact: <sip:{self.here}>")
        if body:
            lines.append(f"Content-Type: {kind}")
        head = "\n".join([f"SIP/2.0 {status}", *lines, f"Content-Length: {len(body)}", "", ""])
        self.sock.sendto(head.replace("\n", "\r\n").encode() + body.encode(), self.server)


class Probe:
    """A caller's line and a callee's line."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.site: str = plan["site"]
        server = (plan["server"][0], plan["server"][1])
        self.caller, self.callee = Line(server, self.site), Line(server, self.site)
        self.controller = Line(server, self.site)
        self.number = 0
        self._ack: Callable[[Heard], None] = lambda final: None
        self._call = ""
        self.callee.register(*[(user, secret) for user, secret in plan["callees"]])

    def invite(self, account: Account, called: str, sdp: str) -> tuple[Heard, float]:
        """Call with digest; the callee's INVITE and how long after ours it came."""
        self.number += 1
        user, secret = account
        uri, site, line = f"sip:{called}@{self.site}", self.site, self.caller
        call = self._call = f"{self.number}.{os.getpid()}"

        def text(method: str, cseq: int, to: str, answer: str, body: str) -> str:
            return (
                f"{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP {line.here};branch=z9hG4bK{call}.{cseq};rport\n"
                f"From: <sip:{user}@{site}>;tag=c{call}\n{to}\nCall-ID: {call}\nCSeq: {cseq} {method}\n"
                f"Contact: <sip:{user}@{line.here}>\nMax-Forwards: 70\n{answer}"
                + ("Content-Type: application/sdp\n" if body else "")
                + f"Content-Length: {len(body.encode())}\n\n"
            ) + body

        sdp = sdp.replace("\r\n", "\n")
        body = sdp.replace("\n", "\r\n")
        to = f"To: <{uri}>"
        line.say(text("INVITE", 1, to, "", body).replace("\r\n", "\n"))
        refusal = line.hear_like("SIP/2.0 401", call)
        line.say(text("ACK", 1, refusal.header("to"), "", ""))
        nonce = _NONCE.search(refusal.text)
        assert nonce is not None
        ha1 = md5(f"{user}:{site}:{secret}".encode()).hexdigest()
        ha2 = md5(f"INVITE:{uri}".encode()).hexdigest()
        response = md5(f"{ha1}:{nonce.group(1)}:00000001:c:auth:{ha2}".encode()).hexdigest()
        answer = (
            f'Authorization: Digest username="{user}", realm="{site}", nonce="{nonce.group(1)}", '
            f'uri="{uri}", response="{response}", algorithm=MD5, cnonce="c", qop=auth, nc=00000001\n'
        )
        self._ack = partial(self._say_ack, text)
        at = line.say(text("INVITE", 2, to, answer, body).replace("\r\n", "\n"))
        came = self.callee.hear_like("INVITE")
        return came, came.at - at

    def _say_ack(self, text: Callable[[str, int, str, str, str], str], final: Heard) -> None:
        self.caller.say(text("ACK", 2, final.header("to"), "", ""))

    def set_ups(self, account: Account, called: str, rate: float, seconds: float) -> list[float]:
        """Seconds from INVITE to INVITE of calls that are then declined."""
        took, sdp = [], describe(9000).decode()
        due = time.monotonic()
        until = due + seconds
        while due < until - 1e-6:
            time.sleep(max(0.0, due - time.monotonic()))
            due += 1 / rate
            came, way = self.invite(account, called, sdp)
            took.append(way)
            self.callee.respond(came, "486 Busy Here")
            self._ack(self.caller.hear_like("SIP/2.0 4", self._call))
        return took

    def connect(self, account: Account, called: str, a: int, b: int) -> tuple[int, int]:
        """A call that talks; the ports that a and b send to."""
        came, _ = self.invite(account, called, describe(a).decode())
        self.callee.respond(came, "200 OK", describe(b).decode())
        answer = self.caller.hear_like("SIP/2.0 200", self._call)
        self._ack_answer(answer)
        to_a, to_b = _MEDIA.search(answer.text), _MEDIA.search(came.text)
        assert to_a is not None and to_b is not None
        return int(to_a.group(1)), int(to_b.group(1))

    def _ack_answer(self, answer: Heard) -> None:
        target = _CONTACT.search(answer.text)
        assert target is not None
        cseq = answer.header("cseq").replace("INVITE", "ACK")
        self.caller.say(
            f"ACK {target.group(1)} SIP/2.0\n"
            f"Via: SIP/2.0/UDP {self.caller.here};branch=z9hG4bKa{self.number}\n"
            f"{answer.header('from')}\n{answer.header('to')}\n{answer.header('call-id')}\n{cseq}\n"
            "Max-Forwards: 70\nContent-Length: 0\n\n"
        )


def digits(probe: Probe, plan: dict[str, Any]) -> dict[str, Any]:
    """Calls with sound both ways; some residents press 5 every 1.5 s. Seconds from press to command."""
    probe.controller.register(tuple(plan["controller"]))
    phones = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2 * len(plan["calls"]))]
    for phone in phones:
        phone.bind(("127.0.0.1", 0))
    targets: list[int] = []
    for number, (user, secret, called) in enumerate(plan["calls"]):
        a, b = (phone.getsockname()[1] for phone in phones[2 * number : 2 * number + 2])
        targets += probe.connect((user, secret), called, a, b)
    fds = [phone.fileno() for phone in phones]
    pressing = list(range(1, 2 * plan["pressing"], 2))
    traffic = {"fds": fds, "targets": targets, "digits": pressing, "seconds": plan["seconds"]}
    traffic |= {"core": plan["core"], "period": PERIOD}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.traffic"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=fds,
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(traffic).encode() + b"\n")
    process.stdin.flush()
    shift = time.clock_gettime(time.CLOCK_REALTIME) - time.monotonic()
    commands: list[tuple[str, float]] = []
    until = time.monotonic() + plan["seconds"] + 1.0
    while time.monotonic() < until:
        heard = probe.controller.hear(0.2)
        if heard is None or not heard.text.startswith("MESSAGE"):
            continue
        claims = heard.text.rpartition("\n\n")[2].split(".")[1]
        order = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        commands.append((order["door"], heard.at - shift))
        answer = json.dumps({"jti": order["jti"], "result": "opened", "at_ns": 0})
        probe.controller.respond(heard, "200 OK", answer, "application/json")
    told = json.loads(process.stdout.read())
    process.wait()
    for phone in phones:
        phone.close()
    ways = []
    for door, at in commands:
        place = 2 * int(door.removeprefix("door")) + 1
        before = [moment for pressed, moment in told["pressed"] if pressed == place and moment < at]
        if before and at - before[-1] < 0.5:
            ways.append(at - before[-1])
    return {
        "ways": ways,
        "commands": len(commands),
        "pressed": len(told["pressed"]),
        "lost": told["sent"] - told["received"],
    }


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    probe = Probe(plan)
    if plan["measure"] == "set_up":
        user, secret, called = plan["call"]
        result: dict[str, Any] = {
            "ways": probe.set_ups((user, secret), called, plan["rate"], plan["seconds"])
        }
    else:
        result = digits(probe, plan)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
