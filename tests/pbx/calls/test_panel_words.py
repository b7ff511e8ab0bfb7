"""Only a panel that offers the package hears words; see test_from_apps for what they are."""

from __future__ import annotations

import pytest

from pbx.sip import events as sip
from tests.support.exchange import Exchange


@pytest.mark.parametrize(
    ("offered", "hears"), [("doorline", True), ("x, Doorline", True), ("nil", False), ("doorlines", False)]
)
def test_who_hears(offered: str, hears: bool) -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari", headers=[("Recv-Info", offered)])
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    assert bool(gate.requests("INFO")) is hears
