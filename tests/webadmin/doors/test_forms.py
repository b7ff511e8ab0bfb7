"""Forms of doors offer what rows can hold."""

from __future__ import annotations

from typing import get_args

from dialplan.rows import DoorRow, Driver
from webadmin.doors.changing import PLAIN
from webadmin.doors.forms import DRIVERS


def test_every_driver_and_field_can_be_chosen() -> None:
    assert {value for value, _ in DRIVERS} == set(get_args(Driver))
    own = {"id", "lockdown", "interlock", "then"}
    assert set(PLAIN) | own == {*DoorRow.__dataclass_fields__}
