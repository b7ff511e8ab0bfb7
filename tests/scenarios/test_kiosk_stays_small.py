"""A panel's page runs for years: what it holds does not grow with its visitors."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.kiosk import rounds
from tests.scenarios.faces_house import faces

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(1200)]

WARM, ROUNDS = 3, 3
"""Rounds of visits until everything has been loaded and compiled once, and in each half of the watch."""

MORE = {"bytes": 150_000, "objects": 200, "nodes": 50, "listeners": 10, "documents": 0}
"""What the second half may hold beyond the first: less than one forgotten call in three visits would add."""


async def test_the_second_half_of_a_day_holds_no_more_than_the_first(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    async with faces(tmp_path) as house:
        panel = await house.panel()
        kari = await house.resident("kari", width=390, height=844)
        held = []
        async for each in rounds(panel, kari):
            held.append(each)
            if len(held) == WARM + 2 * ROUNDS:
                break
    record_property("seconds", time.monotonic() - began)
    record_property("held", [str(each) for each in held])
    first, second = held[WARM : WARM + ROUNDS], held[WARM + ROUNDS :]
    grown = {
        name: min(getattr(each, name) for each in second) - min(getattr(each, name) for each in first)
        for name in MORE
    }
    assert all(grown[name] <= bound for name, bound in MORE.items()), "\n".join(map(str, held))
