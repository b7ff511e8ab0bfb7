"""What a device is told of its calls; in a residential site neither answers nor doors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.calls.from_apps import OPEN
from pbx.receipts import KEPT_SECONDS, MOST_PER_DEVICE, Receipts
from pbx.sip import events as sip
from tests.pbx.calls.test_waking import Night
from tests.support.exchange import ANSWER, SITE, Exchange, story_rows


def ledger(world: Exchange) -> Receipts:
    made = Receipts(world.plans, lambda: world.now, lambda: world.at)
    world.feed.subscribe(made.heard)
    world.push.on_stage = made.pushed
    return made


@pytest.mark.parametrize(("kind", "more"), [("commercial", {"answered", "opened"}), ("residential", set())])
def test_stages_of_a_woken_phone(kind: Any, more: set[str]) -> None:
    world = Night(replace(story_rows(), kind=kind))
    made = ledger(world)
    gate = world.phone("gate")
    calling = world.call(gate, "kari")
    world.advance(2)
    kari = world.phone("kari-phone")
    session = kari.take(sip.InviteReceived).session
    session.ring(world.now)
    world.settle()
    session.accept(ANSWER, world.now)
    world.settle()
    session.info(OPEN, b'{"door": "front"}', world.now)
    world.settle()
    assert len(world.lock.orders) == 1
    calling.end(world.now)
    world.settle()
    (receipt,) = made.of(SITE, "kari-phone")
    assert set(receipt) - {"call", "at", "label"} == {
        *("push", "push_accepted", "registered", "invited", "rang"),
        *more,
    }
    assert receipt["push"] == 0 and receipt["registered"] == receipt["rang"] == 2000
    assert made.of(SITE, "ola-phone") == [] and made.stats()["open"] == 0


def test_a_silent_phone_is_told_why() -> None:
    world = Exchange()
    made = ledger(world)
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.refuse(480, world.now)
    world.settle()
    (receipt,) = made.of(SITE, "kari-phone")
    assert "invited" in receipt and "rang" not in receipt


def test_a_day_and_no_more() -> None:
    world = Exchange()
    made = ledger(world)
    gate = world.phone("gate")
    for _ in range(MOST_PER_DEVICE + 1):
        kari = world.phone("kari-phone")
        calling = world.call(gate, "kari")
        calling.cancel(world.now)
        world.settle()
        assert kari is not None
    assert len(made.of(SITE, "kari-phone")) == MOST_PER_DEVICE
    world.now += KEPT_SECONDS + 1
    assert made.of(SITE, "kari-phone") == []
