"""Lengths the PBX takes."""

from __future__ import annotations

from webadmin.lockdown.forms import LENGTHS


def test_from_a_second_to_seven_days() -> None:
    assert all(1 <= int(seconds) <= 7 * 86400 for seconds, _ in LENGTHS)
