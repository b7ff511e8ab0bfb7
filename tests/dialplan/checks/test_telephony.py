"""Telephones and what a site may do on trunks: what does not compile, and where it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialplan.compile import compile
from dialplan.plan import DialPlan
from dialplan.rows import CallerIdRow, PersonRow, RateRow, TelephonyRow
from tests.support.demonstration import house

GOOD = TelephonyRow(
    countries=("NO",),
    calls=2,
    minutes_per_day=60,
    money_per_day=5_000,
    rates=(RateRow("+47", 100),),
    caller_id="+4722334455",
)


def places(**changes: Any) -> set[str]:
    """Where the compiler finds fault with a changed row."""
    plan = compile(replace(house(), telephony=(replace(GOOD, **changes),)))
    return {error.where for error in plan} if isinstance(plan, list) else set()


def test_a_good_one_is_in_the_plan() -> None:
    plan = compile(replace(house(), telephony=(GOOD,)))
    assert isinstance(plan, DialPlan)
    assert plan.telephony == GOOD


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"countries": ("Norway",)}, "countries"),
        ({"countries": ("NO", "NO")}, "countries"),
        ({"region": "no"}, "countries"),
        ({"rates": (RateRow("47", 1),)}, "rates/0/prefix"),
        ({"rates": (RateRow("+47", -1),)}, "rates/0/price"),
        ({"calls": -1}, "calls"),
        ({"calls_per_person": 0}, "calls_per_person"),
        ({"minutes_per_day": 10**6}, "minutes_per_day"),
        ({"money_per_day": -5}, "money_per_day"),
        ({"caller_id": "22334455"}, "caller_id"),
        ({"caller_ids": (CallerIdRow("nowhere", "+4722334455"),)}, "caller_ids/0/building"),
        ({"trunks": ("not an id",)}, "trunks"),
        ({"call_in": "nowhere"}, "call_in"),
        ({"emergency": "not an id"}, "trunks"),
    ],
)
def test_what_does_not_compile(changes: dict[str, Any], place: str) -> None:
    assert places(**changes) == {f"telephony/site/{place}"}


def test_a_telephone_is_a_whole_number() -> None:
    rows = house()
    wrong = replace(rows, people=(*rows.people, PersonRow("eva", "Eva", telephone="22334455")))
    plan = compile(wrong)
    assert isinstance(plan, list)
    assert [error.where for error in plan] == ["people/eva/telephone"]
