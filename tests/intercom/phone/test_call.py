from __future__ import annotations

from intercom.panel import Happening
from intercom.phone.audio import describe
from intercom.phone.call import Call, Caller
from pbx.sip import events as sip
from tests.support.ladder import Ladder

ANSWER = describe("192.0.2.2", 4000, 1)


class Silence:
    """An `Audio` without a socket."""

    def __init__(self) -> None:
        self.talking: list[bytes] = []
        self.live: list[bool] = []
        self.keys = 0
        self.closed = False

    def description(self) -> bytes:
        return describe("192.0.2.1", 4002, 1)

    def talk_to(self, description: bytes, *, live: bool = True) -> bool:
        self.talking.append(description)
        self.live.append(live)
        return description.startswith(b"v=0")

    def answer(self, offer: bytes) -> bytes | None:
        return self.description() if self.talk_to(offer) else None

    def key_picture(self) -> None:
        self.keys += 1

    def close(self) -> None:
        self.closed = True


class Visit:
    """A call on a ladder: the panel is alice, the server bob."""

    def __init__(self) -> None:
        self.ladder = Ladder()
        self.audio, self.told = Silence(), list[Happening]()
        self.ladder.alice.on_event = self._event
        self.call = Call.place(
            self.ladder.alice.engine,
            self.ladder.alice.flow,
            Caller('Main "x" entrance', "entrance", "example.org", lambda response, request: None),
            "kari",
            self.audio,
            lambda happening, now: self.told.append(happening),
            ring_seconds=30.0,
            now=0.0,
        )
        self.ladder.settle()
        self.theirs = self.ladder.bob.take(sip.InviteReceived).session

    def _event(self, event: sip.Event) -> None:
        assert isinstance(event, sip.Progressed | sip.Answered | sip.Refused | sip.Ended | sip.OfferReceived)
        if event.session.context is self.call:
            self.call.event(event, self.ladder.now)


def test_the_invite() -> None:
    request = Visit().theirs.request
    assert request.uri == "sip:kari@example.org"
    assert request.headers.get("Expires") == "30"
    assert (request.headers.get("From") or "").startswith('"Main x entrance" <sip:entrance@example.org>')


def test_rung_answered_ended() -> None:
    visit = Visit()
    visit.theirs.ring(visit.ladder.now)
    visit.ladder.settle()
    visit.theirs.accept(ANSWER, visit.ladder.now)
    visit.ladder.settle()
    assert visit.audio.talking == [ANSWER]
    visit.theirs.end(visit.ladder.now)
    visit.ladder.settle()
    assert visit.told == [Happening.RANG, Happening.ANSWERED, Happening.ENDED]
    assert visit.audio.closed and visit.call.over


def test_refused() -> None:
    visit = Visit()
    visit.theirs.refuse(486, visit.ladder.now)
    visit.ladder.settle()
    assert visit.told == [Happening.FAILED]
    assert visit.audio.closed


def test_an_answer_without_audio_is_hung_up() -> None:
    visit = Visit()
    visit.theirs.accept(b"nonsense", visit.ladder.now)
    visit.ladder.settle()
    assert visit.told == [Happening.FAILED]
    assert isinstance(visit.ladder.bob.told[-1], sip.Ended)


def test_hanging_up_tells_nobody_here() -> None:
    visit = Visit()
    visit.theirs.ring(visit.ladder.now)
    visit.ladder.settle()
    visit.call.hang_up(visit.ladder.now)
    visit.ladder.settle()
    assert visit.told == [Happening.RANG]
    assert isinstance(visit.ladder.bob.told[-1], sip.Cancelled)


def test_a_new_offer_is_followed() -> None:
    visit = Visit()
    visit.theirs.accept(ANSWER, visit.ladder.now)
    visit.ladder.settle()
    moved = describe("192.0.2.2", 5000, 2)
    visit.theirs.reoffer(moved, visit.ladder.now)
    visit.ladder.settle()
    assert visit.audio.talking == [ANSWER, moved]
    visit.theirs.reoffer(b"nonsense", visit.ladder.now)
    visit.ladder.settle()
    assert any(isinstance(event, sip.OfferRefused) for event in visit.ladder.bob.told)


def test_described_to_before_the_answer() -> None:
    visit = Visit()
    visit.theirs.ring(visit.ladder.now, 183, ANSWER)
    visit.ladder.settle()
    visit.theirs.accept(ANSWER, visit.ladder.now)
    visit.ladder.settle()
    assert visit.told == [Happening.RANG, Happening.ANSWERED]
    assert (visit.audio.talking, visit.audio.live) == ([ANSWER, ANSWER], [False, True])


def test_a_key_picture_is_wanted_by_info() -> None:
    visit = Visit()
    for kind, body in (
        ("application/media_control+xml", b"<media_control><picture_fast_update/></media_control>"),
        ("application/media_control+xml; charset=utf-8", b"<media_control/>"),
        ("application/dtmf-relay", b"picture_fast_update"),
    ):
        request = visit.theirs.request
        request.headers.set("Content-Type", kind)
        request.body = body
        visit.call.asked(request)
    assert visit.audio.keys == 1
