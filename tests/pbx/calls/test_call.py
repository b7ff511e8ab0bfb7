"""The call machine as ladders: what happens on the left, what it does on the right, no clock but ours."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.route import Node, Parallel, Ring, Route, Sequence, Step, Target
from pbx.calls.call import Call, CallState
from pbx.calls.effects import (
    Announce,
    AnswerCaller,
    CloseCall,
    EndCaller,
    EndLeg,
    ListenDigits,
    OpenDoor,
    PlaceLeg,
    ReachTarget,
    RefuseCaller,
    RingCaller,
)
from pbx.calls.parties import NO_WORD_SECONDS, Caller, Reach
from pbx.facts import CallEnded, EndReason, Fact


def ring(who: str, timeout: float = 30.0, delay: float = 0.0, confirm: bool = False) -> Ring:
    return Ring(Target("person", who), delay, timeout, confirm)


class Stage:
    """A call with its surroundings played by dictionaries.

    `homes`: person -> her devices, each a way to ring. Effects are kept as short words in `did`.
    """

    def __init__(self, root: Node, homes: dict[str, list[str]], **more: object) -> None:
        fallback = more.get("fallback")
        decline = str(more.get("decline", "others_ring"))
        route = Route("b1", "Kari", root, fallback, 120.0, decline, 180.0, "gate", "h1")  # type: ignore[arg-type]
        numbers = count(1)
        self.call = Call(
            Caller("x.example", "c1", "a", "gate", "kari"),
            route,
            {"5": "lobby"}.get,
            lambda: f"leg{next(numbers)}",
        )
        self.homes = homes
        self.did: list[str] = []
        self.facts: list[Fact] = []
        self.leg_of: dict[str, str] = {}
        self.expires: dict[str, int] = {}
        self.now = 0.0
        self.call.start(0.0)
        self.perform()

    def perform(self) -> None:
        while effects := self.call.effects():
            for effect in effects:
                self.perform_one(effect)

    def perform_one(self, effect: object) -> None:
        match effect:
            case ReachTarget(number, target):
                devices = self.homes.get(target.id, [])
                self.call.target_reached(number, [Reach(d, d, d) for d in devices], self.now)
            case PlaceLeg(leg, device, _, expires):
                self.leg_of[device] = leg
                self.expires[device] = expires
                self.did.append(f"invite {device}")
            case EndLeg(leg, reason):
                self.did.append(f"end {self.device(leg)} {reason.label}")
            case RingCaller():
                self.did.append("180")
            case AnswerCaller(leg):
                self.did.append(f"200 {self.device(leg)}")
            case RefuseCaller(reason):
                self.did.append(f"refuse {reason.status}")
            case EndCaller(reason):
                self.did.append(f"bye caller {reason.label}")
            case ListenDigits(leg):
                self.did.append(f"listen {self.device(leg)}")
            case OpenDoor(door, _, device):
                self.did.append(f"open {door} for {device}")
            case CloseCall():
                self.did.append("close")
            case Announce(fact):
                self.facts.append(fact)

    def device(self, leg: str) -> str:
        return next(device for device, known in self.leg_of.items() if known == leg)

    def at(self, moment: float) -> Stage:
        while (due := self.call.next_deadline()) <= moment:
            self.now = due
            self.call.handle_timeout(due)
            self.perform()
        self.now = moment
        return self

    def rings(self, *devices: str) -> Stage:
        for device in devices:
            self.call.leg_progressed(self.leg_of[device], True, self.now)
            self.perform()
        return self

    def answers(self, device: str) -> Stage:
        self.call.leg_answered(self.leg_of[device], self.now)
        self.perform()
        return self

    def refuses(self, device: str, reason: EndReason, everywhere: bool = False) -> Stage:
        self.call.leg_refused(self.leg_of[device], reason, everywhere, self.now)
        self.perform()
        return self

    def presses(self, device: str, digit: str) -> Stage:
        self.call.digit_pressed(self.leg_of[device], digit, "rfc4733", self.now)
        self.perform()
        return self

    def acks(self) -> Stage:
        self.call.caller_established(self.now)
        self.perform()
        return self

    def news(self) -> list[str]:
        did, self.did = self.did, []
        return did


HOMES = {"kari": ["kari-app", "kari-phone"], "ola": ["ola-phone"], "caretaker": ["office"], "absent": []}


def test_first_answer_wins_and_the_others_hear_answered_elsewhere() -> None:
    stage = Stage(Parallel((ring("kari"), ring("ola"))), HOMES)
    assert stage.news() == ["invite kari-app", "invite kari-phone", "invite ola-phone"]
    assert stage.rings("kari-app", "ola-phone").news() == ["180"]
    assert stage.answers("ola-phone").news() == [
        "end kari-app answered_elsewhere",
        "end kari-phone answered_elsewhere",
        "200 ola-phone",
        "listen ola-phone",
    ]


def test_two_answers_in_the_same_millisecond() -> None:
    stage = Stage(Parallel((ring("kari"), ring("ola"))), HOMES).rings("kari-app", "ola-phone")
    stage.answers("kari-app")
    stage.news()
    assert stage.answers("ola-phone").news() == []
    assert stage.call.winner is not None
    assert stage.call.winner.device == "kari-app"


def test_answer_crossing_the_callers_cancel() -> None:
    stage = Stage(ring("ola"), HOMES).rings("ola-phone")
    stage.news()
    stage.call.caller_cancelled(stage.now)
    stage.perform()
    assert stage.news() == ["end ola-phone cancelled", "close"]
    assert stage.answers("ola-phone").news() == []


def test_decline_on_one_device_of_a_person_stops_her_others_and_nobody_else() -> None:
    stage = Stage(Parallel((ring("kari"), ring("ola"))), HOMES).rings("kari-app", "ola-phone")
    stage.news()
    stage.refuses("kari-app", EndReason.DECLINED, everywhere=True)
    assert stage.news() == ["end kari-phone answered_elsewhere"]
    assert stage.answers("ola-phone").news()[-2:] == ["200 ola-phone", "listen ola-phone"]


def test_busy_device_leaves_the_persons_other_devices_ringing() -> None:
    stage = Stage(ring("kari"), HOMES).rings("kari-phone")
    stage.news()
    assert stage.refuses("kari-app", EndReason.BUSY).news() == []
    assert stage.refuses("kari-phone", EndReason.BUSY).news() == ["refuse 480", "close"]


@pytest.mark.parametrize("reason", [EndReason.DECLINED, EndReason.BUSY, EndReason.UNREACHABLE])
def test_refused_and_unanswered_look_alike_to_the_visitor(reason: EndReason) -> None:
    refused = Stage(ring("ola"), HOMES).refuses("ola-phone", reason).news()
    unanswered = Stage(ring("ola"), HOMES).rings("ola-phone").at(200).news()
    assert refused[-2] == unanswered[-2] == "refuse 480"


def test_policy_that_one_decline_ends_the_call() -> None:
    stage = Stage(Parallel((ring("kari"), ring("ola"))), HOMES, decline="ends_call")
    stage.news()
    assert stage.refuses("ola-phone", EndReason.DECLINED).news() == [
        "end kari-app no_answer",
        "end kari-phone no_answer",
        "refuse 480",
        "close",
    ]


def test_sequence_goes_on_by_time_and_at_once_on_a_decline() -> None:
    steps = (Step(ring("kari"), 20), Step(ring("ola"), 20), Step(ring("caretaker"), 20))
    stage = Stage(Sequence(steps), HOMES).rings("kari-app", "kari-phone")
    stage.news()
    assert stage.at(20).news() == ["end kari-app no_answer", "end kari-phone no_answer", "invite ola-phone"]
    assert stage.refuses("ola-phone", EndReason.DECLINED).news() == ["invite office"]


def test_unreachable_person_gives_way_to_the_next_step_at_once() -> None:
    stage = Stage(Sequence((Step(ring("absent"), 20), Step(ring("ola"), 20))), HOMES)
    assert stage.news() == ["invite ola-phone"]


def test_phone_without_a_word_counts_as_unreachable_but_may_still_ring() -> None:
    steps = (Step(Parallel((ring("ola"),)), 20), Step(ring("caretaker"), 20))
    stage = Stage(Sequence(steps), HOMES)
    stage.news()
    assert stage.at(NO_WORD_SECONDS).news() == ["end ola-phone no_answer", "invite office"]


def test_phone_that_rings_and_never_answers_ends_with_the_ring_limit() -> None:
    stage = Stage(ring("ola", timeout=600), HOMES).rings("ola-phone")
    stage.news()
    assert stage.at(119.9).news() == []
    assert stage.at(120).news() == ["end ola-phone no_answer", "refuse 480", "close"]


def test_invite_expires_with_its_ring() -> None:
    stage = Stage(Sequence((Step(ring("kari", 90), 25), Step(ring("ola", 10), 25))), HOMES)
    stage.at(25)
    assert stage.expires == {"kari-app": 25, "kari-phone": 25, "ola-phone": 10}


def test_device_that_appears_while_ringing_joins_the_running_step() -> None:
    stage = Stage(Parallel((ring("absent"), ring("ola"))), HOMES).rings("ola-phone").at(5)
    stage.news()
    stage.call.device_appeared(0, Reach("late-app", "late-app", None), stage.now)
    stage.perform()
    assert stage.news() == ["invite late-app"]
    assert stage.answers("late-app").news()[0] == "end ola-phone answered_elsewhere"


def test_device_that_appears_after_its_step_does_not_join() -> None:
    steps = (Step(Parallel((ring("absent"), ring("kari"))), 20), Step(ring("ola"), 20))
    stage = Stage(Sequence(steps), HOMES).rings("kari-app").at(21)
    stage.news()
    stage.call.device_appeared(0, Reach("late-app", "late-app", None), stage.now)
    stage.perform()
    assert stage.news() == []


def test_person_in_two_rings_is_called_once_and_again_in_the_fallback() -> None:
    stage = Stage(Parallel((ring("ola", 10), ring("ola", 30))), HOMES, fallback=ring("ola"))
    assert stage.news() == ["invite ola-phone"]
    stage.rings("ola-phone")
    assert stage.at(12).news() == ["180"]
    assert stage.at(30).news() == ["end ola-phone no_answer", "invite ola-phone"]


def test_person_who_declined_is_not_rung_again() -> None:
    stage = Stage(ring("ola"), HOMES, fallback=Parallel((ring("ola"), ring("caretaker"))))
    stage.news()
    assert stage.refuses("ola-phone", EndReason.DECLINED).news() == ["invite office"]


def test_five_opens_and_seven_does_not() -> None:
    stage = Stage(ring("ola"), HOMES).rings("ola-phone").answers("ola-phone").acks()
    stage.news()
    assert stage.presses("ola-phone", "7").news() == []
    assert stage.presses("ola-phone", "5").news() == ["open lobby for ola-phone"]


def test_digits_before_the_answer_and_after_the_end_do_nothing() -> None:
    stage = Stage(ring("ola"), HOMES).rings("ola-phone")
    stage.news()
    assert stage.presses("ola-phone", "5").news() == []
    stage.answers("ola-phone")
    stage.call.caller_ended(EndReason.NORMAL, stage.now)
    stage.perform()
    stage.news()
    assert stage.presses("ola-phone", "5").news() == []


def test_a_leg_that_must_confirm_wins_only_by_a_digit() -> None:
    stage = Stage(Parallel((ring("ola", confirm=True), ring("kari"))), HOMES).rings("kari-app")
    stage.news()
    assert stage.answers("ola-phone").news() == ["listen ola-phone"]
    assert stage.presses("ola-phone", "3").news() == []
    assert stage.presses("ola-phone", "1").news()[-2:] == ["200 ola-phone", "listen ola-phone"]


def test_a_leg_that_must_confirm_opens_with_the_door_digit_and_refuses_with_hash() -> None:
    both = Parallel((ring("ola", confirm=True), ring("caretaker", confirm=True)))
    stage = Stage(both, HOMES).rings("ola-phone").answers("ola-phone").answers("office")
    stage.news()
    assert stage.presses("office", "#").news() == ["end office declined"]
    assert stage.presses("ola-phone", "5").news() == [
        "200 ola-phone",
        "listen ola-phone",
        "open lobby for ola-phone",
    ]


def test_mailbox_that_hangs_up_leaves_the_others_ringing() -> None:
    stage = Stage(Parallel((ring("ola", confirm=True), ring("kari"))), HOMES).answers("ola-phone")
    stage.news()
    stage.call.leg_ended(stage.leg_of["ola-phone"], EndReason.NORMAL, stage.now)
    stage.perform()
    assert stage.news() == []
    assert stage.call.state is CallState.RINGING


def test_talk_limit_ends_both_sides() -> None:
    stage = Stage(ring("ola"), HOMES).rings("ola-phone").at(10).answers("ola-phone").acks()
    stage.news()
    assert stage.at(189.9).news() == []
    assert stage.at(190).news() == ["end ola-phone talk_limit", "bye caller talk_limit", "close"]
    ended = stage.facts[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.ring_seconds, ended.talk_seconds) == (10.0, 180.0)


def test_hang_up_by_either_side_ends_the_other() -> None:
    stage = Stage(ring("ola"), HOMES).answers("ola-phone").acks()
    stage.news()
    stage.call.leg_ended(stage.leg_of["ola-phone"], EndReason.NORMAL, stage.now)
    stage.perform()
    assert stage.news() == ["bye caller normal", "close"]


def test_revoking_a_device_ends_its_ringing_leg_only() -> None:
    stage = Stage(Parallel((ring("kari"), ring("ola"))), HOMES).rings("kari-app", "ola-phone")
    stage.news()
    stage.call.device_revoked("ola-phone", stage.now)
    stage.perform()
    assert stage.news() == ["end ola-phone revoked"]


def test_revoking_the_answered_device_ends_the_call() -> None:
    stage = Stage(ring("ola"), HOMES).answers("ola-phone").acks()
    stage.news()
    stage.call.device_revoked("ola-phone", stage.now)
    stage.perform()
    assert stage.news() == ["end ola-phone revoked", "bye caller revoked", "close"]


def test_door_opened_another_way_stops_the_ring() -> None:
    stage = Stage(ring("ola"), HOMES).rings("ola-phone")
    stage.news()
    stage.call.door_opened_elsewhere(stage.now)
    stage.perform()
    assert stage.news() == ["end ola-phone door_opened", "refuse 487", "close"]


people = st.sampled_from(["kari", "ola", "caretaker", "absent"])
steps = st.lists(st.builds(lambda who: Step(ring(who), 20.0), people), min_size=1, max_size=3)
trees = st.one_of(
    steps.map(lambda s: Sequence(tuple(s))),
    st.lists(people.map(ring), min_size=1, max_size=3).map(lambda r: Parallel(tuple(r))),
)
deeds = st.tuples(
    st.sampled_from(["rings", "answers", "busy", "declines", "ends", "cancel", "bye", "five", "wait", "ack"]),
    st.sampled_from(["kari-app", "kari-phone", "ola-phone", "office"]),
    st.floats(min_value=0.0, max_value=30.0),
)


@given(trees, st.lists(deeds, max_size=12))
def test_whatever_happens_every_leg_ends_once_and_the_call_closes_last(
    root: Node, story: list[tuple[str, str, float]]
) -> None:
    stage = Stage(root, HOMES)
    answered_caller = 0
    for deed, device, pause in story:
        stage.at(stage.now + pause)
        leg = stage.leg_of.get(device, "nobody")
        match deed:
            case "rings":
                stage.call.leg_progressed(leg, True, stage.now)
            case "answers":
                stage.call.leg_answered(leg, stage.now)
            case "busy":
                stage.call.leg_refused(leg, EndReason.BUSY, False, stage.now)
            case "declines":
                stage.call.leg_refused(leg, EndReason.DECLINED, True, stage.now)
            case "ends":
                stage.call.leg_ended(leg, EndReason.NORMAL, stage.now)
            case "cancel" if stage.call.winner is None:
                stage.call.caller_cancelled(stage.now)
            case "bye" if stage.call.winner is not None:
                stage.call.caller_ended(EndReason.NORMAL, stage.now)
            case "five":
                stage.call.digit_pressed(leg, "5", "info", stage.now)
            case "ack":
                stage.call.caller_established(stage.now)
        stage.perform()
    stage.at(1000.0)
    answered_caller = sum(word.startswith("200 ") for word in stage.did)
    assert stage.did[-1] == "close"
    assert stage.did.count("close") == 1
    assert answered_caller <= 1
    assert all(not leg.live for leg in stage.call.legs.values())
    assert stage.call.next_deadline() == float("inf")
