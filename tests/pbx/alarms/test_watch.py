from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pbx.alarms.watch import AWAY_SECONDS, AlarmWatch, Look
from pbx.facts import AlarmCleared, AlarmRaised, DoorFailed, DoorOpened, Fact, Registered, Unregistered
from tests.support.ami import HOUSE, OFFICE, FakeControl

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Room:
    """A watch with the clock in hand; what is said to be over but never began is left out."""

    def __init__(self) -> None:
        self.said: list[Fact] = []
        self.look = Look(AT + timedelta(days=365), 0.5, AT)
        self.control = FakeControl()
        self.now = 0.0
        self.watch = AlarmWatch(self.control, self._publish, lambda: self.look)
        self.watch.handle_timeout(0.0)

    def _publish(self, fact: Fact) -> None:
        if isinstance(fact, AlarmRaised) or any(isinstance(f, AlarmRaised) for f in self.said):
            self.said.append(fact)

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.watch.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            at = AT + timedelta(seconds=self.now)
            self.look = replace(self.look, at=at + (self.look.at - at if self.jumped else timedelta(0)))
            self.watch.handle_timeout(self.now)
        self.now = end

    jumped = False

    def kinds(self) -> list[tuple[str, str]]:
        return [(f.kind, f.subject) for f in self.said if isinstance(f, AlarmRaised)]


def registered(site: str, device: str) -> Registered:
    return Registered(site, device, "sip:x", "udp", "192.0.2.1", "Panel", 60, True)


def test_a_panel_that_is_away_and_back() -> None:
    room = Room()
    room.watch(Unregistered(HOUSE, "h-panel", "sip:x", "expired"))
    room.advance(AWAY_SECONDS - 1)
    assert room.kinds() == []
    room.advance(AWAY_SECONDS)
    assert room.kinds() == [("panel_away", "gate")]
    room.watch(registered(HOUSE, "h-panel"))
    assert [(f.kind, f.subject) for f in room.said if isinstance(f, AlarmCleared)][-1] == (
        "panel_away", "gate"
    )


def test_a_short_absence_and_a_residents_phone_alarm_nobody() -> None:
    room = Room()
    room.watch(Unregistered(OFFICE, "d-panel", "sip:x", "flow_lost"))
    room.watch(Unregistered(HOUSE, "h-ola", "sip:x", "expired"))
    room.advance(20)
    room.watch(registered(OFFICE, "d-panel"))
    room.advance(300)
    assert room.kinds() == []


def test_a_door_that_fails_often() -> None:
    room = Room()
    room.watch(DoorFailed(HOUSE, "gate", "app", None, "no_right"))
    for _ in range(2):
        room.watch(DoorFailed(HOUSE, "gate", "app", None, "unreachable"))
    assert room.kinds() == []
    for _ in range(2):
        room.watch(DoorFailed(HOUSE, "gate", "app", None, "timeout"))
    assert room.kinds() == [("door_failing", "gate")]
    room.watch(DoorOpened(HOUSE, "gate", "app", None))
    assert isinstance(room.said[-1], AlarmCleared)


def test_the_machine() -> None:
    room = Room()
    room.look = replace(room.look, certificate_ends=AT + timedelta(days=3), disk_free=0.01)
    room.advance(61)
    assert set(room.kinds()) == {("certificate_ending", "certificate"), ("disk_full", "disk")}
    assert not any(kind == "clock_jumped" for kind, _ in room.kinds())


def test_a_clock_that_jumps() -> None:
    room = Room()
    room.advance(61)
    room.look = replace(room.look, at=AT + timedelta(hours=1))
    room.jumped = True
    room.advance(60)
    assert ("clock_jumped", "clock") in room.kinds()
