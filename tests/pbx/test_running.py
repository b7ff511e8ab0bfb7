"""Running plans, and what authentication asks of them."""

from __future__ import annotations

import pytest

from pbx.running import RunningPlans
from tests.support.exchange import SITE, plan_of, story_rows


@pytest.mark.parametrize(
    ("device", "user", "allowed"),
    [
        ("kari-phone", "kari", True),
        ("kari-phone", "kari-phone", True),
        ("kari-phone", "ola", False),
        ("kari-phone", "ola-phone", False),
        ("gate", "kari", False),
        ("gate", "nobody", False),
        ("nobody", "kari", False),
    ],
)
def test_a_device_speaks_for_itself_and_its_owner_only(device: str, user: str, allowed: bool) -> None:
    plans = RunningPlans()
    plans.run(plan_of(story_rows()))
    assert plans.may_use(SITE, device, user) is allowed


def test_a_site_comes_and_goes() -> None:
    plans = RunningPlans()
    plans.run(plan_of(story_rows()))
    assert list(plans) == [SITE]
    plans.forget(SITE)
    plans.forget(SITE)
    assert len(plans) == 0
    assert not plans.may_use(SITE, "kari-phone", "kari")
