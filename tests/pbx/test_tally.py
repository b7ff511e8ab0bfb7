from __future__ import annotations

from pbx.facts import AuthFailed, CallEnded, CallStarted, DoorFailed, DoorOpened, EndReason, Registered
from pbx.tally import Tally

SITE = "house.example"


def test_facts_are_counted_without_saying_whose_they_are() -> None:
    tally = Tally()
    tally(CallStarted(SITE, "c", "l", "gate", "kari", "Kari", "gate"))
    tally(CallEnded(SITE, "c", "gate", EndReason.BUSY, 1.0, 0.0))
    tally(DoorOpened(SITE, "front", "app", None))
    tally(DoorFailed(SITE, "front", "api", None, "timeout"))
    tally(AuthFailed(SITE, "kari", "192.0.2.1", "udp", "wrong"))
    tally(Registered(SITE, "kari-phone", "sip:x", "udp", "192.0.2.1", "Phone", 60, True))
    found = tally.stats()
    assert found["calls_started"] == found["auth_failures"] == 1
    assert found["calls_ended{reason=busy}"] == 1
    assert found["door_openings{method=app,result=opened}"] == 1
    assert found["door_openings{method=api,result=failed}"] == 1
    assert found["registrations{kind=new}"] == 1
    assert found["legs_placed"] == 0
    assert "kari" not in str(found)
