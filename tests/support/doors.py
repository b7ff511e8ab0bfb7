"""Doors, orders and their papers for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dialplan.access import Denied, Granted
from dialplan.directory import Door
from pbx.doors.opener import OpenOrder
from pbx.doors.order import Signer

SITE = "fjordgata.example"
CONTROLLER = "gatekeeper"
RUN = "1f2e3d4c5b6a7988"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@cache
def key() -> Ed25519PrivateKey:
    """The PBX's key of this test run."""
    return Ed25519PrivateKey.generate()


def door(id: str = "gate", driver: str = "agent", relay: str = "gate") -> Door:
    """A plain door that opens for five seconds."""
    return Door(
        id=id,
        name=id.title(),
        building="b1",
        controller="d-ctl",
        relay=relay,
        driver=driver,  # type: ignore[arg-type]  # tests also name drivers that do not exist
        open_seconds=5,
        fail="secure",
        resting="locked",
        escape_route=False,
        exit_hardware=False,
        lockdown=True,
        interlock=(),
    )


def open_order(
    id: str = "order-0001", granted: Granted | Denied | None = None, **changes: object
) -> OpenOrder:
    """An order to open the gate for five seconds."""
    order = OpenOrder(
        id=id,
        site=SITE,
        door=door(),
        controller=CONTROLLER,
        method="visitor_call",
        seconds=5.0,
        call="c1",
        granted=granted or Granted(5.0, "r1"),
    )
    return replace(order, **changes)  # type: ignore[arg-type]


def paper(id: str = "order-0001", run: str = RUN, at: datetime = AT, **changes: object) -> bytes:
    """That order, signed."""
    return Signer(key()).sign(open_order(id, **changes), run, at)  # type: ignore[arg-type]
