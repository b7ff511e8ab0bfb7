"""The feed of facts."""

from __future__ import annotations

import pytest

from pbx.facts import EndReason, Fact, Facts, PlanLoaded, TrunkChanged, Unregistered

FACT = PlanLoaded("x.example", 1)


def test_every_listener_hears_each_fact_until_it_leaves() -> None:
    facts = Facts()
    one: list[Fact] = []
    two: list[Fact] = []
    leave = facts.subscribe(one.append)
    facts.subscribe(two.append)
    facts.publish(FACT)
    leave()
    leave()
    facts.publish(FACT)
    assert (one, two) == ([FACT], [FACT, FACT])


def test_a_listener_of_some_kinds_hears_no_other() -> None:
    facts = Facts()
    some: list[Fact] = []
    leave = facts.subscribe(some.append, PlanLoaded, TrunkChanged)
    left = Unregistered("x.example", "phone", "sip:phone@192.0.2.1", "expired")
    facts.publish(left)
    facts.publish(FACT)
    assert some == [FACT]
    late: list[Fact] = []
    facts.subscribe(late.append, Unregistered)
    leave()
    facts.publish(left)
    facts.publish(FACT)
    assert (some, late) == ([FACT], [left])


def test_a_listener_that_fails_keeps_nothing_from_the_others() -> None:
    faults: list[BaseException] = []
    heard: list[Fact] = []
    facts = Facts(on_fault=faults.append)

    def broken(fact: Fact) -> None:
        raise ValueError("broken")

    facts.subscribe(broken)
    facts.subscribe(heard.append)
    facts.publish(FACT)
    assert heard == [FACT]
    assert len(faults) == 1


def test_without_a_fault_handler_a_fault_is_seen() -> None:
    facts = Facts()

    def broken(fact: Fact) -> None:
        raise ValueError("broken")

    facts.subscribe(broken)
    with pytest.raises(ValueError, match="broken"):
        facts.publish(FACT)


def test_each_reason_has_a_status_and_a_cause_of_its_range() -> None:
    for reason in EndReason:
        assert 200 <= reason.status < 700
        assert 1 <= reason.cause <= 127
        assert reason.text
