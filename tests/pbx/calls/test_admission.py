"""Which INVITEs become calls, and how the others are refused."""

from __future__ import annotations

import pytest

from pbx.auth import Identity
from pbx.calls.surroundings import Limits
from pbx.sip import events as sip
from tests.support.exchange import OFFER, Exchange, plan_of, story_rows


@pytest.mark.parametrize(
    ("caller", "dialled", "status"),
    [
        ("gate", "nobody", 404),
        ("gate", "ola-phone", 404),  # a panel reaches what it shows, nothing else
        ("gate", "112", 403),
        ("gate", "+4712345678", 404),
        ("controller", "kari", 403),
        ("guest+1", "kari", 403),  # its pass is gone
        ("kari-phone", "nobody", 404),
        ("gate", "kari", 480),  # nobody of hers is registered
    ],
)
def test_refused_with_a_status_that_says_why(caller: str, dialled: str, status: int) -> None:
    world = Exchange()
    one = world.phone(caller)
    world.call(one, dialled)
    assert one.take(sip.Refused).status == status
    assert world.switchboard.calls == {}


def test_nobody_calls_as_another() -> None:
    world = Exchange()
    ola = world.phone("ola-phone")
    ola.engine.invite(
        target="sip:kari@story.example",
        from_="<sip:kari@story.example>",
        to="<sip:kari@story.example>",
        flow=ola.flow,
        body=b"v=0 offer\r\n",
        now=0.0,
    )
    world.settle()
    assert ola.take(sip.Refused).status in (401, 403)


def test_a_stranger_is_challenged() -> None:
    world = Exchange()
    gate = world.phone("gate")
    gate.pbx_flow.identity = None
    world.call(gate, "kari")
    refused = gate.take(sip.Refused)
    assert refused.status == 401
    assert refused.response.headers.get("WWW-Authenticate").startswith("Digest ")


def test_a_revoked_device_is_no_longer_known_on_its_connection() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.book.revoked.add("gate")
    world.call(gate, "kari")
    assert gate.take(sip.Refused).status == 401


def test_what_is_not_sdp_is_refused_with_what_we_take() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.call(gate, "kari", content_type="text/plain")
    refused = gate.take(sip.Refused)
    assert (refused.status, refused.response.headers.get("Accept")) == (415, "application/sdp")


def test_a_wrong_description_is_refused() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.phone("kari-phone")
    world.media.refused.add(b"v=0 offer\r\n")
    world.call(gate, "kari")
    assert gate.take(sip.Refused).status == 488
    assert world.media.did == ["open", "close"]


def test_no_room_for_media() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.media.full = True
    world.call(gate, "kari")
    refused = gate.take(sip.Refused)
    assert (refused.status, refused.response.headers.get("Retry-After")) == (503, "5")


def test_limits_of_the_node_and_of_a_device() -> None:
    world = Exchange(limits=Limits(total=3, per_device=2))
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    kari = world.phone("kari-phone")
    for _ in range(2):
        world.call(gate, "kari")
        kari.take(sip.InviteReceived).session.ring(world.now)
    world.call(gate, "kari")
    assert gate.take(sip.Refused).status == 486
    world.call(ola, "kari")
    world.call(ola, "kari")
    assert ola.take(sip.Refused).status == 503


def test_a_device_of_the_same_name_at_another_site_takes_nobody_s_room() -> None:
    world = Exchange(limits=Limits(total=9, per_device=1))
    world.plans.run(plan_of(story_rows(domain="other.example")))
    kari, gate, namesake = world.phone("kari-phone"), world.phone("gate"), world.phone("gate", register=False)
    namesake.pbx_flow.identity = Identity("other.example", "gate", "gate")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    namesake.engine.invite(
        target="sip:kari@other.example",
        from_="<sip:gate@other.example>",
        to="<sip:kari@other.example>",
        flow=namesake.flow,
        body=OFFER,
        now=world.now,
    )
    world.settle()
    assert namesake.take(sip.Refused).status == 480, "nobody is registered there, but there is room"


def test_a_site_without_a_plan() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.plans.forget("story.example")
    world.call(gate, "kari")
    assert gate.take(sip.Refused).status in (401, 403, 503)
