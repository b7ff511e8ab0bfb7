"""A guest's own plan: the host's devices ring, and there is nothing else in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from dialplan.compile import compile as compile_plan
from dialplan.guest import HOST, guest_plan
from dialplan.plan import DialPlan
from dialplan.resolve import EMERGENCY, UNAVAILABLE, UNKNOWN, resolve
from dialplan.route import Reject, Route, Target, rings
from dialplan.rows import BuildingRow, ButtonRow, DeviceRow, PersonRow, SiteRows, UnitRow

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
ME = "guest+1"


def the_house(button: dict[str, Any] | None = None, **kari: Any) -> DialPlan:
    rows = SiteRows(
        domain="guest.example",
        organisation="guest",
        kind="residential",
        buildings=(BuildingRow("house", "House"),),
        units=(UnitRow("one", "house", "H0101"),),
        people=(
            PersonRow("kari", "Kari", unit="one", telephone="+4799999999", **kari),
            PersonRow("ola", "Ola", unit="one"),
        ),
        devices=(
            DeviceRow("kari-app", "app", person="kari"),
            DeviceRow("ola-app", "app", person="ola"),
            DeviceRow("wall", "station", unit="one"),
        ),
        buttons=(ButtonRow("kari-button", person="kari", label="Berg", ring_seconds=30, **(button or {})),),
    )
    plan = compile_plan(rows)
    assert isinstance(plan, DialPlan), plan
    return plan


def call(plan: DialPlan, dialled: str = HOST) -> Route | Reject:
    own = guest_plan(plan, "kari", ME, "Guest", AT)
    assert own is not None
    return resolve(own, ME, dialled, AT)


def test_the_hosts_devices_ring_and_no_telephone() -> None:
    own = guest_plan(the_house(), "kari", ME, "Guest", AT)
    assert own is not None
    route = resolve(own, ME, HOST, AT)
    assert isinstance(route, Route)
    rung = [ring.target for node in (route.root, route.fallback) if node is not None for ring in rings(node)]
    assert rung == [Target("person", "kari")] and (route.label, route.panel) == ("Berg", ME)
    assert set(own.devices_of(Target("person", "kari"))) == {"kari-app", "wall"}
    assert "+47" not in repr(own)


def test_nobody_and_nothing_else() -> None:
    plan = the_house()
    for dialled in ("ola", "ola-app", "kari-app", "wall", "+4799999999", "99999999"):
        assert isinstance(call(plan, dialled), Reject)
    assert call(plan, "ola") == UNKNOWN and call(plan, "112") == EMERGENCY
    own = guest_plan(plan, "kari", ME, "Guest", AT)
    assert own is not None and own.directory.doors == () and own.rules == () and own.telephony is None
    assert guest_plan(plan, "nobody", ME, "Guest", AT) is None


def test_who_hides_or_rests_is_not_called() -> None:
    assert call(the_house(hidden=True)) == UNAVAILABLE
    assert call(the_house(button={"hidden": True})) == UNAVAILABLE
    assert call(the_house(do_not_disturb=AT + timedelta(hours=1))) == UNAVAILABLE
    assert isinstance(call(the_house(hidden=AT - timedelta(hours=1))), Route)
