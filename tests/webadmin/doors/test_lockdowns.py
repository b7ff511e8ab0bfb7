"""What the PBX says about locked doors, also when it says it oddly."""

from __future__ import annotations

import pytest

from webadmin.doors.lockdowns import states


class Pbx:
    """Lists one door."""

    def __init__(self, **door: str) -> None:
        self.door = door

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """It."""
        return [self.door]


@pytest.mark.parametrize("until", ["", "soon", "2026-11-22T16:30:00"])
def test_no_moment_is_no_lockdown(until: str) -> None:
    assert states(Pbx(Door="front", LockedUntil=until), "x.example") == {}  # type: ignore[arg-type]


def test_who_set_it_is_named_without_the_account() -> None:
    pbx = Pbx(Door="front", LockedUntil="2026-11-22T16:30:00+00:00", LockedBy="webadmin: kari@x.example")
    found = states(pbx, "x.example")  # type: ignore[arg-type]
    assert found is not None and found["front"].by == "kari@x.example"
