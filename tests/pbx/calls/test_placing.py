"""What the called side of a call gets to see, and what happens when it cannot be called."""

from __future__ import annotations

from pbx.sip import events as sip
from tests.support.exchange import OFFER, Exchange


def test_the_invite_says_who_stands_at_the_door_and_how_long_it_rings() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    request = kari.take(sip.InviteReceived).request
    assert request.headers.get("Expires") == "60"
    assert str(request.headers.get("From")).startswith('"Gate" <sip:gate@story.example>')
    assert request.headers.get("To") == "<sip:kari-phone@story.example>"
    assert request.body == OFFER


def test_people_call_under_their_own_name() -> None:
    world = Exchange()
    kari, ola = world.phone("kari-phone"), world.phone("ola-phone")
    world.call(kari, "ola")
    shown = ola.take(sip.InviteReceived).request.headers.get("From")
    assert shown is not None
    assert shown.startswith('"Kari" <sip:kari@story.example>')


def test_no_ports_left_for_a_leg_counts_as_unreachable() -> None:
    world = Exchange()
    gate = world.phone("gate")
    world.phone("kari-phone")
    world.media.legs_left = 0
    world.call(gate, "kari")
    assert gate.take(sip.Refused).status == 480
