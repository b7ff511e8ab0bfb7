"""Where devices are: found, dropped, expired, stored; against a simple model of the same."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pbx.facts import Unregistered
from pbx.registrar.binding import Binding, Change, Held, Offer, RemovedBinding, StoredBinding
from pbx.registrar.location import Location
from pbx.sip.flow import Address, Flow
from tests.pbx.auth.world import SITE, flow


def held(device: str, way: Flow, call_id: str = "call", cseq: int = 1) -> Held:
    return Held(SITE, device, way, aor=device, call_id=call_id, cseq=cseq, user_agent="Phone/1")


def put(
    location: Location,
    device: str,
    way: Flow,
    contact: str,
    *,
    now: float = 0.0,
    seconds: int = 100,
    call: str = "",
) -> Binding:
    """Register one contact as a phone of its own would."""
    known = next((b for b in location.find(SITE, device) if b.contact == contact), None)
    location.commit(held(device, way, call or contact), (), [(known, Offer(contact, seconds))], now)
    return next(b for b in location.find(SITE, device) if b.contact == contact)


def test_a_lost_connection_takes_its_bindings_along() -> None:
    location = Location()
    gone, stays = flow("tcp", port=1), flow("udp", port=1)
    first = put(location, "a", gone, "sip:a@x")
    put(location, "a", stays, "sip:b@x")
    put(location, "b", gone, "sip:c@x")
    assert location.drop_flow(gone, 5.0) == [
        Unregistered(SITE, "a", "sip:a@x", "flow_lost"),
        Unregistered(SITE, "b", "sip:c@x", "flow_lost"),
    ]
    assert not first.alive
    assert [b.contact for b in location.find(SITE, "a")] == ["sip:b@x"]
    assert location.find(SITE, "b") == ()
    assert location.drop_flow(gone, 5.0) == []
    assert location.drop_flow(stays, 5.0) == []
    assert location.stats() == {"bindings": 1, "flows": 0, "unsaved": 1}


def test_expiry_on_the_drivers_timer_is_reported() -> None:
    reported: list[Unregistered] = []
    location = Location(report=reported.append)
    way = flow("tcp")
    short = put(location, "a", way, "sip:a@x", seconds=60)
    put(location, "b", way, "sip:b@x", seconds=3600)
    now = 0.0
    while short.alive:
        deadline = location.next_deadline()
        assert deadline is not None
        now = deadline
        location.handle_timeout(now)
    assert 60.0 <= now <= 62.0
    assert reported == [Unregistered(SITE, "a", "sip:a@x", "expired")]
    assert len(location) == 1


def test_a_renewed_binding_lives_on_and_a_shortened_one_ends_earlier() -> None:
    location = Location()
    way = flow("tcp")
    binding = put(location, "a", way, "sip:a@x", seconds=100)
    put(location, "a", way, "sip:a@x", seconds=100, now=90.0)
    assert location.expire(110.0) == []
    put(location, "a", way, "sip:a@x", seconds=60, now=111.0)
    assert location.expire(170.0) == []
    assert len(location.expire(173.0)) == 1
    assert not binding.alive
    assert location.expire(10_000.0) == []


def test_changes_are_gathered_and_saved_behind() -> None:
    saved: list[list[Change]] = []
    location = Location(save=saved.append, save_seconds=0.1)
    way = flow()
    for second in range(3):
        put(location, "a", way, "sip:a@x", now=second / 100)
    put(location, "b", flow("tcp"), "sip:b@x")
    assert location.next_deadline() == 0.1
    location.handle_timeout(0.05)
    assert saved == []
    location.handle_timeout(0.1)
    ((change,),) = saved
    assert isinstance(change, StoredBinding)
    assert (change.key, change.seconds, change.remote) == ("sip:a@x", 0.02 + 100 - 0.1, way.remote)
    location.handle_timeout(0.2)
    assert len(saved) == 1
    location.drop_device(SITE, "a", 1.0)
    location.handle_timeout(1.1)
    assert saved[1] == [RemovedBinding(SITE, "a", "sip:a@x")]


def test_a_binding_that_moves_to_a_connection_leaves_the_store() -> None:
    location = Location()
    put(location, "a", flow(), "sip:a@x")
    assert len(location.changes(0.0)) == 1
    put(location, "a", flow("tls"), "sip:a@x", now=1.0)
    assert location.changes(1.0) == [RemovedBinding(SITE, "a", "sip:a@x")]
    put(location, "a", flow("tls"), "sip:a@x", now=2.0)
    assert location.changes(2.0) == []


def test_a_binding_that_came_and_went_is_never_stored() -> None:
    location = Location()
    put(location, "a", flow(), "sip:a@x")
    location.drop_device(SITE, "a", 0.0)
    assert location.changes(0.0) == []


def test_restored_bindings_are_found_and_live_for_what_was_left() -> None:
    before = Location()
    for name in "abc":
        put(before, name, flow(port=ord(name)), f"sip:{name}@x", now=0.0, seconds=100)
    put(before, "d", flow("tcp"), "sip:d@x")
    values = before.snapshot(40.0)
    assert sorted(value.device for value in values) == ["a", "b", "c"]
    assert {value.seconds for value in values} == {60.0}
    values[1] = replace(values[1], seconds=-1.0)

    def flow_of(local: Address, remote: Address) -> Flow | None:
        return None if remote[1] == ord("c") else flow(port=remote[1])

    after = Location()
    assert after.restore(values, flow_of, 1000.0) == 1
    (binding,) = after.find(SITE, "a")
    assert (binding.expires_at, binding.flow.remote, binding.cseq) == (1060.0, ("192.0.2.77", ord("a")), 1)
    assert after.changes(1000.0) == []
    assert len(after.expire(1062.0)) == 1
    assert after.changes(1062.0) == [RemovedBinding(SITE, "a", "sip:a@x")]


def test_ten_thousand_bindings_fit_into_twelve_mebibytes() -> None:
    """Weighed in a process of its own: interned strings share one table with the whole process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.pbx.registrar.weigh"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    each = float(done.stdout)
    assert each <= 1.2 * 1024, f"{each:.0f} bytes a binding"


@dataclass
class Row:
    """A binding of the model."""

    device: str
    contact: str
    way: Flow
    call_id: str
    expires_at: float
    refreshed: int = 0


@dataclass
class Model:
    """The same rules, written as one list."""

    limit: int
    rows: list[Row] = field(default_factory=list)

    def register(
        self, device: str, contact: str, way: Flow, call_id: str, expires_at: float, step: int
    ) -> None:
        row = next((r for r in self.rows if (r.device, r.contact) == (device, contact)), None)
        if row is None:
            row = Row(device, contact, way, call_id, expires_at)
            self.rows.append(row)
        row.way, row.call_id, row.expires_at, row.refreshed = way, call_id, expires_at, step
        self.rows = [r for r in self.rows if r is row or not self.replaced(row, r)]
        others = sorted(
            (r for r in self.rows if r.device == device and r is not row), key=lambda r: r.refreshed
        )
        beyond = others[: max(0, len(others) + 1 - self.limit)]
        self.rows = [r for r in self.rows if r not in beyond]

    @staticmethod
    def replaced(new: Row, old: Row) -> bool:
        return new.device == old.device and new.way is old.way and new.call_id != old.call_id


class LocationMachine(RuleBasedStateMachine):
    """Random lives of a few devices on a few flows."""

    def __init__(self) -> None:
        super().__init__()
        self.location = Location(limit=3)
        self.model = Model(3)
        self.flows = [flow("udp", port=n) for n in range(2)] + [flow("tcp", port=n) for n in range(2)]
        self.store: dict[tuple[str, str], StoredBinding] = {}
        self.now = 0.0
        self.step = 0

    @rule(
        device=st.sampled_from("ab"),
        contact=st.sampled_from(["sip:1@x", "sip:2@x", "sip:3@x", "sip:4@x"]),
        way=st.integers(0, 3),
        call_id=st.sampled_from("pq"),
        seconds=st.integers(60, 200),
    )
    def register(self, device: str, contact: str, way: int, call_id: str, seconds: int) -> None:
        self.step += 1
        self.now += 0.001
        put(self.location, device, self.flows[way], contact, now=self.now, seconds=seconds, call=call_id)
        self.model.register(device, contact, self.flows[way], call_id, self.now + seconds, self.step)

    @rule(way=st.integers(2, 3))
    def lose(self, way: int) -> None:
        self.location.drop_flow(self.flows[way], self.now)
        self.model.rows = [row for row in self.model.rows if row.way is not self.flows[way]]
        self.flows[way] = flow("tcp", port=way)

    @rule(device=st.sampled_from("ab"))
    def revoke(self, device: str) -> None:
        self.location.drop_device(SITE, device, self.now)
        self.model.rows = [row for row in self.model.rows if row.device != device]

    @rule(seconds=st.floats(0.0, 120.0))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        expired = {(fact.device, fact.contact) for fact in self.location.expire(self.now)}
        for row in self.model.rows:
            if row.expires_at <= self.now - 2.0:
                assert (row.device, row.contact) in expired
            if (row.device, row.contact) in expired:
                assert row.expires_at <= self.now
        self.model.rows = [row for row in self.model.rows if (row.device, row.contact) not in expired]

    @rule()
    def save(self) -> None:
        for change in self.location.changes(self.now):
            if isinstance(change, StoredBinding):
                self.store[change.device, change.key] = change
            else:
                assert self.store.pop((change.device, change.key), None) is not None
        kept = {(value.device, value.key) for value in self.location.snapshot(self.now)}
        assert kept == set(self.store)

    @invariant()
    def they_agree(self) -> None:
        for device in "ab":
            found = self.location.find(SITE, device)
            expected = [
                (row.contact, row.way, row.expires_at) for row in self.model.rows if row.device == device
            ]
            assert sorted((b.contact, id(b.flow), b.expires_at) for b in found) == sorted(
                (contact, id(way), expires_at) for contact, way, expires_at in expected
            )
            assert all(b.alive for b in found)
            assert len(found) <= 3
        assert len(self.location) == len(self.model.rows)
        assert set(self.location._by_flow) == {row.way for row in self.model.rows if row.way.reliable}


LocationMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLocation = LocationMachine.TestCase
