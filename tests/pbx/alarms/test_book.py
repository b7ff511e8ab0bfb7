from __future__ import annotations

from datetime import UTC, datetime

from pbx.alarms.book import AlarmBook, Message
from pbx.facts import AlarmCleared, AlarmRaised, PlanLoaded

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_each_alarm_is_told_once_and_once_when_it_is_over() -> None:
    told: list[Message] = []
    book = AlarmBook(told.append, lambda: f"id{len(told)}", lambda: AT)
    for _ in range(3):
        book(AlarmRaised("house.example", "panel_away", "gate", "60 s"))
    book(AlarmRaised("house.example", "panel_away", "back", "60 s"))
    for _ in range(2):
        book(AlarmCleared("house.example", "panel_away", "gate", "registered again"))
    book(PlanLoaded("house.example", 1))
    assert [(m.id, m.state, m.subject) for m in told] == [
        ("id0", "raised", "gate"), ("id1", "raised", "back"), ("id2", "cleared", "gate")
    ]
    assert told[0].line == "panel away raised: gate at house.example"
    assert len(book.standing) == 1


def test_the_server_itself_has_no_site() -> None:
    told: list[Message] = []
    AlarmBook(told.append, lambda: "id", lambda: AT)(AlarmRaised(None, "disk_full", "disk", "3% free"))
    assert told[0].line == "disk full raised: disk"
