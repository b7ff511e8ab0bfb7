"""What fuzzing once found stays mended, and the fuzzer itself works."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz import campaign, mutation
from tests.fuzz.targets import TARGETS, Target, chosen

PAST = [
    pytest.param(target, path.read_bytes(), id=f"{target.name}/{path.name}")
    for target in TARGETS
    for path in target.findings()
]


@pytest.mark.parametrize(("target", "data"), PAST)
def test_a_past_finding(target: Target, data: bytes) -> None:
    target.load()(data)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_few_hundred_inputs(target: Target) -> None:
    outcome = campaign.run(target, seconds=20.0, seed=0, tries=200)
    assert outcome.fault is None, outcome.fault.report


def test_the_same_seed_gives_the_same_inputs() -> None:
    samples = [b"a 12\nb 34\n", b""]
    assert [mutation.mutated(samples, Random(3)) for _ in range(50)] == [
        mutation.mutated(samples, Random(3)) for _ in range(50)
    ]
    one, other = Random(4), Random(4)
    inputs = [mutation.mutated(samples, one) for _ in range(500)]
    assert inputs == [mutation.mutated(samples, other) for _ in range(500)]
    assert max(map(len, inputs)) <= mutation.MAX_INPUT


def test_a_fault_is_caught_and_made_small() -> None:
    def fragile(data: bytes) -> None:
        if b"x" in data:
            raise ZeroDivisionError

    fault = campaign.attempt(fragile, b"aaaa" * 50 + b"x" + b"bbbb" * 50)
    assert fault is not None
    assert fault.kind == "ZeroDivisionError"
    assert campaign.shrink(fragile, fault).data == b"x"
    assert campaign.attempt(fragile, b"a") is None


def test_targets_are_chosen_by_name() -> None:
    assert [target.name for target in chosen(["uri", "sip"])] == ["uri", "sip"]
    assert chosen([]) == list(TARGETS)
    with pytest.raises(KeyError):
        chosen(["nothing"])
