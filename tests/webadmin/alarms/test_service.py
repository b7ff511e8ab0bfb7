"""Alarms become sentences, of sites within reach only."""

from __future__ import annotations

from tests.webadmin.live.test_service import link
from webadmin.alarms.service import KINDS, OTHER, standing
from webadmin.languages import NORWEGIAN


def test_alarms() -> None:
    found = standing(
        link(
            {"Site": "a", "Alarm": "tamper", "Subject": "gate", "Since": "2026-11-22T10:00:00+00:00"},
            {"Site": "b", "Alarm": "tamper", "Subject": "x", "Since": "2026-11-22T10:00:00+00:00"},
            {"Site": "", "Alarm": "disk_full", "Subject": "disk", "Since": "nonsense"},
            {"Site": "a", "Alarm": "new_kind", "Subject": "gate", "Since": "2026-11-22T11:00:00"},
        ),
        {"a"},
        server=False,
    )
    assert [(alarm.kind, alarm.title) for alarm in found] == [
        ("new_kind", OTHER[0]),
        ("tamper", KINDS["tamper"][0]),
    ]
    (own,) = standing(link({"Alarm": "disk_full"}), {"a"}, server=True)
    assert own.kind == "disk_full"


def test_each_sentence_is_translated() -> None:
    assert {text for words in (*KINDS.values(), OTHER) for text in words} - NORWEGIAN.keys() == set()
