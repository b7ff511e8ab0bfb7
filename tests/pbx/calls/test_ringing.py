"""The ringing keeps the times of the route, and moves on when nobody is left in a step."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dialplan.route import Node, Parallel, Ring, Route, Sequence, Step, Target, flatten, over_at
from pbx.calls.ringing import Outcome, RingBegan, Ringing, RingOver


def ring(who: str, timeout: float = 30.0, delay: float = 0.0) -> Ring:
    return Ring(Target("person", who), delay, timeout)


def route(root: Node, fallback: Node | None = None, ring_limit: float = 120.0) -> Route:
    return Route("b1", "Kari", root, fallback, ring_limit, "others_ring", 180.0, "p1", "h1")


class Ear:
    """Hears a ringing: who rings now, and everything that happened with its moment."""

    def __init__(self, which: Route) -> None:
        self.ringing = Ringing(which)
        self.now = 0.0
        self.heard: list[tuple[float, str, str]] = []
        self.ringing.start(0.0)
        self.listen(0.0)

    def listen(self, moment: float) -> None:
        for event in self.ringing.events():
            who = self.ringing.rings[event.ring].ring.target.id
            what = "begins" if isinstance(event, RingBegan) else event.outcome.value
            self.heard.append((moment, who, what))

    def until(self, moment: float) -> Ear:
        while (due := self.ringing.next_deadline()) <= moment:
            self.ringing.handle_timeout(due)
            self.listen(due)
        self.now = moment
        return self

    def says(self, who: str, outcome: Outcome) -> Ear:
        index = next(i for i, node in enumerate(self.ringing.rings) if node.ring.target.id == who)
        if outcome is Outcome.DECLINED:
            self.ringing.declined(index, self.now)
        else:
            self.ringing.unreachable(index, self.now)
        self.listen(self.now)
        return self


def test_simultaneous_rings_all_until_their_own_timeouts() -> None:
    ear = Ear(route(Parallel((ring("kari", 20), ring("ola", 30, delay=5))))).until(200)
    assert ear.heard == [
        (0, "kari", "begins"),
        (5, "ola", "begins"),
        (20, "kari", "timed_out"),
        (35, "ola", "timed_out"),
    ]
    assert ear.ringing.over


def test_sequential_step_ends_when_the_next_begins() -> None:
    steps = (Step(ring("kari", 60), 25), Step(ring("ola", 60), 25))
    ear = Ear(route(Sequence(steps))).until(200)
    assert ear.heard == [
        (0, "kari", "begins"),
        (25, "kari", "timed_out"),
        (25, "ola", "begins"),
        (50, "ola", "timed_out"),
    ]


def test_step_that_rings_on_is_heard_beside_the_next() -> None:
    steps = (Step(ring("kari", 60), 25, rings_on=True), Step(ring("ola", 20), 25))
    ear = Ear(route(Sequence(steps))).until(200)
    assert (60, "kari", "timed_out") in ear.heard
    assert (25, "ola", "begins") in ear.heard


def test_declining_the_only_target_of_a_step_starts_the_next_at_once() -> None:
    steps = (Step(ring("kari"), 25), Step(ring("ola"), 25))
    ear = Ear(route(Sequence(steps))).until(7).says("kari", Outcome.DECLINED)
    assert (7, "ola", "begins") in ear.heard


def test_one_decline_among_two_leaves_the_step_ringing() -> None:
    steps = (Step(Parallel((ring("kari"), ring("per"))), 25), Step(ring("ola"), 25))
    ear = Ear(route(Sequence(steps))).until(7).says("kari", Outcome.DECLINED)
    assert not any(who == "ola" for _, who, _ in ear.heard)
    assert ear.until(25).heard[-1] == (25, "ola", "begins")


def test_unreachable_everybody_goes_to_the_fallback_at_once() -> None:
    ear = Ear(route(ring("kari"), fallback=ring("caretaker"))).says("kari", Outcome.UNREACHABLE)
    assert (0, "caretaker", "begins") in ear.heard
    ear.says("caretaker", Outcome.UNREACHABLE)
    assert ear.ringing.over


def test_timed_out_step_waits_for_its_seconds() -> None:
    steps = (Step(ring("kari", 5), 25), Step(ring("ola", 5), 25))
    ear = Ear(route(Sequence(steps))).until(24)
    assert ear.heard == [(0, "kari", "begins"), (5, "kari", "timed_out")]
    assert ear.until(25).heard[-1] == (25, "ola", "begins")


def test_ring_limit_ends_everything() -> None:
    ear = Ear(route(ring("kari", 500), fallback=ring("late"), ring_limit=60)).until(60)
    assert ear.heard == [(0, "kari", "begins"), (60, "kari", "timed_out")]
    assert ear.ringing.over


def test_late_device_joins_only_while_its_step_runs() -> None:
    steps = (Step(Parallel((ring("kari"), ring("per"))), 25), Step(ring("ola"), 25))
    ear = Ear(route(Sequence(steps))).says("kari", Outcome.UNREACHABLE).until(10)
    assert ear.ringing.joinable(0, 10.0)
    ear.until(25)
    assert not ear.ringing.joinable(0, 25.0)


def test_stop_ends_every_ring() -> None:
    ear = Ear(route(Parallel((ring("kari"), ring("ola"))))).until(3)
    ear.ringing.stop()
    ear.listen(3)
    assert [what for _, _, what in ear.heard[2:]] == ["stopped", "stopped"]
    assert ear.ringing.next_deadline() == float("inf")


seconds = st.integers(min_value=0, max_value=40).map(float)
lengths = st.integers(min_value=1, max_value=50).map(float)
rings = st.builds(Ring, st.just(Target("person", "x")), seconds, lengths)
nodes: st.SearchStrategy[Node] = st.recursive(
    rings,
    lambda inner: st.one_of(
        st.builds(Parallel, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Sequence, st.lists(st.builds(Step, inner, lengths, st.booleans()), max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
routes = st.builds(
    lambda root, fallback, limit: route(root, fallback, limit),
    nodes,
    st.none() | nodes,
    lengths.map(lambda n: n * 2.4),
)


@given(routes)
def test_rings_begin_and_end_when_the_plan_says(which: Route) -> None:
    """With nobody answering, declining or away, the ringing is what `flatten` foretells."""
    ringing = Ringing(which)
    ringing.start(0.0)
    began: dict[int, float] = {}
    spans: list[tuple[int, float, float]] = []
    moment = 0.0
    while True:
        for event in ringing.events():
            if isinstance(event, RingBegan):
                began[event.ring] = moment
            elif isinstance(event, RingOver):
                spans.append((event.ring, began[event.ring], moment))
        moment = ringing.next_deadline()
        if moment == float("inf"):
            break
        ringing.handle_timeout(moment)
    foretold = sorted((span.start, span.end) for span in flatten(which))
    assert sorted((start, end) for _, start, end in spans) == foretold
    assert ringing.over


@given(routes, st.floats(min_value=0.0, max_value=200.0))
def test_one_late_sweep_does_what_many_timely_ones_do(which: Route, late: float) -> None:
    timely, tardy = Ringing(which), Ringing(which)
    for ringing in (timely, tardy):
        ringing.start(0.0)
    while (due := timely.next_deadline()) <= late:
        timely.handle_timeout(due)
    tardy.handle_timeout(late)
    assert timely.events() == tardy.events()


@given(routes)
def test_the_end_of_the_ring_is_foretold(which: Route) -> None:
    ringing = Ringing(which)
    ringing.start(0.0)
    last = 0.0
    while (due := ringing.next_deadline()) != float("inf"):
        ringing.handle_timeout(last := due)
    assert last == over_at(which)
