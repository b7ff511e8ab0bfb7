"""The last word to a visitor: what is said, when, and that a refusal sounds like silence."""

from __future__ import annotations

import pytest

from media.engine import Lost, Played
from pbx.calls.farewell import LEAST_SECONDS, LONGEST_SECONDS
from pbx.facts import CallEnded, EndReason
from pbx.sip import events as sip
from tests.pbx.calls.test_preview import EARLY, Gate
from tests.support.exchange import ANSWER, CAMERA_OFFER, OFFER, Exchange

NOBODY, CALLING, DOOR, RING = "play nb/nobody", "play nb/calling", "play nb/door_open", "play tones/ring_back"


class Visit(Gate):
    """A visitor at the gate who calls everybody; `call` and `leg` are hers."""

    def __init__(self, site: object = None) -> None:
        super().__init__(site)  # type: ignore[arg-type]
        self.call, runner = next(iter(self.exchange.switchboard.calls.items()))
        self.leg = runner.call.caller.leg

    def over(self, prompt: str = "") -> None:
        """A prompt is over."""
        event = Played(self.call, self.leg, prompt, True)
        self.exchange.switchboard.media_event(event, self.exchange.now)
        self.exchange.settle()

    def refused(self, status: int = 603) -> Visit:
        for invite in self.ringing():
            invite.session.refuse(status, self.exchange.now)
        self.exchange.settle()
        return self

    def said(self) -> list[str]:  # type: ignore[override]
        return [word for word in self.did if word.startswith("play ")]

    def answers(self) -> list[int]:
        return self.panel.answers("INVITE")


@pytest.mark.parametrize("status", [486, 603, 480, 404])
def test_a_refusal_sounds_like_silence(status: int) -> None:
    visit = Visit().refused(status)
    (ended,) = visit.exchange.saw(CallEnded)
    assert ended.reason is EndReason.NO_ANSWER, "everybody else knows at once"
    assert visit.said() == [CALLING]
    visit.exchange.advance(2)
    visit.over()
    assert visit.said() == [CALLING, RING], "it rings, though nobody is rung any more"
    visit.exchange.advance(LEAST_SECONDS - 3)
    assert NOBODY not in visit.did and visit.answers() == [100, 183]
    visit.exchange.advance(2)
    assert visit.said() == [CALLING, RING, NOBODY]
    visit.exchange.advance(3)
    assert visit.answers() == [100, 183]
    visit.over()
    assert visit.answers() == [100, 183, 480]
    assert visit.did[-1] == "close" and visit.exchange.quiet()


def test_silence_is_told_of_when_the_ring_ends() -> None:
    visit = Visit()
    for invite in visit.ringing():
        invite.session.ring(visit.exchange.now)
    visit.exchange.settle()
    visit.over()
    visit.exchange.advance(121)
    assert visit.said() == [CALLING, RING, NOBODY]
    visit.over()
    assert visit.answers() == [100, 183, 480] and visit.exchange.quiet()


def test_a_prompt_whose_end_is_never_told_ends_nevertheless() -> None:
    visit = Visit().refused()
    visit.exchange.advance(LEAST_SECONDS + LONGEST_SECONDS + 1)
    assert visit.answers() == [100, 183, 480] and visit.exchange.quiet()


def test_the_preview_is_over_with_the_ring() -> None:
    visit = Visit()
    assert visit.desk.stats()["tokens"] > 0
    visit.refused()
    assert visit.desk.stats()["tokens"] == 0


def test_a_visitor_who_leaves_hears_no_more() -> None:
    visit = Visit().refused()
    visit.session.cancel(visit.exchange.now)
    visit.exchange.settle()
    assert visit.did[-1] == "close" and visit.exchange.quiet()
    visit.exchange.advance(20)
    assert NOBODY not in visit.did


def test_an_early_answered_one_who_leaves_too() -> None:
    visit = Visit(EARLY).refused()
    visit.session.end(visit.exchange.now)
    visit.exchange.settle()
    assert visit.did[-1] == "close" and visit.exchange.quiet()


def test_what_a_listener_asks_meanwhile() -> None:
    visit = Visit(EARLY).refused()
    visit.session.info("application/dtmf-relay", b"Signal=5\r\n", visit.exchange.now)
    visit.session.reoffer(CAMERA_OFFER + b"a=x\r\n", visit.exchange.now)
    visit.exchange.settle()
    assert visit.panel.answers("INFO") == [200]
    assert visit.panel.was_told(sip.OfferRefused)
    assert not visit.exchange.lock.orders


def test_dead_media_end_it_at_once() -> None:
    visit = Visit().refused()
    visit.exchange.switchboard.media_event(Lost(visit.call), visit.exchange.now)
    visit.exchange.settle()
    assert visit.answers() == [100, 183, 480] and visit.exchange.quiet()
    visit.exchange.switchboard.media_event(Lost(visit.call), visit.exchange.now)
    visit.over()


def test_who_listens_is_live_until_the_server_stops() -> None:
    visit = Visit(EARLY).refused()
    board = visit.exchange.switchboard
    assert board.live == 1 and board.every() == [visit.call]
    assert board.hang_up(visit.call, visit.exchange.now)
    visit.exchange.settle()
    assert visit.panel.requests("BYE") and visit.exchange.quiet() and board.live == 0
    assert not board.hang_up(visit.call, visit.exchange.now)


def test_an_operator_who_hangs_up_is_not_spoken_for() -> None:
    visit = Visit()
    visit.exchange.switchboard.hang_up(visit.call, visit.exchange.now)
    visit.exchange.settle()
    assert visit.answers() == [100, 183, 480] and visit.said() == [CALLING]


def talking() -> tuple[Visit, sip.InviteReceived]:
    visit = Visit()
    invite = visit.ringing()[0]
    invite.session.accept(ANSWER, visit.exchange.now)
    visit.exchange.settle()
    return visit, invite


def test_the_door_is_open_is_heard_to_its_end() -> None:
    visit, invite = talking()
    invite.session.info("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n", visit.exchange.now)
    visit.exchange.settle()
    visit.exchange.advance(0.2)
    assert visit.said()[-1] == DOOR
    invite.session.end(visit.exchange.now)
    visit.exchange.settle()
    assert visit.exchange.saw(CallEnded) and not visit.panel.requests("BYE")
    visit.over()
    assert visit.panel.requests("BYE") and visit.exchange.quiet()


def test_after_a_talk_nothing_is_said() -> None:
    visit, invite = talking()
    invite.session.end(visit.exchange.now)
    visit.exchange.settle()
    assert visit.panel.requests("BYE") and visit.exchange.quiet()
    assert visit.said() == [CALLING]


def test_a_panel_without_early_media_is_refused_as_ever() -> None:
    exchange = Exchange()
    panel, phone = exchange.phone("gate"), exchange.phone("kari-phone")
    exchange.call(panel, "kari", OFFER)
    phone.take(sip.InviteReceived).session.refuse(603, exchange.now)
    exchange.settle()
    assert panel.answers("INVITE")[-1] == 480 and exchange.quiet()
