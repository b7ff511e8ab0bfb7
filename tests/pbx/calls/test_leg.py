"""A leg's states."""

from __future__ import annotations

import pytest

from pbx.calls.leg import Leg, LegState


@pytest.mark.parametrize(
    ("state", "rings_now", "live"),
    [
        (LegState.PLACED, True, True),
        (LegState.RINGING, True, True),
        (LegState.ANSWERED, False, True),
        (LegState.CONNECTED, False, True),
        (LegState.ENDED, False, False),
    ],
)
def test_a_leg_rings_until_it_answers_and_lives_until_it_ends(
    state: LegState, rings_now: bool, live: bool
) -> None:
    leg = Leg("l1", "kari-phone", "way", 0, confirm=False, now=1.0, patience=4.0, ask_seconds=2.0)
    leg.state = state
    assert (leg.gives_up_at, leg.ask_at) == (5.0, 3.0)
    assert (leg.rings_now, leg.live) == (rings_now, live)
