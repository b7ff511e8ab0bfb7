"""Codes at panels and links of guests: opened, refused alike, paused, counted, revoked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialplan.passes import PAUSE_SECONDS, TRIES, Code, Pass
from pbx.doors.codes import CALM_SECONDS, CodeDesk, Verdict
from pbx.facts import AlarmCleared, AlarmRaised, DoorFailed, DoorOpened
from tests.pbx.doors.keeper import Keeper

PANEL = "panel-lobby"
RIGHT, WRONG = Code(pin="right"), Code(pin="wrong")


class Desk(Keeper):
    """A keeper with a code desk before it."""

    def __init__(self, *more: Pass, **change: object) -> None:
        super().__init__()
        start, end = self.at - timedelta(hours=1), self.at + timedelta(hours=1)
        self.held = replace(
            Pass("p1", "", ("gate", "lobby"), start, end, None, "right", "link"), **change  # type: ignore[arg-type]
        )
        self.counts: dict[str, int | None] = {}
        feed = self.doorkeeper._facts
        self.desk = CodeDesk(self.doorkeeper, self.plans, feed, lambda: self.at, self._count)
        self.have(self.held, *more)

    def _count(self, site: str, id: str, used: int | None) -> None:
        self.counts[id] = used

    def have(self, *passes: Pass) -> None:
        known = frozenset((self.site, each.id) for each in passes)
        self.desk.take({self.site: passes}, known)

    def give(self, code: Code = RIGHT, device: str = PANEL) -> Verdict:
        told: list[Verdict] = []
        self.desk.at_panel(self.site, device, code, self.now, told.append)
        [verdict] = told
        return verdict

    def link(self, token: str = "link", door: str = "gate") -> Verdict:
        told: list[Verdict] = []
        self.desk.by_link(token, door, self.now, told.append)
        [verdict] = told
        return verdict


def test_a_code_opens_the_first_door_and_the_way_that_it_may() -> None:
    desk = Desk()
    assert desk.give() == Verdict("opened", "gate")
    desk.advance(60)
    assert desk.opened() == [(0.0, "gate"), (10.0, "lobby")]  # the lift is a right of its own
    assert [fact for fact in desk.facts if isinstance(fact, DoorOpened)] == [
        DoorOpened(desk.site, "gate", "code", None),
        DoorOpened(desk.site, "lobby", "code", None),
    ]
    assert desk.counts == {}


def test_whatever_is_wrong_looks_the_same() -> None:
    assert Desk().give(WRONG) == Verdict("denied")
    assert Desk(doors=("lift",)).give() == Verdict("denied")
    assert Desk(host="nobody").give() == Verdict("denied")
    early = Desk()
    early.have(replace(early.held, start=early.at + timedelta(minutes=1)))
    assert early.give() == Verdict("denied")
    assert Desk().give(device="kari-phone") == Verdict("denied")


def test_five_wrong_ones_then_a_pause_and_one_alarm() -> None:
    desk = Desk()
    for _ in range(TRIES - 1):
        assert desk.give(WRONG) == Verdict("denied")
    assert desk.give() == Verdict("opened", "gate")  # which does not wash off the wrong ones
    assert desk.give(WRONG) == Verdict("denied")
    assert desk.give() == Verdict("paused", seconds=61)
    assert desk.give(RIGHT, "lobby-relays").result == "opened"  # at that panel only
    desk.now += PAUSE_SECONDS
    assert desk.give().result == "opened"
    for _ in range(TRIES):
        desk.give(WRONG)
    raised = [fact for fact in desk.facts if isinstance(fact, AlarmRaised)]
    assert raised == [AlarmRaised(desk.site, "wrong_codes", PANEL, "five wrong codes")]
    desk.desk.handle_timeout(desk.now + CALM_SECONDS)
    assert desk.desk.next_deadline() is None
    assert AlarmCleared(desk.site, "wrong_codes", PANEL, "calm again") in desk.facts


def test_ten_thousand_guesses_in_a_row_come_to_nothing() -> None:
    desk = Desk()
    results = [desk.give(Code(pin=f"{number:06}")).result for number in range(10_000)]
    assert results.count("denied") == TRIES


def test_uses_count_down_and_a_door_that_fails_gives_one_back() -> None:
    desk = Desk(uses=2)
    assert (desk.give().result, desk.counts) == ("opened", {"p1": 1})
    desk.advance(60)
    desk.fault = "timeout"
    assert desk.give() == Verdict("failed", "gate", detail="timeout")
    assert desk.counts == {"p1": 1}
    desk.fault = ""
    assert (desk.give().result, desk.counts) == ("opened", {"p1": 2})
    desk.advance(60)
    assert desk.give() == Verdict("denied")
    assert (desk.link(), desk.counts) == (Verdict("denied"), {"p1": 2})


def test_counts_survive_a_restart_and_go_with_the_pass() -> None:
    desk = Desk(uses=2)
    desk.desk.restore({(desk.site, "p1"): 2})
    assert desk.give() == Verdict("denied")
    desk.have()
    assert desk.counts == {"p1": None}


def test_a_revoked_pass_stops_the_way_that_goes_on() -> None:
    desk = Desk()
    assert desk.give().result == "opened"
    desk.have()
    desk.advance(60)
    assert desk.opened() == [(0.0, "gate")]
    assert DoorFailed(desk.site, "lobby", "code", None, "no_right") in desk.facts
    assert desk.give() == Verdict("denied")


def test_tampering_blocks_codes_at_that_panel_only() -> None:
    desk = Desk()
    desk.report(("lid", "tamper", True))  # of lobby-relays
    assert desk.give(RIGHT, "lobby-relays") == Verdict("denied")
    assert desk.give().result == "opened"
    assert desk.link("link", "lobby").result == "opened"


def test_a_link_says_what_it_is_worth() -> None:
    desk = Desk(uses=3)
    assert desk.link("other") == Verdict("denied")
    assert desk.link(door="lift") == Verdict("denied")
    assert desk.link() == Verdict("opened", "gate")
    found = desk.desk.standing("link")
    assert found is not None and (found[1].now, found[1].used) == (("gate", "lobby"), 1)
    desk.at += timedelta(hours=2)
    late = desk.desk.standing("link")
    assert late is not None and late[1].now == ()
    assert desk.desk.standing("other") is None
    assert (desk.desk.stats()["right"], desk.desk.stats()["links_refused"]) == (1, 2)
