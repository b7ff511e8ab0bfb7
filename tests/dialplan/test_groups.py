"""Groups, members and rights are values."""

from __future__ import annotations

from dialplan.groups import Group, Member, Rule


def test_values_are_compared_by_what_they_say() -> None:
    kari = Member("person", "kari", True, 0, None, None, False)
    assert Group("g", "G", (kari,), "sequential", 60, 25, False) == Group(
        "g", "G", (kari,), "sequential", 60, 25, False
    )
    everybody = frozenset({"h1"})
    rule = Rule("r", frozenset({"d"}), frozenset(), frozenset(), everybody, frozenset({"app"}), None)
    assert hash(rule) == hash(
        Rule("r", frozenset({"d"}), frozenset(), frozenset(), everybody, frozenset({"app"}), None)
    )
