"""The pad's decisions: the PBX's word counts, papers while it says nothing, pauses, restarts."""

from __future__ import annotations

import pytest

from dialplan.passes import PAUSE_SECONDS, TRIES, Code
from intercom.codes import ASK_SECONDS, Ask, CodeDesk, Effect, OpenedAlone, Pulse, Say, Wrong
from intercom.papers import Opening, Paper

RIGHT, WRONG = Code(pin="aa"), Code(pin="zz")
GATE = Opening("gate", "relay", 3000, None)
PAPER = Paper("p1", "aa", "bb", (GATE,), 900.0, 2000.0)
CIVIL = 1000.0


def desk(paper: Paper = PAPER) -> CodeDesk:
    made = CodeDesk()
    made.hold([paper])
    return made


def alone(
    made: CodeDesk, code: Code | None = RIGHT, civil: float | None = CIVIL, now: float = 0.0
) -> list[Effect]:
    return made.give("x", code, False, civil, now)


def test_online_the_pbx_decides() -> None:
    made = desk()
    assert made.give("x", RIGHT, True, CIVIL, 0.0) == [Ask("x", RIGHT)]
    opened = made.answered("x", {"result": "opened", "door": "Gate"}, CIVIL, 0.1)
    assert opened == [Say("x", "opened", "Gate")]
    made.give("y", RIGHT, True, CIVIL, 1.0)
    assert made.answered("y", {"result": "denied"}, CIVIL, 1.1) == [Wrong(1), Say("y", "denied")]  # revoked
    made.give("z", RIGHT, True, CIVIL, 2.0)
    paused = made.answered("z", {"result": "paused", "seconds": 30}, CIVIL, 2.1)
    assert paused == [Say("z", "paused", seconds=30)]
    made.give("w", RIGHT, True, CIVIL, 3.0)
    assert made.answered("w", {"result": "failed"}, CIVIL, 3.1) == [Say("w", "failed")]
    assert made.answered("w", {"result": "opened"}, CIVIL, 3.2) == []


def test_a_silent_pbx_leaves_it_to_the_papers() -> None:
    made = desk()
    made.give("x", RIGHT, True, CIVIL, 0.0)
    assert made.next_deadline() == ASK_SECONDS
    [pulse] = made.handle_timeout(CIVIL, ASK_SECONDS)
    assert pulse == Pulse("x", GATE, ASK_SECONDS + 1.0)
    effects = made.switched("x", 3000, 5.0)
    assert effects == [OpenedAlone("gate", 8.0), Say("x", "opened", "gate")]
    assert made.next_deadline() is None


def test_a_guard_that_refuses_or_is_silent() -> None:
    made = desk()
    assert isinstance(alone(made)[0], Pulse)
    assert made.not_switched("x") == [Say("x", "failed")]
    alone(made, now=1.0)
    assert made.handle_timeout(CIVIL, 2.0) == [Say("x", "failed")]
    assert made.switched("x", 100, 2.1) == []


@pytest.mark.parametrize(
    ("civil", "effects"),
    [
        (None, [Say("x", "away")]),
        (899.0, [Wrong(1), Say("x", "denied")]),
        (2000.0, [Wrong(1), Say("x", "denied")]),
    ],
)
def test_no_paper_without_its_time(civil: float | None, effects: list[Effect]) -> None:
    assert alone(desk(), civil=civil) == effects


def test_spans_bound_a_paper() -> None:
    made = desk(Paper("p", "aa", "bb", (Opening("gate", "r", 1000, ((1100.0, 1200.0),)),), 900.0, 2000.0))
    assert alone(made, civil=1099.0)[-1] == Say("x", "denied")
    assert isinstance(alone(made, civil=1100.0)[0], Pulse)


def test_five_wrong_then_a_pause_that_a_restart_does_not_end() -> None:
    made = desk()
    counts = [alone(made, code)[0] for code in (WRONG, None, WRONG, WRONG, WRONG)]
    assert counts == [Wrong(1), Wrong(2), Wrong(3), Wrong(4), Wrong(TRIES)]
    assert alone(made) == [Say("x", "paused", seconds=61)]
    again = CodeDesk(TRIES, 10.0)
    assert again.paused(10.0) == 61
    assert again.paused(10.0 + PAUSE_SECONDS) == 0


def test_tampering_blocks_codes() -> None:
    made = desk()
    made.blocked = True
    assert alone(made)[-1] == Say("x", "denied")
    assert made.give("y", RIGHT, True, CIVIL, 0.0)[-1] == Say("y", "denied")


def test_a_lockdown_beats_papers_until_its_end() -> None:
    made = desk()
    made.locked = {"gate": CIVIL + 1}
    assert alone(made)[-1] == Say("x", "denied")
    assert isinstance(alone(made, civil=CIVIL + 1)[0], Pulse)


def test_few_at_a_time() -> None:
    made = desk()
    for name in "abcd":
        made.give(name, RIGHT, True, CIVIL, 0.0)
    assert made.give("e", RIGHT, True, CIVIL, 0.0) == [Say("e", "paused", seconds=1)]
