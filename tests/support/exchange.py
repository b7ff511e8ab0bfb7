"""A whole PBX core on a virtual clock: real engine, registrar, dial plan and calls; phones are engines too.

Media and locks are played. Messages travel at once; time passes only by `advance`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from dialplan import rows
from dialplan.compile import compile as compile_plan
from dialplan.plan import DialPlan
from media.errors import NoCapacity, SdpError
from pbx.auth import Authenticator, Credential, Identity
from pbx.calls.from_apps import KINDS
from pbx.calls.surroundings import Limits, Surroundings
from pbx.calls.switchboard import Switchboard
from pbx.dispatch import Dispatch
from pbx.doors.doorkeeper import Doorkeeper
from pbx.doors.opener import Done, Opener, OpenOrder
from pbx.facts import Fact, Facts
from pbx.push.desk import PushDesk
from pbx.registrar.location import Location
from pbx.registrar.register import Registrar
from pbx.running import RunningPlans
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip.invite.session import Session
from pbx.sip.message import Message, Request, parse
from pbx.transport.driver import Timed
from pbx.trunks.entrance import Entrance
from pbx.trunks.guard import Use
from pbx.trunks.trunk import Trunk
from tests.support import carriers

SITE = "story.example"
OFFER = b"v=0 offer\r\n"
CAMERA_OFFER = b"v=0 offer with video\r\n"
ANSWER = b"v=0 answer\r\n"


def story_rows(**changes: Any) -> rows.SiteRows:
    """A house with a gate, two people and a controller."""
    people = ("kari", "ola")
    fields: dict[str, Any] = {
        "domain": SITE,
        "organisation": "Story",
        "kind": "commercial",
        "buildings": (rows.BuildingRow("house", "House"),),
        "units": (rows.UnitRow("one", "house", "1"),),
        "people": tuple(rows.PersonRow(who, who.title(), unit="one") for who in people),
        "devices": (
            rows.DeviceRow("gate", "panel", building="house", name="Gate"),
            rows.DeviceRow("controller", "controller", building="house"),
            *(rows.DeviceRow(f"{who}-phone", "phone", person=who) for who in people),
        ),
        "doors": (rows.DoorRow("front", "Front", "house", "controller", "r1"),),
        "panels": (rows.PanelRow("gate", doors=("front",)),),
        "groups": (rows.GroupRow("all", "All", tuple(rows.MemberRow("person", who) for who in people)),),
        "buttons": (
            rows.ButtonRow("all-button", "common", group="all", user="all"),
            *(rows.ButtonRow(f"{who}-button", person=who) for who in people),
        ),
        "rules": (rows.RuleRow("residents", doors=("front",), buildings=("house",)),),
        **changes,
    }
    return rows.SiteRows(**fields)


def plan_of(site: rows.SiteRows) -> DialPlan:
    """The compiled plan; fails the test when it does not compile."""
    plan = compile_plan(site)
    assert isinstance(plan, DialPlan), plan
    return plan


class PlayedMedia:
    """A media engine that writes down what it is asked."""

    capabilities = frozenset({"relay"})

    def __init__(self) -> None:
        self.did: list[str] = []
        self.full = False
        self.compatible = True
        self.legs_left = 1000
        self.picture: bytes | None = b"jpeg"
        self.refused: set[bytes] = set()
        """Bodies that count as wrong descriptions."""

    def open(self, call: str) -> PlayedSession:
        if self.full:
            raise NoCapacity("No free media port")
        self.did.append("open")
        return PlayedSession(call, self)

    def move(self, session: object) -> None:
        if self.full:
            raise NoCapacity("No free media port")
        self.did.append("move")


class PlayedSession:
    """One call's media: bodies are made of the leg's place in the call."""

    def __init__(self, call: str, engine: PlayedMedia) -> None:
        self.call = call
        self.cameras: set[str] = set()
        self._engine = engine

    def _take(self, sdp: bytes) -> None:
        if sdp in self._engine.refused:
            raise SdpError("Nothing in common", 488)

    def receive_offer(self, leg: str, sdp: bytes, *, source: str | None = None, role: Any = None) -> None:
        self._take(sdp)
        if b"video" in sdp:
            self.cameras.add(leg)

    def offer(
        self, leg: str, *, like: str | None = None, role: Any = None, toward: Any = None, profile: Any = None
    ) -> bytes:
        if self._engine.legs_left <= 0:
            raise NoCapacity("No free media port")
        self._engine.legs_left -= 1
        moves = self._engine.did.count("move")
        return b"v=0 offer after %d moves\r\n" % moves if moves else OFFER

    def receive_answer(self, leg: str, sdp: bytes, *, source: str | None = None) -> None:
        self._take(sdp)

    def answer(self, leg: str, *, like: str | None = None, role: Any = None) -> bytes:
        return ANSWER

    def withdraw(self, leg: str) -> None:
        self._engine.did.append("withdraw")

    def connect(self, a: str, b: str) -> None:
        self._engine.did.append("connect")

    def disconnect(self) -> None:
        self._engine.did.append("disconnect")

    def compatible(self, a: str, b: str) -> bool:
        return self._engine.compatible

    def play(self, leg: str, prompt: str, loop: bool = False) -> bool:
        self._engine.did.append(f"play {prompt}")
        return True

    def stop(self, leg: str) -> None:
        self._engine.did.append("stop")

    def sends_video(self, leg: str) -> bool:
        return leg in self.cameras

    def film(self, leg: str) -> None:
        self._engine.did.append("film")

    def view(self, source: str, viewer: str) -> None:
        self._engine.did.append("view")

    def unview(self, viewer: str) -> None:
        self._engine.did.append("unview")

    def snapshot(self, leg: str, done: Callable[[bytes | None], None]) -> None:
        self._engine.did.append("snapshot")
        done(self._engine.picture)

    def can_press(self, leg: str) -> bool:
        return True

    def press(self, leg: str, digit: str) -> None:
        self._engine.did.append(f"press {digit}")

    def listen_digits(self, leg: str, on: bool) -> None:
        self._engine.did.append("listen")

    def drop(self, leg: str) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        self._engine.did.append("close")


class Nothing:
    """The channel of a connection that may be closed."""

    def close(self, flow: Flow) -> None:
        """It is over."""


class PlayedLock:
    """A door driver that opens at once, or says why not."""

    def __init__(self) -> None:
        self.orders: list[OpenOrder] = []
        self.fault = ""

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        self.orders.append(order)
        done(not self.fault, self.fault or "opened", now)


@dataclass(slots=True)
class FarPhone:
    """A phone: an engine, its end of the connection, and what it was told and sent."""

    name: str
    engine: Engine
    flow: Flow
    pbx_flow: Flow
    told: list[sip.Event] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)
    deaf: bool = False
    """Nothing reaches it."""
    well: bool = False
    """It answers OPTIONS by itself."""

    def take(self, kind: type[Any]) -> Any:
        """The first event of that kind; those before it are dropped."""
        while self.told:
            event = self.told.pop(0)
            if isinstance(event, kind):
                return event
        raise AssertionError(f"{self.name} was never told {kind.__name__}")

    def was_told(self, kind: type[Any]) -> bool:
        """True when such an event waits to be taken."""
        return any(isinstance(event, kind) for event in self.told)

    def requests(self, method: str) -> list[Request]:
        """Requests of that method which reached the phone."""
        return [m for m in self.got if isinstance(m, Request) and m.method == method]

    def answers(self, method: str) -> list[int]:
        """Statuses of the responses to that method which reached the phone."""
        return [m.status for m in self.got if not isinstance(m, Request) and m.cseq.method == method]


class _Book:
    """Credentials of every device of the story house."""

    def __init__(self) -> None:
        self.revoked: set[str] = set()

    def find(self, site: str, username: str) -> Credential | None:
        state: Any = "revoked" if username in self.revoked else "active"
        return Credential(site, username, username, "0" * 32, state=state)

    def algorithm(self, site: str) -> Any:
        return "MD5"


class Exchange:
    """The PBX of the story house with phones at hand."""

    def __init__(self, site: rows.SiteRows | None = None, limits: Limits | None = None) -> None:
        words = count(1)
        self.now = 0.0
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.token: Callable[[], str] = lambda: f"t{next(words)}"
        self.engine = Engine(token=self.token)
        self.plans = RunningPlans()
        self.plans.run(plan_of(site or story_rows()))
        self.facts: list[Fact] = []
        self.media = PlayedMedia()
        self.lock = PlayedLock()
        self.book = _Book()
        self.location = Location()
        feed = Facts()
        feed.subscribe(self.facts.append)
        authenticator = Authenticator(self.book, self.plans, b"key", self.token)
        self.opener = Opener({"agent": self.lock}, self.token)
        self.doorkeeper = Doorkeeper(self.opener, self.plans, feed, lambda: self.at)
        self.saved: list[Use] = []
        self.day = "2026-11-22"
        self.desk = carriers.desk(
            self.engine, lambda: self.now, self.token, feed, self.saved, lambda site: self.day
        )
        self.push = PushDesk()
        around = Surroundings(
            engine=self.engine,
            media=self.media,
            plans=self.plans,
            location=self.location,
            doors=self.doorkeeper,
            facts=feed,
            civil=lambda: self.at,
            token=self.token,
            limits=limits or Limits(),
            trunks=self.desk,
            push=self.push,
        )
        self.feed = feed
        self.switchboard = Switchboard(authenticator, around)
        registrar = Registrar(self.location, self.plans, lambda: "Sun, 22 Nov 2026 12:00:00 GMT")
        self.dispatch = Dispatch(
            self.engine,
            authenticator,
            registrar,
            self.switchboard,
            self.doorkeeper,
            feed,
            dict.fromkeys(KINDS, self.switchboard.asked_by_app),
            Entrance(self.engine, self.desk),
        )
        self.phones: dict[Flow, FarPhone] = {}

    def phone(self, device: str, *, register: bool = True) -> FarPhone:
        """Connect a phone that has logged in already; register it unless it shall not be found."""
        port = 6000 + len(self.phones)
        far = Flow("tcp", ("192.0.2.9", port), ("192.0.2.1", 5060))
        near = Flow("tcp", ("192.0.2.1", 5060), ("192.0.2.9", port))
        near.identity = Identity(SITE, device, device)
        one = FarPhone(device, Engine(token=self.token), far, near)
        self.phones[near] = one
        if register:
            self.register(one)
        return one

    def register(self, one: FarPhone) -> None:
        """The phone registers, for the first time or again, by the connection it has."""
        request = one.engine.build_request(
            "REGISTER",
            f"sip:{SITE}",
            from_=f"<sip:{one.name}@{SITE}>",
            to=f"<sip:{one.name}@{SITE}>",
            headers=[
                ("Contact", f"<sip:{one.name}@192.0.2.9:{one.flow.local[1]};transport=tcp>"),
                ("Expires", "600"),
            ],
        )
        one.engine.send_request(request, one.flow, self.now)
        self.settle()

    def carriers(self, *trunks: Trunk, up: bool = True) -> list[FarPhone]:
        """Use these trunks, each with a carrier at its far end that answers OPTIONS if it is `up`."""
        self.desk.configure(trunks, self.now)
        made = []
        for number, one in enumerate(trunks):
            far = Flow("tcp", ("192.0.2.50", 5060 + number), ("192.0.2.1", 7000 + number))
            near = Flow("tcp", ("192.0.2.1", 7000 + number), ("192.0.2.50", 5060 + number), Nothing())
            phone = FarPhone(one.ref, Engine(token=self.token), far, near, well=up)
            self.phones[near] = phone
            made.append(phone)
            self.desk.link(one.ref).connected(near, self.now)
        self.settle()
        return made

    def call(self, caller: FarPhone, dialled: str, body: bytes = OFFER, **more: Any) -> Session:
        """The caller sends an INVITE."""
        session = caller.engine.invite(
            target=f"sip:{dialled}@{SITE}",
            from_=f"<sip:{caller.name}@{SITE}>",
            to=f"<sip:{dialled}@{SITE}>",
            flow=caller.flow,
            body=body,
            now=self.now,
            **more,
        )
        self.settle()
        return session

    def settle(self) -> None:
        """Events and messages until everybody is quiet."""
        busy = True
        while busy:
            busy = False
            for event in self.engine.events():
                busy = True
                self.dispatch(event, self.now)
            for flow, data in self.engine.outbox():
                busy = True
                self._to_phone(flow, data)
            for one in self.phones.values():
                busy = self._from_phone(one) or busy

    def _to_phone(self, flow: Flow, data: bytes) -> None:
        one = self.phones[flow]
        if one.deaf:
            return
        message = parse(data)
        one.got.append(message)
        one.engine.receive(message, one.flow, self.now)

    def _from_phone(self, one: FarPhone) -> bool:
        events, outbox = one.engine.events(), one.engine.outbox()
        for event in events:
            if one.well and isinstance(event, sip.RequestReceived) and event.request.method == "OPTIONS":
                one.engine.respond_status(event.transaction, 200, self.now)
            else:
                one.told.append(event)
        for _, data in outbox:
            self.engine.receive(parse(data), one.pbx_flow, self.now)
        return bool(events or outbox)

    def advance(self, seconds: float) -> None:
        """Let time pass with everything that falls due in it."""
        end = self.now + seconds
        self.settle()
        while (due := self._due()) is not None and due <= end:
            self.now = max(self.now, due)
            for timed in self._timed():
                timed.handle_timeout(self.now)
            self.settle()
        self.now = end

    def _timed(self) -> list[Timed]:
        phones = [one.engine for one in self.phones.values()]
        doors: list[Timed] = [self.opener, self.doorkeeper]
        return [self.engine, self.switchboard, self.push, *doors, self.location, self.desk, *phones]

    def _due(self) -> float | None:
        return min((due for each in self._timed() if (due := each.next_deadline()) is not None), default=None)

    def saw(self, kind: type[Any]) -> list[Any]:
        """Facts of that kind."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def quiet(self) -> bool:
        """True when no call, session or dialog lives."""
        stats = self.engine.stats()
        return not self.switchboard.calls and stats["sessions"] == 0 and stats["dialogs"] == 0
