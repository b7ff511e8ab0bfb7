"""A part that is replaced at once is no fault; one that stays away is, once, until it is back."""

from __future__ import annotations

from intercom.health import PATIENCE, Health


def test_what_is_replaced_at_once_is_no_fault() -> None:
    health = Health()
    assert health.next_deadline() is None
    health.lost("relays", 10.0)
    assert health.next_deadline() == 10.0 + PATIENCE["relays"]
    assert health.handle_timeout(10.1) == []
    assert not health.back("relays") and health.next_deadline() is None


def test_what_stays_away_is_one_until_it_is_back() -> None:
    health = Health()
    health.lost("camera", 0.0)
    health.lost("camera", 4.0)  # lost again, while it is being replaced
    assert health.handle_timeout(PATIENCE["camera"]) == ["camera"]
    health.lost("camera", 9.0)
    assert health.next_deadline() is None
    assert health.back("camera") and not health.back("camera")
