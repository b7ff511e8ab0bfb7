"""The gate: connections counted, strangers and silent ones ended, on a virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbx.transport.gate import Gate
from pbx.transport.limits import Limits, networks


@dataclass(eq=False)
class Connection:
    opened: float = 0.0
    heard: float = 0.0
    authenticated: bool = False
    shut_because: list[str] = field(default_factory=list)

    def shut(self, why: str) -> None:
        self.shut_because.append(why)


def test_connections_are_bounded_per_source_and_in_all() -> None:
    gate = Gate(Limits(connections=3, connections_per_source=2))
    assert gate.enter("192.0.2.1")
    assert gate.enter("192.0.2.1")
    assert not gate.enter("192.0.2.1")
    assert gate.enter("192.0.2.2")
    assert not gate.enter("192.0.2.3")
    gate.leave("192.0.2.1")
    assert gate.enter("192.0.2.3")
    assert gate.stats()["connections_refused"] == 2
    for host in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        gate.leave(host)
    assert gate.connections == 0
    assert not gate._per_source


def test_a_trusted_source_is_bounded_by_the_total_only() -> None:
    gate = Gate(Limits(connections=3, connections_per_source=1, trusted_sources=networks(["10.0.0.0/8"])))
    assert [gate.enter("10.0.0.1") for _ in range(4)] == [True, True, True, False]
    for _ in range(3):
        gate.leave("10.0.0.1")
    assert gate.connections == 0
    assert all(gate.admit("10.0.0.1", 0.0) for _ in range(10_000))


def test_who_has_not_authenticated_in_time_is_shown_out() -> None:
    gate = Gate(Limits(unauthenticated_seconds=30.0))
    stranger, member = Connection(opened=0.0), Connection(opened=1.0)
    gate.watch(stranger, "192.0.2.1")
    gate.watch(member, "192.0.2.1")
    assert gate.next_deadline() == 30.0
    gate.handle_timeout(29.9)
    assert stranger.shut_because == []
    member.authenticated = True
    gate.handle_timeout(30.0)
    assert stranger.shut_because == ["unauthenticated"]
    gate.handle_timeout(31.0)
    assert member.shut_because == []
    assert gate.stats()["connections_timed_out"] == 1


def test_who_says_nothing_at_all_is_shown_out() -> None:
    gate = Gate(Limits(idle_seconds=100.0, trusted_sources=networks(["192.0.2.0/24"])))
    quiet, lively = Connection(), Connection()
    gate.watch(quiet, "192.0.2.1")
    gate.watch(lively, "192.0.2.1")
    now = 0.0
    while now < 110.0:
        deadline = gate.next_deadline()
        assert deadline is not None
        now = max(deadline, now + 1.0)
        lively.heard = now
        gate.handle_timeout(now)
    assert quiet.shut_because == ["idle"]
    assert lively.shut_because == []
    gate.forget(lively)
    gate.forget(quiet)
    assert gate.next_deadline() is None


def test_what_is_put_off_is_done_in_time_and_order() -> None:
    gate = Gate()
    done: list[str] = []
    gate.later(2.0, lambda: done.append("second"))
    gate.later(1.0, lambda: done.append("first"))
    assert gate.next_deadline() == 1.0
    gate.handle_timeout(1.0)
    assert done == ["first"]
    gate.handle_timeout(5.0)
    assert done == ["first", "second"]
    assert gate.next_deadline() is None


def test_a_connection_that_talks_too_much_waits() -> None:
    gate = Gate(Limits(messages_per_second=10.0, message_burst=5, trusted_sources=networks(["10.0.0.0/8"])))
    assert gate.charge(("192.0.2.1", 1), 4, 0.0, known=False) == 0.0
    assert gate.charge(("192.0.2.1", 2), 11, 0.0, known=False) > 1.0
    assert gate.charge(("192.0.2.1", 1), 4, 0.0, known=True) == 0.0
    assert gate.charge(("10.0.0.1", 1), 10_000, 0.0, known=False) == 0.0
