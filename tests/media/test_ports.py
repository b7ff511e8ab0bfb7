"""The pool of pairs as the control side keeps it."""

from __future__ import annotations

import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from media.errors import NoCapacity
from media.ports import PortPool


def test_an_empty_pool_says_so() -> None:
    pool = PortPool(1.0)
    with pytest.raises(NoCapacity):
        pool.take(0.0)


def test_a_pair_that_carried_rests() -> None:
    pool = PortPool(1.0)
    pool.add([20000])
    port = pool.take(0.0)
    pool.give(port, 5.0, carried=True)
    with pytest.raises(NoCapacity):
        pool.take(5.9)
    assert pool.take(6.0) == port


def test_a_pair_that_did_not_is_free_behind_the_others() -> None:
    pool = PortPool(1.0)
    pool.add([20000, 20002])
    pool.give(pool.take(0.0), 0.0, carried=False)
    assert [pool.take(0.0), pool.take(0.0)] == [20002, 20000]


def test_it_asks_once_for_what_is_missing() -> None:
    pool = PortPool(1.0)
    assert pool.missing(8) == 8
    assert pool.missing(8) == 0
    pool.add(list(range(20000, 20016, 2)))
    assert pool.missing(8) == 0
    for _ in range(3):
        pool.take(0.0)
    assert pool.missing(8) == 3


def test_surplus_is_handed_back() -> None:
    pool = PortPool(1.0)
    pool.add(list(range(20000, 20020, 2)))
    assert pool.surplus(3) == [20000, 20002, 20004, 20006]
    assert pool.ready == 6
    assert pool.surplus(3) == []


class Pool(RuleBasedStateMachine):
    """No pair is ever given twice or lost."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = PortPool(1.0)
        self.pool.add(list(range(20000, 20010, 2)))
        self.now = 0.0
        self.held: list[int] = []

    @rule()
    def take(self) -> None:
        try:
            port = self.pool.take(self.now)
        except NoCapacity:
            return
        assert port not in self.held
        self.held.append(port)

    @precondition(lambda self: self.held)
    @rule()
    def give_used(self) -> None:
        self.pool.give(self.held.pop(), self.now, carried=True)

    @precondition(lambda self: self.held)
    @rule()
    def give_unused(self) -> None:
        self.pool.give(self.held.pop(0), self.now, carried=False)

    @rule()
    def later(self) -> None:
        self.now += 0.4

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.pool.ready + self.pool.resting + self.pool.used == 5
        assert self.pool.used == len(self.held)


TestPool = Pool.TestCase
