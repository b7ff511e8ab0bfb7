"""Telephones in a ring, on a virtual clock: who wins by what, and which trunk carries them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialplan.rows import ButtonRow, PersonRow, TelephonyRow
from media.engine import Dtmf
from pbx.facts import AlarmRaised, CallEnded, DoorOpened, EndReason
from pbx.sip import events as sip
from tests.support.carriers import LIMITS, registering, trunk
from tests.support.exchange import ANSWER, SITE, Exchange, FarPhone, story_rows

LANDLINE = "+4722334455"


def town(limits: TelephonyRow | None = LIMITS, **changes: Any) -> Exchange:
    """The story house: Kari has an app and a telephone, Olga a telephone only."""
    site = story_rows()
    people = (
        replace(site.people[0], telephone=LANDLINE),
        site.people[1],
        PersonRow("olga", "Olga", unit="one", telephone="+4799887766"),
    )
    rows = replace(
        site,
        people=people,
        buttons=(*site.buttons, ButtonRow("olga-button", person="olga")),
        telephony=(replace(limits, **changes),) if limits is not None else (),
    )
    return Exchange(rows)


def invited(phone: FarPhone) -> Any:
    """The session of the INVITE that reached it."""
    return phone.take(sip.InviteReceived).session


def press(world: Exchange, digit: str, device: str = f"tel:{LANDLINE}") -> None:
    """A key at the other end of that leg."""
    (call, runner), *_ = world.switchboard.calls.items()
    leg = next(each for each in runner.call.legs.values() if each.device == device)
    world.switchboard.media_event(Dtmf(call, leg.id, digit, 0.0), world.now)
    world.settle()


def test_app_and_landline_both_ring_and_who_answers_the_landline_must_press() -> None:
    world = town()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "kari")
    app, landline = invited(kari), invited(carrier)
    request = carrier.requests("INVITE")[0]
    assert request.uri == f"sip:{LANDLINE}@192.0.2.50"
    assert request.from_.uri == "sip:+4722000000@carrier.example"
    assert "Doorline-Preview" not in request.headers
    app.ring(world.now)
    landline.accept(ANSWER, world.now)  # a mailbox, perhaps
    world.settle()
    assert not gate.was_told(sip.Answered)
    assert "play nb/menu" in world.media.did
    world.advance(10)
    app.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)
    assert carrier.take(sip.Ended).cause == "bye"
    assert world.lock.orders == []


def test_five_wins_and_opens_one_talks_hash_refuses() -> None:
    for digit, opens in (("5", ["front"]), ("1", [])):
        world = town()
        gate, kari = world.phone("gate"), world.phone("kari-phone")
        (carrier,) = world.carriers(trunk())
        world.call(gate, "kari")
        invited(kari).ring(world.now)
        invited(carrier).accept(ANSWER, world.now)
        world.settle()
        press(world, digit)
        assert gate.take(sip.Answered)
        assert kari.take(sip.Cancelled)
        assert [order.door.id for order in world.lock.orders] == opens
    world = town()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "kari")
    app = invited(kari)
    app.ring(world.now)
    invited(carrier).accept(ANSWER, world.now)
    world.settle()
    press(world, "#")
    assert carrier.take(sip.Ended).cause == "bye"
    assert not kari.was_told(sip.Cancelled)
    app.accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)


def test_alone_a_telephone_wins_by_answering_and_opens_by_a_digit() -> None:
    world = town()
    gate = world.phone("gate")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "olga")
    invited(carrier).accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)
    press(world, "5", "tel:+4799887766")
    assert world.saw(DoorOpened)[0].method == "visitor_call"
    world.advance(0.1)
    assert [did for did in world.media.did if "open" in did and "play" in did] == [
        "play nb/door_open",
        "play nb/opened",
    ]


def test_a_carriers_early_answer_is_no_answer_and_its_keys_are_none() -> None:
    world = town()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "kari")
    invited(kari).ring(world.now)
    landline = invited(carrier)
    landline.ring(world.now, 183, ANSWER)
    world.settle()
    press(world, "5")
    assert not gate.was_told(sip.Answered)
    assert world.lock.orders == []


@pytest.mark.parametrize("says", ["nothing", "503", "busy"])
def test_the_second_trunk_takes_over_when_the_first_is_silent_or_full(says: str) -> None:
    world = town()
    gate = world.phone("gate")
    first, second = world.carriers(trunk("first"), trunk("second"))
    if says == "nothing":
        first.deaf = True
    world.call(gate, "olga")
    if says != "nothing":
        invited(first).refuse(503 if says == "503" else 486, world.now)
        world.settle()
    world.advance(3)
    assert second.was_told(sip.InviteReceived) == (says != "busy")
    if says == "busy":
        return
    invited(second).accept(ANSWER, world.now)
    world.settle()
    assert gate.take(sip.Answered)


def test_a_redirection_makes_no_call() -> None:
    world = town()
    gate = world.phone("gate")
    first, second = world.carriers(trunk("first"), trunk("second"))
    session = world.call(gate, "olga")
    invited(first).refuse(302, world.now, [("Contact", "<sip:+882161234567@192.0.2.50>")])
    world.settle()
    assert session.over
    assert second.requests("INVITE") == []
    assert len(first.requests("INVITE")) == 1


def test_a_carrier_that_refers_is_refused() -> None:
    world = town()
    gate = world.phone("gate")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "olga")
    landline = invited(carrier)
    landline.accept(ANSWER, world.now)
    world.settle()
    landline.send_request("REFER", [("Refer-To", "<sip:+882161234567@192.0.2.50>")], b"", world.now)
    world.settle()
    assert carrier.answers("REFER") == [403]
    assert len(carrier.requests("INVITE")) == 1


def test_without_limits_nothing_is_called_and_the_alarm_is_raised_once() -> None:
    wrong = (replace(LIMITS, calls=0), replace(LIMITS, countries=("SE",)), replace(LIMITS, rates=()))
    for limits in (None, *wrong):
        world = town(limits)
        gate = world.phone("gate")
        (carrier,) = world.carriers(trunk())
        world.call(gate, "olga")
        world.advance(60)
        world.call(gate, "olga")
        assert carrier.requests("INVITE") == []
        assert [(fact.kind, fact.site) for fact in world.saw(AlarmRaised)] == [("trunk_limit", SITE)]


def test_the_minutes_of_a_day_end_a_talk() -> None:
    world = town(minutes_per_day=2)
    gate = world.phone("gate")
    (carrier,) = world.carriers(trunk())
    world.call(gate, "olga")
    invited(carrier).accept(ANSWER, world.now)
    world.advance(119)
    assert not carrier.was_told(sip.Ended)
    assert [use.minutes for use in world.saved] == [1, 2]
    world.advance(2)
    assert carrier.take(sip.Ended).cause == "bye"
    assert world.saw(CallEnded)[0].reason is EndReason.TALK_LIMIT


def test_help_is_refused_in_words_or_reached_past_every_limit_but_never_from_a_panel() -> None:
    world = town()
    kari = world.phone("kari-phone")
    (carrier,) = world.carriers(trunk())
    world.call(kari, "112")
    refused = kari.take(sip.Refused)
    assert refused.status == 403
    assert "Not an emergency telephone" in refused.response.headers.get("Warning")
    world = town(emergency="carrier", calls=0)
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    (carrier,) = world.carriers(trunk(), up=False)
    world.call(gate, "112")
    assert gate.take(sip.Refused).status == 403
    world.call(kari, "112")
    invited(carrier).accept(ANSWER, world.now)
    world.settle()
    assert carrier.requests("INVITE")[0].uri == "sip:112@192.0.2.50"
    assert kari.take(sip.Answered)


def test_a_challenge_of_the_carrier_is_met_and_of_nobody_else() -> None:
    for realm, calls in (("carrier.example", 2), ("evil.example", 1)):
        world = town()
        gate = world.phone("gate")
        (carrier,) = world.carriers(registering(), up=False)
        asked = carrier.take(sip.RequestReceived)
        assert asked.request.method == "REGISTER"
        carrier.engine.respond_status(asked.transaction, 200, world.now, [("Expires", "300")])
        world.settle()
        world.call(gate, "olga")
        challenge = f'Digest realm="{realm}", nonce="n", algorithm=MD5, qop="auth"'
        invited(carrier).refuse(407, world.now, [("Proxy-Authenticate", challenge)])
        world.settle()
        sent = carrier.requests("INVITE")
        assert len(sent) == calls
        assert ("Proxy-Authorization" in sent[-1].headers) == (calls == 2)


def test_nothing_of_a_call_is_left() -> None:
    world = town()
    gate = world.phone("gate")
    (carrier,) = world.carriers(trunk())
    session = world.call(gate, "olga")
    invited(carrier).accept(ANSWER, world.now)
    world.settle()
    session.end(world.now)
    world.settle()
    assert carrier.take(sip.Ended)
    assert world.desk.stats()["calls"] == 0
    assert world.desk.shown()[0].calls == 0
    world.advance(40)
    assert world.quiet()
