"""An operator's calls on a virtual clock: the first party rings, then the second; none answers by itself."""

from __future__ import annotations

import pytest

from pbx.calls.origination import CannotOriginate, Errand
from pbx.facts import CallEnded, CallStarted, EndReason, LegAnswered, LegRang
from pbx.sip import events as sip
from pbx.sip.invite.session import Session
from tests.support.exchange import ANSWER, SITE, Exchange, FarPhone


class Desk:
    """An operator who rings Kari's phone and then, for her, Ola's."""

    def __init__(self, dialled: str = "ola") -> None:
        self.world = Exchange()
        self.kari, self.ola = self.world.phone("kari-phone"), self.world.phone("ola-phone")
        self.ends: list[EndReason | None] = []
        self.call, self.leg = self.begin(dialled)
        self.world.settle()
        self.first: Session = self.kari.take(sip.InviteReceived).session

    def begin(self, dialled: str, username: str = "kari-phone", seconds: float = 20.0) -> tuple[str, str]:
        wish = Errand(SITE, username, dialled, seconds)
        return self.world.switchboard.originations.begin(wish, self.ends.append, self.world.now)

    def answer_first(self) -> Session:
        """Kari answers; Ola's phone rings."""
        self.first.accept(ANSWER, self.world.now)
        self.world.settle()
        second: Session = self.ola.take(sip.InviteReceived).session
        return second

    def talk(self) -> None:
        self.answer_first().accept(ANSWER, self.world.now)
        self.world.settle()

    def gone(self) -> EndReason:
        self.world.settle()
        self.world.advance(40)
        assert self.world.quiet()
        assert not self.world.switchboard.originations.parties
        ended: list[CallEnded] = self.world.saw(CallEnded)
        return ended[-1].reason


def test_first_one_party_then_the_other() -> None:
    desk = Desk()
    assert not desk.ola.was_told(sip.InviteReceived)
    desk.first.ring(desk.world.now)
    desk.world.settle()
    assert desk.world.saw(CallStarted)[0].originated
    assert desk.world.saw(LegRang)[0].leg == desk.leg
    second = desk.answer_first()
    assert desk.ends == [None]
    assert desk.world.saw(LegAnswered)[0].leg == desk.leg
    second.accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert "connect" in desk.world.media.did
    assert len(desk.world.saw(CallStarted)) == 1
    desk.first.end(desk.world.now)
    assert desk.gone() is EndReason.NORMAL
    assert desk.ola.requests("BYE")


def test_no_invite_asks_for_an_automatic_answer() -> None:
    desk = Desk()
    desk.talk()
    for one in (desk.kari, desk.ola):
        names = {name.lower() for name, _ in one.requests("INVITE")[0].headers}
        assert not names & {"alert-info", "call-info", "answer-mode", "priv-answer-mode"}


def test_a_first_party_that_refuses_ends_it_and_the_second_never_rings() -> None:
    desk = Desk()
    desk.first.refuse(486, desk.world.now)
    assert desk.gone() is EndReason.BUSY
    assert desk.ends == [EndReason.BUSY]
    assert not desk.ola.requests("INVITE")


def test_a_first_party_that_does_not_answer_is_rung_no_longer() -> None:
    desk = Desk()
    desk.first.ring(desk.world.now)
    desk.world.advance(21)
    assert desk.ends == [EndReason.NO_ANSWER]
    assert desk.kari.requests("CANCEL")
    assert desk.gone() is EndReason.NO_ANSWER


def test_the_operator_hangs_up_on_a_first_party_that_rings() -> None:
    desk = Desk()
    assert desk.world.switchboard.hang_up_leg(desk.call, desk.leg, desk.world.now)
    assert desk.gone() is EndReason.OPERATOR
    assert not desk.world.switchboard.hang_up(desk.call, desk.world.now)


def test_a_second_party_that_refuses_ends_the_first_ones_call() -> None:
    desk = Desk()
    desk.answer_first().refuse(603, desk.world.now)
    assert desk.gone() is EndReason.DECLINED
    assert desk.kari.requests("BYE")


def test_a_first_party_that_hangs_up_stops_the_seconds_ringing() -> None:
    desk = Desk()
    desk.answer_first().ring(desk.world.now)
    desk.first.end(desk.world.now)
    desk.gone()
    assert desk.ola.requests("CANCEL")


def test_a_revoked_first_party_is_rung_no_longer() -> None:
    desk = Desk()
    desk.world.switchboard.device_revoked(SITE, "kari-phone", desk.world.now)
    assert desk.gone() is EndReason.REVOKED


def test_a_talk_without_a_common_codec_is_offered_anew() -> None:
    desk = Desk()
    desk.world.media.compatible = False
    desk.talk()
    assert len(desk.kari.requests("INVITE")) == 2


class Everywhere:
    """An operator rings Kari, who has registered three times; then, for her, Ola."""

    def __init__(self) -> None:
        self.world = Exchange()
        self.ola = self.world.phone("ola-phone")
        self.hers = [self.world.phone("kari-phone") for _ in range(3)]
        self.ends: list[EndReason | None] = []

    def begin(self) -> list[Session]:
        wish = Errand(SITE, "kari-phone", "ola", 20.0)
        self.world.switchboard.originations.begin(wish, self.ends.append, self.world.now)
        self.world.settle()
        sessions: list[Session] = [one.take(sip.InviteReceived).session for one in self.hers]
        for session in sessions:
            session.ring(self.world.now)
        self.world.settle()
        return sessions

    def talk(self) -> None:
        """Ola answers what the winner's call rings, and nobody but those two is left."""
        self.ola.take(sip.InviteReceived).session.accept(ANSWER, self.world.now)
        self.world.settle()
        assert self.ends == [None]
        assert self.world.media.did.count("close") == 2
        assert "connect" in self.world.media.did
        assert len(self.world.saw(CallStarted)) == 1

    def gone(self) -> list[EndReason]:
        self.world.settle()
        self.world.advance(40)
        assert self.world.quiet()
        assert not self.world.switchboard.originations.parties
        assert self.world.media.did.count("close") == self.world.media.did.count("open")
        return [one.reason for one in self.world.saw(CallEnded)]


def told(one: FarPhone, method: str) -> list[str | None]:
    """The reasons that such requests gave it."""
    return [request.headers.get("Reason") for request in one.requests(method)]


ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'


def test_all_bindings_ring_and_the_first_answer_wins() -> None:
    desk = Everywhere()
    sessions = desk.begin()
    assert len(desk.world.saw(LegRang)) == 1
    sessions[1].accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert [told(one, "CANCEL") for one in desk.hers] == [[ELSEWHERE], [], [ELSEWHERE]]
    desk.talk()
    sessions[1].end(desk.world.now)
    assert desk.gone() == [EndReason.NORMAL]


def test_two_answers_at_once_make_one_call() -> None:
    desk = Everywhere()
    sessions = desk.begin()
    sessions[0].accept(ANSWER, desk.world.now)
    sessions[2].accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert len(desk.world.saw(LegAnswered)) == 1
    late = [one for one in desk.hers if one.requests("BYE")]
    assert len(late) == 1
    assert len(late[0].requests("ACK")) == 1
    assert told(desk.hers[1], "CANCEL") == [ELSEWHERE]
    desk.talk()
    for session in sessions:
        session.end(desk.world.now)
    assert desk.gone() == [EndReason.NORMAL]


def test_an_answer_that_crosses_the_cancel_is_ended_at_once() -> None:
    desk = Everywhere()
    sessions = desk.begin()
    desk.hers[2].deaf = True
    sessions[0].accept(ANSWER, desk.world.now)
    desk.world.settle()
    desk.hers[2].deaf = False  # the CANCEL was lost, its repetition comes too late
    sessions[2].accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert desk.hers[2].requests("ACK")
    assert desk.hers[2].requests("BYE")
    assert len(desk.world.saw(LegAnswered)) == 1
    desk.talk()
    sessions[0].end(desk.world.now)
    assert desk.gone() == [EndReason.NORMAL]


def test_one_that_declines_leaves_the_others_ringing() -> None:
    desk = Everywhere()
    sessions = desk.begin()
    sessions[0].refuse(603, desk.world.now)
    desk.world.settle()
    assert not desk.ends
    assert not desk.hers[1].requests("CANCEL")
    sessions[2].accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert [told(one, "CANCEL") for one in desk.hers] == [[], [ELSEWHERE], []]
    desk.talk()
    sessions[2].end(desk.world.now)
    assert desk.gone() == [EndReason.NORMAL]


@pytest.mark.parametrize("statuses", [(603, 480, 500), (480, 603, 500), (500, 480, 603)])
def test_when_all_refuse_the_one_that_decided_is_believed(statuses: tuple[int, ...]) -> None:
    desk = Everywhere()
    for session, status in zip(desk.begin(), statuses, strict=True):
        assert not desk.ends
        session.refuse(status, desk.world.now)
        desk.world.settle()
    assert desk.ends == [EndReason.DECLINED]
    assert desk.gone() == [EndReason.DECLINED]
    assert not desk.ola.requests("INVITE")


def test_when_none_answers_all_are_rung_no_longer() -> None:
    desk = Everywhere()
    desk.begin()
    desk.world.advance(21)
    assert desk.ends == [EndReason.NO_ANSWER]
    for one in desk.hers:
        assert len(told(one, "CANCEL")) == 1
        assert ELSEWHERE not in told(one, "CANCEL")  # a missed call, and shown as one
    assert desk.gone() == [EndReason.NO_ANSWER]


def test_an_answer_that_cannot_be_used_leaves_the_others_ringing() -> None:
    desk = Everywhere()
    desk.world.media.refused.add(b"v=0 odd\r\n")
    sessions = desk.begin()
    sessions[0].accept(b"v=0 odd\r\n", desk.world.now)
    desk.world.settle()
    assert desk.hers[0].requests("BYE")
    assert not desk.ends
    sessions[1].accept(ANSWER, desk.world.now)
    desk.world.settle()
    desk.talk()
    sessions[1].end(desk.world.now)
    assert desk.gone() == [EndReason.NORMAL]


def test_what_ports_there_are_ring() -> None:
    desk = Everywhere()
    desk.world.media.legs_left = 1
    wish = Errand(SITE, "kari-phone", "ola", 20.0)
    desk.world.switchboard.originations.begin(wish, desk.ends.append, desk.world.now)
    desk.world.settle()
    assert [len(one.requests("INVITE")) for one in desk.hers] == [0, 0, 1]


@pytest.mark.parametrize(
    ("username", "dialled", "words"),
    [
        ("gate", "ola", "Nobody answers at a panel or controller"),
        ("controller", "ola", "Nobody answers at a panel or controller"),
        ("nobody", "ola", "No such endpoint"),
        ("kari-phone", "nobody", "Nobody by that name or number"),
        ("kari-phone", "112", "Not an emergency telephone"),
        ("kari-phone", "+4722222222", "No telephone numbers outside"),
    ],
)
def test_what_is_not_begun(username: str, dialled: str, words: str) -> None:
    desk = Desk()
    with pytest.raises(CannotOriginate, match=words):
        desk.begin(dialled, username)
    assert len(desk.world.switchboard.originations.parties) == 1


def test_without_ports_or_a_registration_nothing_begins() -> None:
    desk = Desk()
    desk.world.media.legs_left = 0
    with pytest.raises(CannotOriginate, match="No media port"):
        desk.begin("ola")
    desk.world.media.full = True
    with pytest.raises(CannotOriginate, match="No media port"):
        desk.begin("ola")
    desk.world.location.drop_device(SITE, "kari-phone", desk.world.now)
    with pytest.raises(CannotOriginate, match="not registered"):
        desk.begin("ola")


def redirected(far: FarPhone) -> Session:
    session: Session = far.take(sip.InviteReceived).session
    return session


def test_redirect_moves_a_ringing_visitor_and_a_talking_one() -> None:
    world = Exchange()
    gate, kari, ola = (world.phone(name) for name in ("gate", "kari-phone", "ola-phone"))
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    call, runner = next(iter(world.switchboard.calls.items()))
    caller = runner.call.caller.leg
    assert world.switchboard.redirect(call, caller, "ola", world.now) == ""
    world.settle()
    assert kari.requests("CANCEL")
    redirected(ola).accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)
    assert world.switchboard.redirect(call, caller, "kari", world.now) == ""
    world.settle()
    assert ola.requests("BYE")
    redirected(kari).accept(ANSWER, world.now)
    world.settle()
    assert not gate.requests("BYE")
    winner = runner.call.winner
    assert winner is not None
    assert world.switchboard.press(call, winner.id, "5") == ""
    assert world.media.did[-1] == "press 5"
    assert world.switchboard.hang_up(call, world.now)
    world.settle()
    world.advance(40)
    assert world.quiet()


def test_what_cannot_be_redirected() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    session = redirected(kari)
    call, runner = next(iter(world.switchboard.calls.items()))
    caller, leg = runner.call.caller.leg, next(iter(runner.call.legs))
    redirect = world.switchboard.redirect
    assert redirect("gone", caller, "ola", world.now) == "No such channel"
    assert redirect(call, leg, "ola", world.now) == "Only the caller's channel can be redirected"
    assert redirect(call, caller, "110", world.now) == "Not an emergency telephone"
    assert world.switchboard.press(call, caller, "1") == "The channel takes no digits now"
    assert world.switchboard.press(call, "gone", "1") == "No such channel"
    session.refuse(486, world.now)
    world.settle()
