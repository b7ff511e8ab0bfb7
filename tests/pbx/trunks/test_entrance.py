"""What comes by a trunk is nobody's log-in: it dials nobody, registers nothing; strangers are counted."""

from __future__ import annotations

import pytest

from pbx.sip import events as sip
from tests.support.carriers import trunk
from tests.support.exchange import OFFER, SITE, Exchange


@pytest.mark.parametrize("dialled", ["kari", "kari-phone", "gate", "+4722334455", "1"])
def test_calls_in_ring_nobody(dialled: str) -> None:
    world = Exchange()
    kari = world.phone("kari-phone")
    (carrier,) = world.carriers(trunk())
    carrier.engine.invite(
        target=f"sip:{dialled}@{SITE}",
        from_=f"<sip:kari-phone@{SITE}>",
        to=f"<sip:{dialled}@{SITE}>",
        flow=carrier.flow,
        body=OFFER,
        now=world.now,
    )
    world.settle()
    assert carrier.take(sip.Refused).status == 403
    assert kari.requests("INVITE") == []


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 200), ("REGISTER", 403), ("MESSAGE", 403)])
def test_what_else_it_may_ask(method: str, status: int) -> None:
    world = Exchange()
    (carrier,) = world.carriers(trunk())
    address = f"<sip:kari-phone@{SITE}>"
    request = carrier.engine.build_request(method, f"sip:{SITE}", from_=address, to=address)
    carrier.engine.send_request(request, carrier.flow, world.now)
    world.settle()
    assert carrier.take(sip.ResponseReceived).response.status == status


def test_a_stranger_at_the_listener_is_refused_and_counted() -> None:
    world = Exchange()
    (carrier,) = world.carriers(trunk(addresses=("198.51.100.0/24",)))
    link = world.desk.link("carrier")
    link.flow = None  # the same listener, but not the connection that we made
    carrier.well = False
    address = "<sip:a@b.example>"
    request = carrier.engine.build_request("OPTIONS", "sip:b.example", from_=address, to=address)
    carrier.engine.send_request(request, carrier.flow, world.now)
    world.settle()
    assert carrier.take(sip.ResponseReceived).response.status == 403
    assert world.desk.stats()["strangers"] == 1
