"""What media are told of the end of a leg."""

from __future__ import annotations

from pbx.calls.side import leg_role
from tests.support.exchange import plan_of, story_rows


def test_a_controller_and_a_stranger_are_telephones_to_media() -> None:
    plan = plan_of(story_rows())
    roles = [leg_role(plan.device(name)) for name in ("gate", "kari-phone", "controller", "nobody")]
    assert roles == ["panel", "phone", "phone", "phone"]
