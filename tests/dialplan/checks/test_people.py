"""Who owns which device, and moments that mean the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialplan.checks.people import owners, pauses
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office


def test_the_demonstration_is_right() -> None:
    for check in (owners, pauses):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    ("table", "id_", "field"),
    [("people", "kari", "hidden"), ("people", "kari", "do_not_disturb"), ("buttons", "help", "hidden")],
)
def test_a_moment_has_an_offset_and_is_of_this_age(table: str, id_: str, field: str) -> None:
    where = f"{table}/{id_}/{field}"
    naive = datetime(2026, 12, 24, 18, 0)  # noqa: DTZ001
    assert said(pauses, changed(house(), table, id_, **{field: naive})) == [
        (where, "the time has no offset from UTC")
    ]
    for year in (1, 9999):
        moment = datetime(year, 1, 1, tzinfo=UTC)
        assert said(pauses, changed(house(), table, id_, **{field: moment})) == [
            (where, f"the year is {year}")
        ]
    for good in (True, datetime(2026, 12, 24, 18, 0, tzinfo=UTC)):
        assert said(pauses, changed(house(), table, id_, **{field: good})) == []


@pytest.mark.parametrize(
    ("id_", "changes", "message"),
    [
        ("kari-app", {"person": "", "unit": "h0101"}, "an app belongs to one person"),
        ("kari-app", {"unit": "h0101"}, "an app belongs to one person"),
        ("kari-phone", {"person": ""}, "the device belongs to nobody"),
        ("station-h0101", {"person": "kari"}, "the device has more than one owner"),
        ("panel-front", {"building": ""}, "a panel is part of a building"),
        ("relays", {"person": "kari"}, "a controller is part of a building"),
    ],
)
def test_owners(id_: str, changes: dict[str, str], message: str) -> None:
    assert said(owners, changed(house(), "devices", id_, **changes)) == [(f"devices/{id_}", message)]


def test_a_phone_may_stand_in_a_building() -> None:
    rows = changed(house(), "devices", "kari-phone", person="", building="fjordgata5")
    assert said(owners, rows) == []
