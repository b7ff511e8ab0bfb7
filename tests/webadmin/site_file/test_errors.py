"""Faults as people read them."""

from __future__ import annotations

from webadmin.site_file.errors import Fault, SiteFileError, place_text


def test_places_count_from_one() -> None:
    assert place_text(("groups", "g", "members", 0, "delay")) == "groups.g.members[1].delay"
    assert place_text(()) == ""
    assert len(place_text(("x" * 1000,))) == 200


def test_a_fault_is_one_line() -> None:
    faults = [Fault(3, "a.b", "is missing"), Fault(None, "a", "is missing"), Fault(None, "", "too large")]
    assert str(SiteFileError(faults)).splitlines() == [
        "line 3: a.b: is missing",
        "a: is missing",
        "too large",
    ]
