"""Rights of everybody at every door agree with what the doors would answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dialplan.access import Granted, may_open
from dialplan.route import Target
from dialplan.rows import METHODS
from tests.support.demonstration import house, office
from tests.support.plans import compiled
from webadmin.rules.matrix import rights

AT = datetime(2026, 11, 23, tzinfo=UTC)


def test_agrees_with_access() -> None:
    for rows in (house(), office()):
        plan = compiled(rows)
        people = [person.id for person in plan.directory.people]
        doors = [door.id for door in plan.directory.doors]
        ways = [method for method in METHODS if method != "visitor_call"]
        for person, row in rights(plan, people, doors).items():
            for door, right in zip(doors, row, strict=True):
                answers = {
                    isinstance(
                        may_open(plan, Target("person", person), door, way, AT + timedelta(hours=h)), Granted
                    )
                    for way in ways
                    for h in range(0, 168, 3)
                }
                if right.cell == "always":
                    assert answers == {True}
                if right.cell == "never":
                    assert answers == {False}
                if True in answers:
                    assert right.cell != "never"
