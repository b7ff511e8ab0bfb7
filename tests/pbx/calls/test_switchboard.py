"""Calls through the whole core on a virtual clock: sessions, media commands, facts, nothing left behind."""

from __future__ import annotations

from media.engine import Dtmf, Silent
from pbx.facts import CallEnded, DoorFailed, DoorOpened, EndReason, LegEnded
from pbx.sip import events as sip
from pbx.sip.invite.session import Session
from tests.support.exchange import ANSWER, OFFER, SITE, Exchange, FarPhone, plan_of, story_rows


def talking() -> tuple[Exchange, Session, Session, tuple[FarPhone, FarPhone]]:
    """The gate called Kari, who answered."""
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    session = world.call(gate, "kari")
    invited = kari.take(sip.InviteReceived).session
    invited.accept(ANSWER, world.now)
    world.settle()
    return world, session, invited, (gate, kari)


def test_invite_answer_bye_leaves_nothing() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    session = world.call(gate, "kari")
    invited = kari.take(sip.InviteReceived).session
    invited.ring(world.now)
    world.settle()
    assert gate.take(sip.Progressed).response.status == 180
    invited.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered).response.body == ANSWER
    assert world.media.did[-2:] == ["connect", "listen"]
    session.end(world.now)
    world.settle()
    assert kari.take(sip.Ended).cause == "bye"
    world.advance(40)
    assert world.quiet()
    assert world.saw(CallEnded)[0].reason is EndReason.NORMAL


def test_the_loser_of_a_fork_is_told_elsewhere() -> None:
    world = Exchange()
    gate, kari, ola = (world.phone(name) for name in ("gate", "kari-phone", "ola-phone"))
    world.call(gate, "all")
    ola.take(sip.InviteReceived).session.ring(world.now)
    kari.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    cancel = ola.requests("CANCEL")[0]
    assert cancel.headers.get("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    assert LegEnded in {type(fact) for fact in world.facts}


def test_digit_five_opens_and_the_panel_side_presses_nothing() -> None:
    world, _, _, _ = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    world.switchboard.media_event(Dtmf(call, runner.call.caller.leg, "5", 0.0), world.now)
    assert world.lock.orders == []
    winner = runner.call.winner
    assert winner is not None
    world.switchboard.media_event(Dtmf(call, winner.id, "7", 0.0), world.now)
    world.switchboard.media_event(Dtmf(call, winner.id, "5", 0.0), world.now)
    assert [order.door.id for order in world.lock.orders] == ["front"]
    assert world.saw(DoorOpened)[0].door == "front"


def test_a_right_withdrawn_during_the_call_opens_nothing() -> None:
    world, _, _, _ = talking()
    world.plans.run(plan_of(story_rows(rules=())))
    call, runner = next(iter(world.switchboard.calls.items()))
    assert runner.call.winner is not None
    world.switchboard.media_event(Dtmf(call, runner.call.winner.id, "5", 0.0), world.now)
    assert world.lock.orders == []
    assert world.saw(DoorFailed)[0].detail == "no_right"


def test_a_lock_that_fails_is_a_fact() -> None:
    world, _, _, _ = talking()
    world.lock.fault = "unreachable"
    call, runner = next(iter(world.switchboard.calls.items()))
    assert runner.call.winner is not None
    world.switchboard.media_event(Dtmf(call, runner.call.winner.id, "5", 0.0), world.now)
    assert world.saw(DoorFailed)[0].detail == "unreachable"


def test_silence_ends_a_talk() -> None:
    world, _, _, _ = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    world.switchboard.media_event(Silent(call, runner.call.caller.leg, 30.0), world.now)
    world.advance(40)
    assert world.quiet()
    assert world.saw(CallEnded)[0].reason is EndReason.SILENT


def test_events_of_calls_that_are_over_are_dropped() -> None:
    world = Exchange()
    world.switchboard.media_event(Silent("gone", "leg", 30.0), world.now)
    assert not world.switchboard.hang_up("gone", world.now)
    assert not world.switchboard.hang_up_leg("gone", "leg", world.now)
    assert world.switchboard.panel_leg("gone", "gate") is None


def test_the_talk_limit_hangs_up_on_both() -> None:
    world, _, _, phones = talking()
    world.advance(179)
    assert not world.quiet()
    world.advance(60)
    assert world.quiet()
    gate, kari = phones
    assert len(gate.requests("BYE")) == len(kari.requests("BYE")) == 1


def test_nobody_answers_until_the_limit() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.advance(60)
    assert gate.take(sip.Refused).status == 480
    world.advance(40)
    assert world.quiet()


def test_device_that_registers_while_it_rings_is_rung() -> None:
    world = Exchange()
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    world.call(gate, "all")
    ola.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    kari = world.phone("kari-phone")
    assert str(kari.take(sip.InviteReceived).request.headers.get("From")).startswith('"Gate" <sip:gate@')


def test_revoked_device_loses_its_talk() -> None:
    world, _, _, phones = talking()
    gate, kari = phones
    world.switchboard.device_revoked(SITE, "kari-phone", world.now)
    world.settle()
    assert kari.requests("BYE")
    assert gate.requests("BYE")


def test_hang_up_by_an_operator() -> None:
    world, _, _, _ = talking()
    call, runner = next(iter(world.switchboard.calls.items()))
    assert world.switchboard.hang_up_leg(call, runner.call.caller.leg, world.now)
    world.advance(40)
    assert world.quiet()
    assert len(world.switchboard.dialogs(call)) == 2


def test_door_opened_another_way_stops_the_ring() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    world.feed.publish(DoorOpened(SITE, "front", "app", None))
    world.advance(0.1)
    assert kari.requests("CANCEL")
    assert gate.take(sip.Refused).status == 487


def test_an_answer_without_common_media_rings_on_elsewhere() -> None:
    world = Exchange()
    gate, kari, ola = (world.phone(name) for name in ("gate", "kari-phone", "ola-phone"))
    world.media.refused.add(b"v=0 nonsense\r\n")
    world.call(gate, "all")
    ringing = ola.take(sip.InviteReceived).session
    ringing.ring(world.now)
    kari.take(sip.InviteReceived).session.accept(b"v=0 nonsense\r\n", world.now)
    world.settle()
    assert kari.requests("BYE")
    assert not gate.was_told(sip.Answered)
    ringing.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)


def test_a_call_that_begins_without_an_offer() -> None:
    world = Exchange()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    session = world.call(gate, "kari", body=b"")
    kari.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    answered = gate.take(sip.Answered)
    assert answered.response.body == OFFER
    session.acknowledge(ANSWER, world.now)
    world.settle()
    assert "connect" in world.media.did


def test_panel_leg_is_found_for_its_own_lock() -> None:
    world, _, _, _ = talking()
    call = next(iter(world.switchboard.calls))
    found = world.switchboard.panel_leg(call, "gate")
    assert found is not None
    assert world.switchboard.panel_leg(call, "kari-phone") is None


def test_one_person_is_never_rung_by_her_own_call() -> None:
    site = story_rows()
    world = Exchange(site)
    kari = world.phone("kari-phone")
    world.call(kari, "kari")
    assert kari.take(sip.Refused).status == 480


def test_new_calls_are_turned_away_and_digits_are_not() -> None:
    world, _, _, phones = talking()
    world.engine.turn_away(lambda has_credentials: 5)
    ola = world.phone("ola-phone")
    world.call(ola, "kari")
    refused = ola.take(sip.Refused)
    assert refused.status == 503
    assert refused.response.headers.get("Retry-After") == "5"
    call, runner = next(iter(world.switchboard.calls.items()))
    assert runner.call.winner is not None
    world.switchboard.media_event(Dtmf(call, runner.call.winner.id, "5", 0.0), world.now)
    assert world.saw(DoorOpened)
    assert phones
