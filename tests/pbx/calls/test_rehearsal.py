"""A device rings itself for a test, by binding or by push, and nothing is left of it."""

from __future__ import annotations

from pbx.sip import events as sip
from tests.pbx.calls.test_waking import Night
from tests.support.exchange import ANSWER, SITE, Exchange


def test_it_rings_and_whoever_answers_is_hung_up_on() -> None:
    world = Exchange()
    kari = world.phone("kari-phone")
    call = world.switchboard.rehearse(SITE, "kari-phone", world.now)
    assert call
    world.settle()
    session = kari.take(sip.InviteReceived).session
    session.ring(world.now)
    world.settle()
    session.accept(ANSWER, world.now)
    world.settle()
    world.advance(1)
    assert kari.was_told(sip.Ended)
    world.advance(40)
    assert world.quiet()


def test_neither_a_panel_nor_a_stranger_rings_anybody() -> None:
    world = Exchange()
    world.phone("gate")
    for device in ("gate", "controller", "nobody"):
        assert world.switchboard.rehearse(SITE, device, world.now) == ""
    assert world.switchboard.rehearse("other.example", "kari-phone", world.now) == ""
    assert world.quiet()


def test_nobody_answers() -> None:
    world = Exchange()
    kari = world.phone("kari-phone")
    assert world.switchboard.rehearse(SITE, "kari-phone", world.now)
    world.settle()
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.advance(21)
    assert kari.was_told(sip.Cancelled)
    world.advance(40)
    assert world.quiet()


def test_a_closed_app_is_pushed() -> None:
    world = Night()
    assert world.switchboard.rehearse(SITE, "kari-phone", world.now)
    assert world.kinds() == ["ring"]
    kari = world.phone("kari-phone")
    assert kari.was_told(sip.InviteReceived)
    world.advance(21)
    assert world.kinds()[-1] == "ended"


def test_what_has_no_bell() -> None:
    world = Exchange()
    for device in ("gate", "controller", "nothing"):
        assert world.switchboard.rehearse(SITE, device, world.now) == ""
    assert world.switchboard.rehearse("no.example", "kari-phone", world.now) == ""
    world.media.full = True
    assert world.switchboard.rehearse(SITE, "kari-phone", world.now) == ""
    assert world.quiet()
