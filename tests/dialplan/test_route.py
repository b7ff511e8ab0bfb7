"""The exact times of a Route: hand-made trees, and laws that hold for every tree."""

from __future__ import annotations

from hypothesis import given

from dialplan.route import (
    RING_LIMIT,
    Node,
    Parallel,
    Ring,
    Route,
    Sequence,
    Step,
    Target,
    duration,
    fallback_at,
    flatten,
    over_at,
    rings,
)
from tests.support.plans import nodes, routes


def ring(who: str, timeout: float = 60.0, delay: float = 0.0) -> Ring:
    return Ring(Target("person", who), delay, timeout)


def route(root: Node, fallback: Node | None = None, ring_limit: float = RING_LIMIT) -> Route:
    return Route("b1", "Kari", root, fallback, ring_limit, "others_ring", 180.0, "panel", "h1")


def spans(which: Route) -> list[tuple[str, float, float, int]]:
    return [(span.ring.target.id, span.start, span.end, span.step) for span in flatten(which)]


def test_parallel_branches_begin_together_and_end_by_themselves() -> None:
    which = route(Parallel((ring("kari", 20), ring("ola", 30, delay=5))))
    assert spans(which) == [("kari", 0, 20, 0), ("ola", 5, 35, 0)]
    assert over_at(which) == 35


def test_a_step_ends_when_the_next_begins() -> None:
    which = route(Sequence((Step(ring("kari"), 25), Step(ring("ola"), 20))))
    assert spans(which) == [("kari", 0, 25, 0), ("ola", 25, 45, 1)]
    assert over_at(which) == 45


def test_a_step_stays_for_its_seconds_when_its_ring_times_out() -> None:
    which = route(Sequence((Step(ring("kari", 10), 25), Step(ring("ola", 5), 20))))
    assert spans(which) == [("kari", 0, 10, 0), ("ola", 25, 30, 1)]
    assert over_at(which) == 45


def test_rings_on_go_on_to_their_own_time_out() -> None:
    steps = (Step(ring("kari", 60), 25, rings_on=True), Step(ring("ola", 100), 20, rings_on=True))
    which = route(Sequence(steps))
    assert spans(which) == [("kari", 0, 60, 0), ("ola", 25, 120, 1)]
    assert over_at(which) == 120
    assert duration(which.root) == 125


def test_a_ring_whose_turn_never_comes() -> None:
    assert spans(route(Sequence((Step(ring("kari", delay=25), 25), Step(ring("ola"), 5))))) == [
        ("ola", 25, 30, 1)
    ]


def test_steps_without_a_ring_are_passed_over() -> None:
    empty = Step(Parallel((Sequence(()),)), 25)
    which = route(Sequence((empty, Step(ring("kari"), 10), empty)))
    assert spans(which) == [("kari", 0, 10, 1)]
    assert over_at(which) == 10


def test_steps_are_those_of_the_outermost_sequence() -> None:
    inner = Sequence((Step(ring("kari"), 10), Step(ring("ola"), 10)))
    which = route(Sequence((Step(ring("per"), 5), Step(inner, 15))))
    assert spans(which) == [("per", 0, 5, 0), ("kari", 5, 15, 1), ("ola", 15, 20, 1)]


def test_the_fallback_begins_when_the_root_is_over() -> None:
    which = route(ring("kari", 30), ring("vakt", 40))
    assert spans(which) == [("kari", 0, 30, 0), ("vakt", 30, 70, 0)]
    assert [span.fallback for span in flatten(which)] == [False, True]
    assert (fallback_at(which), over_at(which)) == (30, 70)


def test_a_fallback_after_nobody_begins_at_once() -> None:
    which = route(Parallel(()), ring("vakt", 40))
    assert (fallback_at(which), spans(which)) == (0, [("vakt", 0, 40, 0)])


def test_the_ring_limit_ends_everything() -> None:
    which = route(ring("kari", 90), ring("vakt", 90), ring_limit=100)
    assert spans(which) == [("kari", 0, 90, 0), ("vakt", 90, 100, 0)]
    late = route(ring("kari", 90), ring("vakt", 90), ring_limit=90)
    assert (fallback_at(late), spans(late), over_at(late)) == (None, [("kari", 0, 90, 0)], 90)
    assert fallback_at(route(ring("kari"))) is None


@given(routes())
def test_every_span_lies_in_the_call_and_keeps_its_ring(which: Route) -> None:
    over = over_at(which)
    assert 0 <= over <= which.ring_limit
    known = [*rings(which.root), *(rings(which.fallback) if which.fallback is not None else ())]
    for span in flatten(which):
        assert 0 <= span.start < span.end <= over
        assert span.end - span.start <= span.ring.timeout
        assert span.start >= span.ring.delay
        assert span.ring in known
    assert len(flatten(which)) <= len(known)


@given(routes())
def test_root_and_fallback_do_not_overlap(which: Route) -> None:
    begin = fallback_at(which)
    for span in flatten(which):
        if span.fallback:
            assert begin is not None and span.start >= begin
        else:
            assert begin is None or span.end <= begin


@given(nodes())
def test_a_node_lasts_as_long_as_what_rings_in_it_or_longer(node: Node) -> None:
    which = route(node, ring_limit=1e9)
    assert max((span.end for span in flatten(which)), default=0.0) <= duration(node)
    assert any(True for _ in rings(node)) or duration(node) == 0
