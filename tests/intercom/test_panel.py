from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intercom.panel import SHOW_SECONDS, EndCall, Happening, Panel, PlaceCall, Show, State


def panel() -> Panel:
    return Panel(ring_seconds=120.0)


def test_a_visit() -> None:
    made = panel()
    assert made.tap("kari", 0.0) == [PlaceCall("kari"), Show(State.CALLING, False, "kari")]
    assert made.happened(Happening.RANG, 0.5) == [Show(State.RINGING, False, "kari")]
    assert made.happened(Happening.ANSWERED, 3.0) == [Show(State.CONNECTED, False, "kari")]
    assert made.door_opened(until=9.0) == [Show(State.CONNECTED, True, "kari")]
    assert made.handle_timeout(8.9) == []
    assert made.handle_timeout(9.0) == [Show(State.CONNECTED, False, "kari")]
    assert made.happened(Happening.ENDED, 10.0) == [Show(State.ENDED, False, "kari")]
    assert made.next_deadline() == 10.0 + SHOW_SECONDS
    assert made.handle_timeout(15.0) == [Show(State.IDLE, False, "")]
    assert made.next_deadline() is None


def test_refused_and_unanswered_look_alike() -> None:
    for before in ([], [Happening.RANG]):
        made = panel()
        made.tap("kari", 0.0)
        for happening in before:
            made.happened(happening, 0.5)
        assert made.happened(Happening.FAILED, 1.0) == [Show(State.UNANSWERED, False, "kari")]


def test_the_panel_gives_up_by_itself() -> None:
    made = panel()
    made.tap("kari", 0.0)
    made.happened(Happening.RANG, 0.5)
    assert made.next_deadline() == 120.0
    assert made.handle_timeout(120.0) == [EndCall(), Show(State.UNANSWERED, False, "kari")]
    assert made.handle_timeout(125.0) == [Show(State.IDLE, False, "")]


def test_once_connected_the_ring_limit_is_over() -> None:
    made = panel()
    made.tap("kari", 0.0)
    made.happened(Happening.ANSWERED, 3.0)
    assert made.next_deadline() is None


def test_one_call_at_a_time_and_a_new_one_straight_after() -> None:
    made = panel()
    made.tap("kari", 0.0)
    assert made.tap("ola", 1.0) == []
    made.happened(Happening.FAILED, 2.0)
    assert made.tap("ola", 3.0) == [PlaceCall("ola"), Show(State.CALLING, False, "ola")]
    assert made.next_deadline() == 123.0


def test_hanging_up() -> None:
    made = panel()
    assert made.hang_up(0.0) == []
    made.tap("kari", 0.0)
    assert made.hang_up(1.0) == [EndCall(), Show(State.ENDED, False, "kari")]
    assert made.happened(Happening.ANSWERED, 1.1) == []


def test_a_door_opened_without_a_call_is_shown_too() -> None:
    made = panel()
    assert made.door_opened(until=5.0) == [Show(State.IDLE, True, "")]
    assert made.door_opened(until=6.0) == []
    assert made.handle_timeout(5.0) == []
    assert made.handle_timeout(6.0) == [Show(State.IDLE, False, "")]


@given(st.lists(st.sampled_from([*Happening, "tap", "hang_up", "time"])))
def test_whatever_happens_the_panel_comes_back_to_idle(steps: list[Happening | str]) -> None:
    made, now = panel(), 0.0
    for step in steps:
        now += 1.0
        if isinstance(step, Happening):
            made.happened(step, now)
        elif step == "tap":
            made.tap("kari", now)
        elif step == "hang_up":
            made.hang_up(now)
        else:
            made.handle_timeout(now)
    made.hang_up(now)
    while (deadline := made.next_deadline()) is not None:
        made.handle_timeout(deadline)
    assert made.state is State.IDLE
