"""What operators are told, from memory."""

from __future__ import annotations

import asyncio

from pbx.control import Control, Reloaded
from pbx.operations import Operations
from pbx.orders import OperatorOrders
from pbx.sip import events as sip
from pbx.web.service_mode import ServiceModes
from tests.support.exchange import SITE, Exchange


def operations(world: Exchange) -> Operations:
    async def read() -> None:
        """Nothing new."""

    return Operations(
        plans=world.plans,
        location=world.location,
        switchboard=world.switchboard,
        clock=lambda: world.now,
        read_plans=read,
        settled=world.settle,
        counters={"sip": world.engine.stats},
        orders=OperatorOrders(
            engine=world.engine,
            plans=world.plans,
            location=world.location,
            switchboard=world.switchboard,
            doors=world.doorkeeper,
            opener=world.opener,
            facts=world.feed,
            clock=lambda: world.now,
            settled=world.settle,
            services=ServiceModes(lambda: world.at, lambda: world.now, world.switchboard.visited),
        ),
    )


def test_it_is_what_ami_asks_for() -> None:
    control: Control = operations(Exchange())
    assert control.sites() == {SITE: "commercial"}


def test_a_device_is_shown_with_its_contacts() -> None:
    world = Exchange()
    world.phone("kari-phone")
    found = operations(world).endpoint(SITE, "kari-phone")
    assert found is not None
    assert found.name == "Kari"
    assert [(c.transport, c.source, c.expires_seconds) for c in found.contacts] == [
        ("tcp", "192.0.2.9:6000", 600)
    ]
    assert operations(world).endpoint(SITE, "nobody") is None
    assert operations(world).endpoint("other.example", "kari-phone") is None


def test_every_device_of_a_site_and_of_no_other() -> None:
    desk = operations(Exchange())
    assert {one.device for one in desk.endpoints(SITE)} == {"gate", "controller", "kari-phone", "ola-phone"}
    assert desk.endpoints("other.example") == []


def test_hanging_up_ends_the_call() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    call, runner = next(iter(world.switchboard.calls.items()))
    desk = operations(world)
    assert len(desk.dialogs(call)) == 2
    assert desk.hang_up(call, runner.call.caller.leg)
    assert gate.take(sip.Refused).status == 480
    assert kari.requests("CANCEL") or kari.take(sip.Cancelled)
    assert not desk.hang_up(call, runner.call.caller.leg)


def test_a_reload_says_what_runs() -> None:
    desk = operations(Exchange())
    assert asyncio.run(desk.reload(None)) == [Reloaded(SITE, 1)]
    other = asyncio.run(desk.reload(frozenset({"other.example"})))
    assert other[0].error


def test_counters_carry_the_name_of_their_room() -> None:
    found = operations(Exchange()).stats()
    assert found["sites"] == 1
    assert found["sip_sessions"] == 0
