"""Buckets, sources: bounded in memory whatever comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.transport.limits import Sources, TokenBuckets, networks


def test_a_burst_passes_then_the_rate() -> None:
    buckets = TokenBuckets(rate=10.0, burst=5, size=100)
    assert [buckets.take("a", 0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert buckets.take("b", 0.0)
    assert buckets.take("a", 0.1001)
    assert not buckets.take("a", 0.1001)
    assert [buckets.take("a", 100.0) for _ in range(6)] == [True] * 5 + [False]


def test_a_refused_message_costs_its_source_nothing() -> None:
    buckets = TokenBuckets(rate=1.0, burst=1, size=100)
    assert buckets.take("a", 0.0)
    for _ in range(1000):
        assert not buckets.take("a", 0.5)
    assert buckets.take("a", 1.001)


def test_charging_goes_into_debt() -> None:
    buckets = TokenBuckets(rate=10.0, burst=5, size=100)
    assert buckets.charge("a", 4, 0.0) == 0.0
    assert buckets.charge("a", 11, 0.0) == pytest.approx(1.1, abs=1e-5)
    assert not buckets.take("a", 1.0)


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.0, 0.2)), max_size=300), st.integers(2, 40))
def test_tables_stay_bounded(messages: list[tuple[int, float]], size: int) -> None:
    buckets = TokenBuckets(rate=5.0, burst=3, size=size)
    now = 0.0
    for key, step in messages:
        now += step
        buckets.take(key, now)
        buckets.charge(key + 1000, 1, now)
        assert len(buckets) <= size


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=200))
def test_never_more_than_burst_and_rate(steps: list[float]) -> None:
    buckets = TokenBuckets(rate=10.0, burst=4, size=10)
    now = passed = 0.0
    for step in steps:
        now += step
        passed += buckets.take("a", now)
    assert passed <= 4 + 10.0 * now + 1e-3


def test_sources() -> None:
    sources = Sources(networks(["10.0.0.0/8", "2001:db8:1::/48"]), 100)
    assert sources.of("10.1.2.3") is None
    assert sources.of("2001:db8:1::7") is None
    assert sources.of("::ffff:10.0.0.1") is None
    assert sources.of("192.0.2.1") == "192.0.2.1"
    assert sources.of("2001:db8:2:3::1") == sources.of("2001:db8:2:3:ffff::2") == "2001:db8:2:3::/64"
    assert sources.of("fe80::1%2") == "fe80::/64"
    assert sources.of("what") == "what"


def test_the_memory_of_sources_is_bounded() -> None:
    sources = Sources((), 10)
    for n in range(100):
        sources.of(f"192.0.2.{n}")
    assert len(sources._known) <= 10


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.1/8"):
        networks(["10.0.0.1/8"])
