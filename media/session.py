"""A call's media on the control side: legs, their ports, and the orders that keep its worker in step."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any, Protocol

from media.addresses import Trust, route
from media.cover import SHARED, Station
from media.engine import LegRole
from media.errors import MediaMisuse, NoCapacity
from media.keying import Profile
from media.leg import Leg
from media.negotiate import Agreed, mapping
from media.orders import Order
from media.recoding import between, can_hear, target, tones_of
from media.screening import Developed, Screening


class Worker(Protocol):
    """What a session needs of the worker that carries it."""

    trust: Trust

    def take(self, session: Session, leg: str, kind: str) -> int: ...
    def take_shared(self, session: Session, leg: str, kind: str) -> int: ...
    def station(self, session: Session, leg: str, peer: str | None) -> Station: ...
    def give(self, port: int, *, carried: bool) -> None: ...
    def send(self, order: Order) -> None: ...
    def address_for(self, peer: str | None) -> str: ...
    def closed(self, session: Session) -> None: ...
    def snap(self, port: int, done: Developed) -> None: ...


class Session:
    """See media.engine.MediaSession. After its worker's death nothing is done any more, and SDP asked for is
    NoCapacity."""

    def __init__(self, call: str, worker: Worker, number: Callable[[], int]) -> None:
        self.call = call
        self._worker: Worker | None = worker
        self._number = number
        self._legs: dict[str, Leg] = {}
        self._connected: tuple[str, str] | None = None
        self._uprooted: tuple[dict[str, Leg], tuple[str, str] | None] = {}, None
        self._screening = Screening(self._legs, self._order, number)

    # -- descriptions -------------------------------------------------------------------------------------

    def receive_offer(
        self, leg: str, sdp: bytes, *, source: str | None = None, role: LegRole | None = None
    ) -> None:
        self._leg(leg, role).receive_offer(sdp)
        if source is not None:
            self._legs[leg].source = source

    def offer(
        self, leg: str, *, like: str | None = None, role: LegRole | None = None, toward: str | None = None,
        profile: Profile | None = None,
    ) -> bytes:
        worker = self._carrier()
        one = self._leg(leg, role)
        if profile is not None and one.profile == "plain":
            one.profile = profile
        other = self._known(like) if like is not None else None
        self._locate(one, toward, worker)
        written = one.offer(other, lambda kind: worker.take(self, leg, kind))
        self._open_gates(one)
        return written

    def receive_answer(self, leg: str, sdp: bytes, *, source: str | None = None) -> None:
        if self._worker is None:
            return
        one = self._known(leg)
        one.receive_answer(sdp)
        if source is not None:
            one.source = source
        self._serve(one)

    def answer(self, leg: str, *, like: str | None = None, role: LegRole | None = None) -> bytes:
        worker = self._carrier()
        one = self._leg(leg, role)
        other = self._known(like) if like is not None else None
        self._locate(one, None, worker)
        before = one.agreed
        written = one.answer(other, lambda kind: worker.take(self, leg, kind))
        if one.agreed is not before:
            self._serve(one)
        return written

    def withdraw(self, leg: str) -> None:
        """An open offer, the leg's or ours, was refused: what was agreed before holds."""
        self._known(leg).withdraw()

    # -- relaying -----------------------------------------------------------------------------------------

    def connect(self, a: str, b: str) -> None:
        self._known(a)
        self._known(b)
        if self._connected is not None and set(self._connected) != {a, b}:
            self.disconnect()
        self._connected = (a, b)
        self._join()

    def disconnect(self) -> None:
        for name in self._connected or ():
            leg = self._legs.get(name)
            for port in leg.served if leg is not None else ():
                self._order("join", port, None, [])
        self._connected = None

    def compatible(self, a: str, b: str) -> bool:
        """Whether both legs can hear each other: by a common audio codec, or one turned into the other."""
        one, other = self._known(a).agreed.get("audio"), self._known(b).agreed.get("audio")
        return one is not None and other is not None and can_hear(one, other)

    # -- prompts ------------------------------------------------------------------------------------------

    def play(self, leg: str, prompt: str, loop: bool = False) -> bool:
        """Play a prompt ("nb/door_open") to the leg, in place of its partner until it is over."""
        one = self._known(leg)
        audio = one.agreed.get("audio")
        goal = target(audio) if audio is not None and audio.goes else None
        port = one.ports.get("audio")
        if goal is None or port not in one.served:
            return False
        one.loop = prompt if loop else ""
        said = goal.theirs
        self._order("play", port, prompt, loop, said.payload_type, said.name.lower(), said.clock)
        return True

    def stop(self, leg: str) -> None:
        """End what is played to the leg; it hears its partner again."""
        one = self._known(leg)
        one.loop = ""
        if one.ports.get("audio") in one.served:
            self._order("stop", one.ports["audio"])

    # -- pictures for more than one ------------------------------------------------------------------------

    def sends_video(self, leg: str) -> bool:
        """Whether the leg's open offer, or what it agreed to, has a picture that it sends."""
        line = self._known(leg).streams().get("video")
        return line is not None and line.sends

    def film(self, leg: str) -> None:
        """Keep the newest pictures of this leg for whoever joins, from now on and once it has agreed."""
        self._known(leg)
        self._screening.film(leg)

    def view(self, source: str, viewer: str) -> None:
        """Show the picture of `source` to `viewer`, which sees only that; sound stays where it is."""
        self._known(source)
        self._known(viewer)
        self._screening.view(source, viewer)

    def unview(self, viewer: str) -> None:
        """Show no picture to `viewer` any more."""
        self._screening.unview(viewer)

    def snapshot(self, leg: str, done: Developed) -> None:
        """Hand the newest picture of a filmed leg to `done` as a JPEG, or None; milliseconds later."""
        port = self._screening.filmed_port(leg)
        if self._worker is None or port is None:
            done(None)
        else:
            self._worker.snap(port, done)

    # -- digits -------------------------------------------------------------------------------------------

    def can_press(self, leg: str) -> bool:
        audio = self._known(leg).agreed.get("audio")
        return audio is not None and audio.event_to_send() is not None

    def press(self, leg: str, digit: str) -> None:
        one = self._known(leg)
        audio = one.agreed.get("audio")
        event = audio.event_to_send() if audio is not None else None
        if len(digit) != 1 or digit.upper() not in "0123456789*#ABCD":
            raise MediaMisuse(f"no such key: {digit!r}")
        if event is not None:
            self._order("press", one.ports["audio"], digit.upper(), *event)

    def listen_digits(self, leg: str, on: bool) -> None:
        one = self._known(leg)
        one.listening = on
        port = one.ports.get("audio")
        if port in one.served:
            self._order("listen", port, on)

    def listens(self, leg: str) -> bool:
        """Whether keys of the leg are reported now: not those on their way when it was switched off."""
        one = self._legs.get(leg)
        return one is not None and one.listening

    # -- the end ------------------------------------------------------------------------------------------

    def drop(self, leg: str) -> None:
        one = self._legs.pop(leg, None)
        if one is None:
            return
        if self._connected is not None and leg in self._connected:
            self._connected = None
        self._screening.forget(leg)
        if self._worker is not None:
            for port in one.ports.values():
                self._worker.give(port, carried=port in one.served)
            for order in one.cover.shut():
                self._order(*order)

    def close(self) -> None:
        self._uprooted = {}, None
        for name in list(self._legs):
            self.drop(name)
        if self._worker is not None:
            self._worker.closed(self)
            self._worker = None
        self._screening = Screening({}, _tell_nobody, self._number)   # it held us: now we free ourselves

    def lose(self) -> None:
        """The worker died: nothing it held is left. What was agreed is kept aside for `move`."""
        self._worker = None
        self._uprooted = dict(self._legs), self._connected
        self._legs.clear()
        self._connected = None
        self._screening.clear()

    @property
    def lost(self) -> bool:
        """Whether no worker carries it."""
        return self._worker is None

    def move(self, worker: Worker) -> None:
        """Another worker carries it. Who was connected is again, as each agrees to a new offer."""
        self._worker = worker
        legs, self._connected = self._uprooted
        self._legs.update(legs)
        self._uprooted = {}, None
        for leg in legs.values():
            leg.uproot()

    # -- inside -------------------------------------------------------------------------------------------

    def _leg(self, name: str, role: LegRole | None) -> Leg:
        one = self._legs.get(name)
        if one is None:
            one = self._legs[name] = Leg(name, self._number())
            one.station = lambda: self._carrier().station(self, name, self._legs[name].source)
            one.take_shared = lambda kind: self._carrier().take_shared(self, name, kind)
        if role is not None:
            one.role = role
        return one

    def _known(self, name: str) -> Leg:
        one = self._legs.get(name)
        if one is None:
            if self._worker is None:
                return Leg(name, 0)
            raise MediaMisuse(f"no leg {name} in call {self.call}")
        return one

    def _carrier(self) -> Worker:
        if self._worker is None:
            raise NoCapacity("The media worker of this call is gone")
        return self._worker

    def _locate(self, leg: Leg, toward: str | None, worker: Worker) -> None:
        if toward is not None:
            leg.source = toward
        if not leg.address:
            leg.address = worker.address_for(leg.source)

    def _open_gates(self, leg: Leg) -> None:
        for order in leg.cover.news():
            self._order(*order)

    def _order(self, *order: Any) -> None:
        if self._worker is not None:
            self._worker.send(list(order))

    def _serve(self, leg: Leg) -> None:
        """Tell the worker whom each stream of the leg is for now."""
        if self._worker is None:
            return
        self._open_gates(leg)
        for kind, port in leg.ports.items():
            agreed = leg.agreed.get(kind)
            if agreed is None:
                if port in leg.served:
                    self._order("join", port, None, [])
                continue
            self._order("serve", port, served_as(leg, kind, agreed, self._worker.trust))
            if port not in leg.served and kind == "audio" and leg.listening:
                self._order("listen", port, True)
            leg.served.add(port)
        if leg.loop:   # its codec may be another one now
            self.play(leg.name, leg.loop, True)
        self._screening.renew(leg.name)
        if self._connected is not None and leg.name in self._connected:
            self._join()

    def _join(self) -> None:
        if self._connected is None:
            return
        a, b = (self._legs[name] for name in self._connected)
        panel = a.panel or b.panel
        for source, sink in ((a, b), (b, a)):
            for kind, agreed in source.agreed.items():
                other = sink.agreed.get(kind)
                port = source.ports[kind]
                if other is None or port not in source.served or self._screening.shows(kind, source, sink):
                    self._order("join", port, None, [])
                elif sink.ports[kind] in sink.served:
                    pairs = mapping(agreed, other, panel)
                    said = self._sound(source, sink) if kind == "audio" else None
                    if kind == "video":
                        self._screening.replay(source.name, port, sink.ports[kind], pairs)
                    self._order("join", port, sink.ports[kind], pairs, *([] if said is None else [said]))

    @staticmethod
    def _sound(source: Leg, sink: Leg) -> dict[str, Any] | None:
        """A panel's tones reach no telephone and no leg that presses by tones: they might return as keys."""
        one, other = source.agreed["audio"], sink.agreed["audio"]
        presses_by_tones = sink.role == "phone" or not other.events()
        panel = source.panel or sink.panel
        return between(one, other, panel, source.panel and presses_by_tones)


def served_as(leg: Leg, kind: str, agreed: Agreed, trust: Trust) -> dict[str, Any]:
    """What the worker must know of one stream of a leg."""
    about: dict[str, Any] = {
        "kind": kind, "panel": leg.panel, "sends": agreed.comes,
        "events": agreed.events() if kind == "audio" else [],
    }
    tones = tones_of(agreed) if kind == "audio" else []
    if tones:
        about["tones"] = tones
    if leg.ports[kind] >= SHARED:
        types = [*(one.ours.payload_type for one in agreed.codecs)]
        types += [one.theirs.payload_type for one in agreed.codecs]
        gate = leg.cover.gates[kind].number
        clock = next(one.ours.clock for one in agreed.codecs if not one.ours.auxiliary)
        more = {"gate": gate, "types": types, "ssrc": leg.cover.ssrcs[kind], "clock": clock}
        return {**about, "expected": [], "rtp": None, "rtcp": None, **more}
    way = route(leg.ends[kind], leg.source, trust)
    about = {**about, "expected": sorted(way.expected), "rtp": way.rtp, "rtcp": way.rtcp}
    sealed = leg.cover.sealed.get(kind)
    if sealed is not None:
        keys = [b64encode(key).decode() for key in (sealed.ours, sealed.theirs)]
        about["crypto"] = [sealed.suite, *keys]
    return about


def _tell_nobody(*order: Any) -> None:
    """Where the orders of a closed session go."""
