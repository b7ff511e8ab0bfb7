"""Members that can ring, and no group inside itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.checks.groups import groups, nesting
from dialplan.rows import GroupRow, MemberRow, SiteRows
from tests.dialplan.checks.expectations import changed, said
from tests.support.demonstration import house, office

KARI = MemberRow("person", "kari")


def test_the_demonstration_is_right() -> None:
    for check in (groups, nesting):
        assert said(check, house()) == said(check, office()) == []


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"members": ()}, "members", "the group Hansen is empty"),
        ({"ring_seconds": 4}, "ring_seconds", "the ring time is 4"),
        ({"ring_seconds": 121}, "ring_seconds", "the ring time is 121"),
        ({"step_seconds": 4}, "step_seconds", "the time of a step is 4"),
        ({"step_seconds": 61}, "step_seconds", "the time of a step is 61"),
        ({"members": (KARI, KARI)}, "members/1", "the same member stands here twice"),
    ],
)
def test_groups(changes: dict[str, Any], place: str, message: str) -> None:
    assert said(groups, changed(house(), "groups", "hansen", **changes)) == [
        (f"groups/hansen/{place}", message)
    ]


@pytest.mark.parametrize(
    ("member", "field", "message"),
    [
        (MemberRow("person", "eva"), "id", "there is no person 'eva'"),
        (MemberRow("group", "eva"), "id", "there is no group 'eva'"),
        (MemberRow("device", "eva"), "id", "there is no telephone or app 'eva'"),
        (MemberRow("device", "panel-front"), "id", "there is no telephone or app 'panel-front'"),
        (MemberRow("number", "22334455"), "id", "this is no telephone number"),
        (MemberRow("number", "112"), "id", "this is no telephone number"),
        (replace(KARI, delay=-1), "delay", "the delay is -1"),
        (replace(KARI, delay=25), "delay", "the delay is 25"),
        (replace(KARI, timeout=0), "timeout", "the time-out is 0"),
        (replace(KARI, timeout=121), "timeout", "the time-out is 121"),
        (replace(KARI, during="never"), "during", "there is no schedule 'never'"),
        (replace(KARI, outside="never"), "outside", "there is no schedule 'never'"),
        (replace(KARI, during="work", outside="work"), "outside", "there are two time windows"),
    ],
)
def test_members(member: MemberRow, field: str, message: str) -> None:
    rows = changed(house(), "groups", "hansen", members=(member,))
    assert said(groups, rows) == [(f"groups/hansen/members/0/{field}", message)]


def test_a_member_may_stand_twice_at_different_times() -> None:
    members = (replace(KARI, during="work"), replace(KARI, outside="work", delay=20))
    assert said(groups, changed(house(), "groups", "hansen", members=members)) == []


def test_the_delay_fits_the_group_or_the_step() -> None:
    simultaneous = changed(house(), "groups", "nordmann", members=(replace(KARI, delay=39),))
    assert said(groups, simultaneous) == []
    assert said(groups, changed(simultaneous, "groups", "nordmann", ringing="sequential")) == [
        ("groups/nordmann/members/0/delay", "the delay is 39")
    ]


def tree(*pairs: str) -> SiteRows:
    """Groups from pairs such as "ab", a containing b; a group without another one contains Kari."""
    names = sorted({name for pair in pairs for name in pair})
    inner = {name: [pair[1] for pair in pairs if pair[0] == name] for name in names}
    made = (
        GroupRow(name, name, tuple(MemberRow("group", each) for each in inner[name]) or (KARI,))
        for name in names
    )
    return replace(house(), groups=tuple(made))


def looping(*pairs: str) -> list[str]:
    return [
        where.split("/")[1]
        for where, message in said(nesting, tree(*pairs))
        if message == "the group is caught in a loop of groups"
    ]


def test_loops() -> None:
    assert looping("aa") == ["a"]
    assert looping("ab", "ba") == ["a", "b"]
    assert looping("ab", "bc", "cb", "cd") == ["b", "c"], "neither who leads there nor who is led to"
    assert looping("ab", "ac", "bd", "cd") == []


def test_a_loop_does_not_hide_other_faults() -> None:
    found = said(nesting, tree("xx", "ab", "bc", "cd", "de"))
    assert found == [
        ("groups/x/members", "the group is caught in a loop of groups"),
        ("groups/a/members", "groups are nested 5 deep"),
    ]


def test_depth() -> None:
    assert said(nesting, tree("ab", "bc", "cd")) == []
    assert said(nesting, tree("ab", "bc", "cd", "de")) == [("groups/a/members", "groups are nested 5 deep")]


def test_how_many_a_group_rings() -> None:
    ten = tuple(MemberRow("person", f"p{n}") for n in range(10))
    inner = tuple(GroupRow(f"g{n}", "G", ten) for n in range(11))
    outer = tuple(MemberRow("group", group.id) for group in inner)
    rows = replace(house(), groups=(*inner, GroupRow("outer", "O", outer)))
    assert said(nesting, rows) == [("groups/outer/members", "the group rings too many, with its groups")]
    assert said(nesting, changed(rows, "groups", "outer", members=outer[:10])) == []


def test_a_very_long_chain_is_no_trouble() -> None:
    count = 20_000
    chain = (GroupRow(f"g{n}", "G", (MemberRow("group", f"g{n + 1}"),)) for n in range(count))
    found = said(nesting, replace(house(), groups=(*chain, GroupRow(f"g{count}", "G", (KARI,)))))
    assert len(found) == count - 3
    ring = tuple(GroupRow(f"g{n}", "G", (MemberRow("group", f"g{(n + 1) % count}"),)) for n in range(count))
    assert len(said(nesting, replace(house(), groups=ring))) == count


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")), min_size=1))
def test_loops_are_found_as_by_walking(edges: list[tuple[str, str]]) -> None:
    pairs = sorted({one + other for one, other in edges})
    after = {name: {pair[1] for pair in pairs if pair[0] == name} for name in "abcde"}
    for _ in range(5):
        after = {
            name: set().union(reached, *(after[each] for each in reached)) for name, reached in after.items()
        }
    inside = {name for name in "abcde" if name in after[name]}
    between = {
        name for name in "abcde" if after[name] & inside and any(name in after[each] for each in inside)
    }
    assert set(looping(*pairs)) == inside | between
