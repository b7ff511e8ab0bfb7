"""Leases: begun, renewed before they run out, ended; fire beats lockdown beats hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from dialplan.access import DoorState
from pbx.doors.holds import reason_to_hold
from pbx.facts import DoorHeld, DoorReleased
from tests.pbx.doors.keeper import Keeper
from tests.support.doors import door


@pytest.mark.parametrize(
    ("state", "changes", "why"),
    [
        (DoorState(), {}, ""),
        (DoorState(hold=True), {}, "hold"),
        (DoorState(hold=True, lockdown=True), {}, ""),
        (DoorState(hold=True, lockdown=True), {"lockdown": False}, "hold"),
        (DoorState(fire=True), {}, ""),
        (DoorState(fire=True, lockdown=True), {"escape_route": True}, "fire"),
        (DoorState(fire=True), {"fail": "safe"}, "fire"),
        (DoorState(fire=True, hold=True), {"driver": "http"}, ""),
    ],
)
def test_what_beats_what(state: DoorState, changes: dict[str, object], why: str) -> None:
    assert reason_to_hold(replace(door(), **changes), state) == why  # type: ignore[arg-type]


def test_a_hold_by_schedule_is_renewed_and_ends() -> None:
    keeper = Keeper()
    keeper.civil(9)
    keeper.advance(60.0)
    moments = [at for at, action, door in keeper.ordered if (action, door) == ("hold", "lobby")]
    assert moments[0] == 0.0
    assert all(later - earlier < 30.0 / 2 + 1 for earlier, later in pairwise(moments))
    assert keeper.facts == [DoorHeld(keeper.site, "lobby", "hold")]
    keeper.civil(20)
    keeper.advance(6.0)
    assert [action for _, action, _ in keeper.ordered][-1] == "release"
    assert keeper.facts[-1] == DoorReleased(keeper.site, "lobby")


def test_a_controller_that_was_away_is_asked_again_at_the_next_turn() -> None:
    keeper = Keeper()
    keeper.fault = "unreachable"
    keeper.civil(9)
    keeper.advance(4.0)
    assert keeper.facts == []
    keeper.fault = ""
    keeper.advance(2.0)
    assert keeper.facts == [DoorHeld(keeper.site, "lobby", "hold")]


def test_a_lockdown_ends_a_hold_at_once_and_fire_beats_it() -> None:
    keeper = Keeper()
    keeper.civil(9)
    keeper.advance(1.0)
    keeper.doorkeeper.lock_down(keeper.site, ["lobby"], 3600, "admin")
    keeper.advance(0.1)
    assert keeper.ordered[-1][1:] == ("release", "lobby")
    keeper.report(("alarm", "fire", True))
    keeper.advance(0.1)
    assert keeper.ordered[-1][1:] == ("hold", "lobby")  # a way out: fire releases it
