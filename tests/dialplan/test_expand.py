"""A dial group as it stands at a moment becomes a tree: who counts, delays, time-outs, nesting, numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dialplan.expand import confirm_numbers, expand
from dialplan.plan import DialPlan
from dialplan.route import RING_LIMIT, Node, Parallel, Ring, Sequence, Step, Target, duration, rings
from dialplan.rows import GroupRow, MemberRow
from tests.support.demonstration import office
from tests.support.plans import compiled, moments, nodes, plans

DAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
NUMBER = "+4722334455"


def site(*groups: GroupRow) -> DialPlan:
    return compiled(replace(office(), groups=(*office().groups, *groups)))


def ring(who: str, timeout: float, delay: float = 0.0, *, confirm: bool = False) -> Ring:
    return Ring(Target("person", who), delay, timeout, confirm)


def number(timeout: float, *, confirm: bool) -> Ring:
    return Ring(Target("number", NUMBER), 0.0, timeout, confirm)


ANNA, ERIK, JONAS = (MemberRow("person", id_) for id_ in ("anna", "erik", "jonas"))


def test_simultaneous_members_ring_until_the_group_is_over() -> None:
    group = GroupRow(
        "g", "G", (ANNA, replace(ERIK, delay=10), replace(JONAS, delay=5, timeout=7)), ring_seconds=30
    )
    assert expand(site(group), "g", DAY) == Parallel(
        (ring("anna", 30), ring("erik", 20, 10), ring("jonas", 7, 5))
    )


def test_sequential_members_ring_for_their_step() -> None:
    group = GroupRow("g", "G", (ANNA, replace(ERIK, delay=3)), ringing="sequential", step_seconds=20)
    steps = (Step(ring("anna", 20), 20), Step(ring("erik", 17, 3), 20))
    assert expand(site(group), "g", DAY) == Sequence(steps)


def test_with_rings_on_they_ring_until_the_last_step_is_over() -> None:
    group = GroupRow("g", "G", (ANNA, ERIK, JONAS), ringing="sequential", step_seconds=20, rings_on=True)
    tree = expand(site(group), "g", DAY)
    assert tree == Sequence(
        tuple(Step(ring(who, 20.0 * n), 20, True) for who, n in (("anna", 3), ("erik", 2), ("jonas", 1)))
    )
    assert duration(tree) == 60


def test_members_that_do_not_count_now_leave_no_gap() -> None:
    members = (replace(ANNA, on=False), replace(ERIK, during="open"), replace(JONAS, outside="open"))
    plan = site(GroupRow("g", "G", members, ringing="sequential", step_seconds=20))
    assert expand(plan, "g", DAY) == Sequence((Step(ring("erik", 20), 20),))
    assert expand(plan, "g", NIGHT) == Sequence((Step(ring("jonas", 20), 20),))


def test_a_group_of_nobody_rings_nobody() -> None:
    plan = site(
        GroupRow("g", "G", (replace(ANNA, on=False),)), GroupRow("outer", "O", (MemberRow("group", "g"),))
    )
    assert expand(plan, "g", DAY) is None
    assert expand(plan, "outer", DAY) is None


def test_one_branch_needs_no_parallel() -> None:
    assert expand(site(GroupRow("g", "G", (ANNA,))), "g", DAY) == ring("anna", 60)


def nested(member: MemberRow, inner: GroupRow, **outer: int) -> Node | None:
    return expand(site(inner, GroupRow("outer", "O", (member,), **outer)), "outer", DAY)  # type: ignore[arg-type]


def test_a_nested_group_keeps_its_own_times_where_they_fit() -> None:
    inner = GroupRow("inner", "I", (ANNA, ERIK), ring_seconds=20)
    assert nested(MemberRow("group", "inner"), inner) == Parallel((ring("anna", 20), ring("erik", 20)))


def test_a_nested_group_is_cut_where_its_place_is_shorter() -> None:
    inner = GroupRow("inner", "I", (ANNA, ERIK), ringing="sequential", step_seconds=20)
    whole = Sequence((Step(ring("anna", 20), 20), Step(ring("erik", 20), 20)))
    assert nested(MemberRow("group", "inner"), inner) == whole
    assert nested(MemberRow("group", "inner"), inner, ring_seconds=30) == Sequence((Step(whole, 30),))
    assert nested(MemberRow("group", "inner", timeout=25), inner) == Sequence((Step(whole, 25),))


def test_the_delay_of_a_nested_group_delays_its_first_rings() -> None:
    inner = GroupRow("inner", "I", (ANNA, ERIK), ringing="sequential", step_seconds=20)
    late = Sequence((Step(ring("anna", 20, 4), 24), Step(ring("erik", 20), 20)))
    assert nested(MemberRow("group", "inner", delay=4), inner) == late
    cut = Sequence((Step(late, 29),))
    assert nested(MemberRow("group", "inner", delay=4, timeout=25), inner) == cut
    both = GroupRow("inner", "I", (ANNA, replace(ERIK, delay=1)))
    assert nested(MemberRow("group", "inner", delay=4), both, ring_seconds=120) == Parallel(
        (ring("anna", 60, 4), ring("erik", 59, 5))
    )


def test_the_step_itself_cuts_what_is_nested_in_it() -> None:
    inner = GroupRow("inner", "I", (ANNA, ERIK), ring_seconds=60)
    outer = GroupRow("outer", "O", (MemberRow("group", "inner"),), ringing="sequential", step_seconds=20)
    both = Parallel((ring("anna", 60), ring("erik", 60)))
    assert expand(site(inner, outer), "outer", DAY) == Sequence((Step(both, 20),))
    on = replace(outer, rings_on=True)
    assert expand(site(inner, on), "outer", DAY) == Sequence((Step(Sequence((Step(both, 20),)), 20, True),))


def test_confirmation_reaches_everybody_within() -> None:
    inner = GroupRow("inner", "I", (ANNA, ERIK), ringing="sequential", step_seconds=20)
    tree = nested(MemberRow("group", "inner", confirm=True), inner)
    assert tree is not None and all(each.confirm for each in rings(tree))
    both = nested(MemberRow("group", "inner", confirm=True), GroupRow("inner", "I", (ANNA, JONAS)))
    assert both is not None and all(each.confirm for each in rings(both))
    assert expand(site(GroupRow("g", "G", (replace(ANNA, confirm=True),))), "g", DAY) == ring(
        "anna", 60, confirm=True
    )


def test_an_unknown_group_rings_nobody() -> None:
    assert expand(site(), "nothing", DAY) is None


def test_a_number_alone_wins_by_answering() -> None:
    alone = number(30, confirm=False)
    assert confirm_numbers(alone) == alone
    chain = Sequence((Step(ring("anna", 20), 20), Step(alone, 20)))
    assert confirm_numbers(chain) == chain


def test_a_number_beside_others_wins_by_a_digit() -> None:
    def both(*, confirm: bool) -> Node:
        return Parallel((ring("anna", 20), Sequence((Step(number(20, confirm=confirm), 20),))))

    assert confirm_numbers(both(confirm=False)) == both(confirm=True)


def test_a_number_beside_somebody_who_rings_on_wins_by_a_digit() -> None:
    def chain(*, confirm: bool) -> Node:
        return Sequence((Step(ring("anna", 40), 20, True), Step(number(20, confirm=confirm), 20)))

    assert confirm_numbers(chain(confirm=False)) == chain(confirm=True)
    last = Sequence((Step(ring("anna", 20), 20), Step(number(20, confirm=False), 20, True)))
    assert confirm_numbers(last) == last


@given(nodes())
def test_confirming_changes_nothing_else(tree: Node) -> None:
    confirmed = confirm_numbers(tree)
    assert duration(confirmed) == duration(tree)
    for before, after in zip(rings(tree), rings(confirmed), strict=True):
        assert replace(after, confirm=before.confirm) == before
        assert after.confirm or not before.confirm
        assert before.confirm or not after.confirm or after.target.kind == "number"


@settings(max_examples=40)
@given(plans(), st.sampled_from(("g0", "g1", "g2")), moments)
def test_what_a_group_rings_may_ring(plan: DialPlan, group: str, at: datetime) -> None:
    tree = expand(plan, group, at)
    if tree is None:
        return
    found = list(rings(tree))
    assert found
    for each in found:
        assert plan.callable(each.target, at)
        assert each.delay >= 0 and 0 < each.timeout <= 4 * RING_LIMIT
