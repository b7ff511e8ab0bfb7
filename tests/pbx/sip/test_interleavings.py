"""Any order of any actions over any net: in the end both sides agree, and nothing is left."""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pbx.sip.events import (
    Answered,
    Cancelled,
    Ended,
    Established,
    Event,
    InSessionRequest,
    InviteReceived,
    OfferAnswered,
    OfferReceived,
    OfferRefused,
    Progressed,
    Refused,
)
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER, SECOND, Ladder, Side

ACTIONS = ("call", "call_bare", "ring", "ring_reliable", "progress", "accept", "refuse", "cancel", "end")
MORE = ("reoffer", "info", "wait", "wait_long", "lose_flow")
# What may follow what in the life of one session; "" is its beginning.
GRAMMAR: dict[str, set[type]] = {
    "": {InviteReceived, Progressed, Answered, Refused},
    "calling": {
        Progressed,
        Answered,
        Refused,
        OfferReceived,
        OfferAnswered,
        OfferRefused,
        InSessionRequest,
    },
    "called": {Cancelled, Established, Ended, OfferReceived, OfferAnswered, OfferRefused, InSessionRequest},
    "answered": {Ended, Established, OfferReceived, OfferAnswered, OfferRefused, InSessionRequest},
    "over": set(),
}
AFTER: dict[type, str] = {
    InviteReceived: "called",
    Progressed: "calling",
    Answered: "answered",
    Refused: "over",
    Cancelled: "over",
    Ended: "over",
    Established: "answered",
}


class Story:
    """Two users that do what they are told, and watch that events come in an order that makes sense."""

    def __init__(self, seed: int, loss: float, repeat: float, jitter: float, transport: str) -> None:
        self.ladder = Ladder("tcp" if transport == "tcp" else "udp", session_interval=90)
        self.chance = random.Random(seed)
        self.transport = transport
        if transport == "udp":
            self.ladder.noise(seed, loss, repeat, jitter)
        self.stage: dict[Session, str] = {}
        self.sessions: dict[str, list[Session]] = {"alice": [], "bob": []}
        self.bare: set[Session] = set()
        for side in (self.ladder.alice, self.ladder.bob):
            side.on_event = self.watch(side)

    def watch(self, side: Side) -> Callable[[Event], None]:
        def on_event(event: Event) -> None:
            session = getattr(event, "session", None)
            if session is None:
                return
            stage = self.stage.get(session, "")
            assert type(event) in GRAMMAR[stage], (stage, event, self.ladder.picture())
            self.stage[session] = AFTER.get(type(event), stage)
            if isinstance(event, InviteReceived):
                self.sessions[side.name].append(session)
            elif isinstance(event, Answered) and session in self.bare:
                session.acknowledge(ANSWER, self.ladder.now)
            elif isinstance(event, OfferReceived):
                if self.chance.random() < 0.8:
                    session.accept_offer(event.transaction, ANSWER, self.ladder.now)
                else:
                    session.refuse_offer(event.transaction, 488, self.ladder.now)
            elif isinstance(event, InSessionRequest):
                side.engine.respond_status(event.transaction, 200, self.ladder.now)

        return on_event

    def act(self, name: str, action: str) -> None:
        ladder = self.ladder
        side = ladder.alice if name == "alice" else ladder.bob
        if action in ("call", "call_bare"):
            session = side.call(OFFER if action == "call" else b"")
            self.sessions[name].append(session)
            if action == "call_bare":
                self.bare.add(session)
        elif action == "wait":
            ladder.advance(self.chance.random() * 2)
        elif action == "wait_long":
            ladder.advance(self.chance.random() * 60)
        elif action == "lose_flow":
            if self.transport == "tcp":
                self.reconnect(side)
        elif self.sessions[name]:
            self.verb(self.chance.choice(self.sessions[name]), action)

    def verb(self, session: Session, action: str) -> None:
        now = self.ladder.now
        if action == "ring":
            session.ring(now)
        elif action == "ring_reliable":
            session.ring(now, reliable=True)
        elif action == "progress":
            session.ring(now, 183, ANSWER, reliable=True)
        elif action == "accept":
            session.accept(ANSWER, now)
        elif action == "refuse":
            session.refuse(486, now)
        elif action == "cancel":
            session.cancel(now)
        elif action == "end":
            session.end(now)
        elif action == "reoffer":
            session.reoffer(SECOND + bytes([self.chance.randrange(97, 122)]), now)
        elif action == "info":
            session.info("text/plain", b"5", now)

    def reconnect(self, side: Side) -> None:
        """The connection breaks: both ends learn it, and a new one takes its place."""
        for end in (side, self.ladder.other(side)):
            end.engine.flow_lost(end.flow, self.ladder.now)
            end.renew_flow()

    def conclude(self) -> None:
        ladder = self.ladder
        ladder.noise(0)
        ladder.advance(200)
        for session in self.sessions["alice"] + self.sessions["bob"]:
            if session.state == "incoming":
                session.refuse(603, ladder.now)
        ladder.advance(40)
        alices = {s.call_id for s in self.sessions["alice"] if s.state == "established"}
        bobs = {s.call_id for s in self.sessions["bob"] if s.state == "established"}
        assert alices == bobs, ladder.picture()
        for session in self.sessions["alice"]:
            session.end(ladder.now)
        ladder.finish()
        for side in (ladder.alice, ladder.bob):
            assert not any(side.engine.stats().values()), (side.engine.stats(), ladder.picture())
        for session in self.sessions["alice"] + self.sessions["bob"]:
            assert session.state == "ended"


STEPS = st.lists(st.tuples(st.sampled_from(("alice", "bob")), st.sampled_from(ACTIONS + MORE)), max_size=30)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=STEPS,
    seed=st.integers(0, 2**16),
    loss=st.sampled_from((0.0, 0.1, 0.3, 0.6)),
    repeat=st.sampled_from((0.0, 0.3)),
    jitter=st.sampled_from((0.0, 0.05, 1.0)),
    transport=st.sampled_from(("udp", "udp", "tcp")),
)
@example([("alice", "call"), ("alice", "wait"), ("bob", "accept")], 0, 0.0, 0.0, 0.0, "udp")
def test_both_sides_agree_in_the_end(
    steps: list[tuple[str, str]], seed: int, loss: float, repeat: float, jitter: float, transport: str
) -> None:
    story = Story(seed, loss, repeat, jitter, transport)
    for name, action in steps:
        story.act(name, action)
    story.conclude()
