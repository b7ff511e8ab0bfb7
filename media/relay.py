"""The worker's inside: streams by port, the orders they get, timers, reports. It knows no loop."""

from __future__ import annotations

import random
import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from media.audio.stage import Stage
from media.audio.work import Plan
from media.cinema import Cinema
from media.dtmf import STEP_SECONDS
from media.engine import MediaSettings
from media.mux import Mux
from media.orders import Order
from media.secured import GateStream
from media.sockets import Poller, bind_pair, is_local
from media.srtp import SUITES, Keys, Protection
from media.stream import Peer, Reports, Stream
from media.watch import Watch

LOOK_SECONDS = 1.0   # shorter only where a hang is to be noticed sooner


class Relay:
    """All streams of one worker. `ports` are the even ports it may bind, `report` is told what happens."""

    def __init__(self, settings: MediaSettings, ports: range, report: Callable[[Order], None]) -> None:
        self._settings = settings
        self._report = report
        self.poller = Poller()
        order = list(ports)
        random.SystemRandom().shuffle(order)   # a port must not tell the next one
        self._unbound = order
        self._streams: dict[int, Stream] = {}
        self._watches: dict[int, Watch] = {}
        self._pressing: dict[int, float] = {}
        self._pause = min(LOOK_SECONDS, settings.hang_seconds / 4)
        self._next_look = time.monotonic() + self._pause
        own = set(settings.advertised_addresses)
        low, high = settings.port_low, settings.port_high
        self._reports = Reports(
            first=lambda port: report(["first", port]),
            digit=lambda port, digit, at: report(["digit", port, digit, at]),
            tone=lambda port, digit, at: report(["digit", port, digit, at, "inband"]),
            overheard=lambda port, digit, at: report(["overheard", port, digit, at]),
            clock=time.monotonic,
            own=lambda address: low <= address[1] <= high + 1
            and (address[0] in own or is_local(address[0])),
        )
        self._mux = Mux(settings.bind_address, self.poller, report, time.monotonic)
        self._cinema = Cinema(self._streams, report, time.monotonic)
        self._stage = Stage(self._streams, settings.prompts, report, time.monotonic)
        self._verbs: dict[str, Callable[..., None]] = {
            **self._stage.verbs,
            **self._cinema.verbs, **self._mux.verbs,
            "bind": self._bind, "close": self._close, "serve": self._serve, "join": self._join,
            "free": self._free, "listen": self._listen, "press": self._press,
        }

    def obey(self, order: Order) -> None:
        """Carry out one order. An order for a port that is not ours any more does nothing."""
        self._verbs[order[0]](*order[1:])

    # -- orders -------------------------------------------------------------------------------------------

    def _bind(self, count: int) -> None:
        bound: list[int] = []
        taken: list[int] = []   # by another program: tried again after all others
        while self._unbound and len(bound) < count:
            port = self._unbound.pop()
            try:
                pair = bind_pair(self._settings.bind_address, port)
            except OSError:     # no descriptors left; what is bound must do
                self._unbound.append(port)
                break
            if pair is None:
                taken.append(port)
            else:
                self._streams[port] = Stream(port, pair, self.poller, self._reports)
                bound.append(port)
        self._unbound[:0] = taken
        self._report(["ports", bound])

    def _close(self, ports: list[int]) -> None:
        for port in ports:
            stream = self._streams.pop(port, None)
            if stream is not None:
                stream.close()
                self._unbound.insert(0, port)

    def _serve(self, port: int, about: dict[str, Any]) -> None:
        stream = self._shared(port, about) if "gate" in about else self._streams.get(port)
        if stream is None:
            return
        if "gate" not in about:
            _seal(stream, about.get("crypto"))
        stream.serve(_peer(about), self._settings.relatch_seconds)
        now = time.monotonic()
        self._watches.setdefault(port, Watch(now)).restart(now)

    def _shared(self, number: int, about: dict[str, Any]) -> Stream | None:
        """The stream of that number behind a gate: it is there from its first description on."""
        gate = self._mux.find(about["gate"])
        if gate is None:
            return None
        stream = self._streams.get(number)
        if not isinstance(stream, GateStream):
            stream = GateStream(number, gate, about["ssrc"], about["clock"], self._reports)
            self._streams[number] = stream
        if stream.gate is not gate:
            stream.gate.detach(stream)
        stream.gate, stream.clock = gate, about["clock"]
        gate.attach(stream, about["types"])
        return stream

    def _join(
        self, port: int, sink: int | None, mapping: list[list[int]], sound: dict[str, Any] | None = None
    ) -> None:
        stream = self._streams.get(port)
        if stream is not None:
            if port in self._watches:
                self._watches[port].restart(time.monotonic())   # nobody listened before: silence counts anew
            plan = Plan.read(sound) if sound is not None else None
            stream.join(None if sink is None else self._streams.get(sink), [(a, b) for a, b in mapping], plan)

    def _free(self, port: int) -> None:
        stream = self._streams.get(port)
        if stream is None:
            return
        self._cinema.leave(port)
        watch = self._watches.pop(port, None)
        self._pressing.pop(port, None)
        self._stage.stop(port)
        if watch is not None:
            watch.look(stream.packets, stream.reported, stream.last, time.monotonic())
        lost = watch.lost if watch is not None else 0
        counts = [stream.packets, stream.octets, lost, stream.strangers, stream.dropped]
        stream.release()
        if isinstance(stream, GateStream):
            del self._streams[port]
        self._report(["counted", port, *counts])

    def _listen(self, port: int, on: bool) -> None:
        stream = self._streams.get(port)
        if stream is not None:
            stream.listen_digits(on)

    def _press(self, port: int, digit: str, payload_type: int, clock: int) -> None:
        stream = self._streams.get(port)
        if stream is None:
            return
        fresh = (random.getrandbits(32), random.getrandbits(15), random.getrandbits(31))
        stream.press(digit, payload_type, clock, fresh)
        self._pressing.setdefault(port, time.monotonic())

    # -- time ---------------------------------------------------------------------------------------------

    def next_deadline(self) -> float:
        """The moment at which `handle_timeout` is wanted next."""
        soon = min(self._next_look, self._stage.next_tick, self._mux.deadline)
        return min([soon, *self._pressing.values()]) if self._pressing else soon

    def handle_timeout(self, now: float) -> None:
        """Send digits that are due; once a second look over all streams."""
        for port, due in list(self._pressing.items()):
            if due <= now:
                if self._streams[port].press_on():
                    self._pressing[port] = max(due + STEP_SECONDS, now - STEP_SECONDS)
                else:
                    del self._pressing[port]
        if now >= self._stage.next_tick:
            self._stage.tick(now)
        if now >= self._mux.deadline:
            self._mux.handle_timeout(now)
        if now >= self._next_look:
            self._next_look = now + self._pause
            self._look(now)

    def _look(self, now: float) -> None:
        self._cinema.look(now)
        self._mux.look(now)
        packets = octets = strangers = 0
        for port, watch in self._watches.items():
            stream = self._streams[port]
            stream.settle(now)
            silent = watch.look(stream.packets, stream.reported, stream.last, now)
            peer = stream.peer
            watched = peer is not None and peer.sends and peer.kind == "audio"
            if watched and silent >= self._settings.silence_seconds and watch.tell_once():
                self._report(["silent", port, silent])
            packets, octets = packets + stream.packets, octets + stream.octets
            strangers += stream.strangers
        self._report(["alive", {
            "streams": len(self._watches), "bound": len(self._streams), "packets": packets, "octets": octets,
            "strangers": strangers, "errors": self.poller.errors, "cpu": time.process_time(),
            **self._cinema.stats(), **self._mux.stats(),
        }])

    def close(self) -> None:
        """Close every socket."""
        for stream in self._streams.values():
            stream.close()
        self._streams.clear()
        self._watches.clear()
        self._mux.close()
        self.poller.close()


def _peer(about: dict[str, Any]) -> Peer:
    rtp, rtcp = about.get("rtp"), about.get("rtcp")
    return Peer(
        kind=about["kind"], panel=about["panel"], expected=frozenset(about["expected"]),
        rtp=None if rtp is None else (rtp[0], rtp[1]), rtcp=None if rtcp is None else (rtcp[0], rtcp[1]),
        sends=about["sends"], events=tuple((pt, clock) for pt, clock in about["events"]),
        tones={pt: (name, clock) for pt, name, clock in about.get("tones", ())},
    )


def _seal(stream: Stream, crypto: list[str] | None) -> None:
    """Protect the stream as its description says (SDES); the same keys again go on where they are."""
    if crypto is None:
        if stream.protection is not None:
            stream.protect(None)
        return
    suite, ours, theirs = crypto
    keys = Keys(SUITES[suite], b64decode(ours), b64decode(theirs))
    if stream.protection is None or stream.protection.keys != keys:
        stream.protect(Protection(keys))
