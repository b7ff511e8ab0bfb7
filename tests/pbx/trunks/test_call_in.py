"""Known telephones call in and open with a PIN of a pass they gave; everybody else is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dialplan.passes import Code, Pass, pin_digest
from dialplan.rows import PersonRow, RuleRow
from media.engine import Dtmf
from pbx.doors.codes import CodeDesk
from pbx.facts import AlarmRaised, DoorOpened
from pbx.sip import events as sip
from pbx.trunks.call_in import LONGEST_SECONDS, CallInGround, CallIns
from pbx.trunks.entrance import Entrance
from tests.support.carriers import LIMITS, trunk
from tests.support.exchange import OFFER, SITE, Exchange, FarPhone, story_rows

OLGA, PIN = "+4799887766", "123456"


class Town:
    """A house whose Olga has a telephone and gave a pass."""

    def __init__(self, call_in: str = "gate") -> None:
        site = story_rows()
        people = (*site.people, PersonRow("olga", "Olga", unit="one", telephone=OLGA))
        rules = (*site.rules, RuleRow("codes", doors=("front",), people=("olga",), methods=("code",)))
        telephony = (replace(LIMITS, call_in=call_in),)
        self.world = world = Exchange(replace(site, people=people, rules=rules, telephony=telephony))
        codes = CodeDesk(
            world.doorkeeper, world.plans, world.feed, lambda: world.at, lambda site, of, used: None
        )
        days = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
        mine = Pass("p1", "olga", ("front",), *days, None, pin_digest(SITE, PIN), "")
        karis = Pass("p2", "kari", ("front",), *days, None, pin_digest(SITE, "654321"), "")
        codes.take({SITE: (mine, karis)}, frozenset({(SITE, "p1"), (SITE, "p2")}))
        self.calls = CallIns(
            CallInGround(
                engine=world.engine,
                media=world.media,
                plans=world.plans,
                codes=codes,
                token=world.token,
                clock=lambda: world.now,
                digest=lambda site, pin, done: done(Code(pin=pin_digest(site, pin))),
                settled=lambda: None,
            )
        )
        self.entrance = Entrance(world.engine, world.desk, self.calls)
        world.dispatch._outside = self.entrance
        [self.carrier] = world.carriers(trunk())
        self.session: Any = None

    def ring(self, number: str = OLGA, **more: Any) -> FarPhone:
        """A call comes in that shows this number."""
        self.session = self.carrier.engine.invite(
            target="sip:+4722000000@192.0.2.1",
            from_=f"<sip:{number}@carrier.example>",
            to="<sip:+4722000000@192.0.2.1>",
            flow=self.carrier.flow,
            body=OFFER,
            now=self.world.now,
            **more,
        )
        self.world.settle()
        return self.carrier

    def type(self, keys: str) -> None:
        """Keys on the caller's telephone."""
        [call] = self.calls._calls
        for key in keys:
            self.entrance.heard(Dtmf(call, "caller", key, 0.0), self.world.now)
        self.world.settle()

    def wait(self, seconds: float) -> None:
        """Time passes for the calls in."""
        self.world.now += seconds
        self.entrance.handle_timeout(self.world.now)
        self.world.settle()


def test_the_right_pin_opens_and_the_call_ends() -> None:
    town = Town()
    assert town.ring().take(sip.Answered)
    assert "play nb/pin" in town.world.media.did
    town.type("12#")  # a slip, and then right
    assert "play nb/wrong_pin" in town.world.media.did
    town.type("*" + PIN + "#")
    assert [(fact.door, fact.method) for fact in town.world.saw(DoorOpened)] == [("front", "code")]
    assert "play nb/opened" in town.world.media.did
    town.type(PIN + "#")
    assert len(town.world.saw(DoorOpened)) == 1
    town.wait(4.0)
    assert town.carrier.take(sip.Ended).cause == "bye"
    assert town.entrance.next_deadline() is None
    assert town.world.media.did[-1] == "close"


STRANGERS = [(OLGA, ""), ("+4722334455", "gate"), ("anonymous", "gate"), ("kari-phone", "gate")]


@pytest.mark.parametrize(("number", "call_in"), STRANGERS)
def test_everybody_else_is_refused_before_anything_is_answered(number: str, call_in: str) -> None:
    town = Town(call_in)
    assert town.ring(number).take(sip.Refused).status == 403
    assert town.world.media.did == []


def test_what_the_carrier_asserts_counts_before_from() -> None:
    town = Town()
    asserted = [("P-Asserted-Identity", "<sip:+4722334455@carrier.example>")]
    assert town.ring(headers=asserted).take(sip.Refused).status == 403
    assert town.ring("nobody", headers=[("P-Asserted-Identity", f"<tel:{OLGA}>")]).take(sip.Answered)


def test_somebody_elses_pin_is_wrong_and_guessing_ends_for_all_callers_together() -> None:
    town = Town()
    town.ring()
    town.type("654321#111111#222222#")
    assert town.world.lock.orders == []
    town.type(PIN + "#")  # after three the call has nothing more to say
    town.wait(4.0)
    assert town.carrier.take(sip.Ended)
    town.ring()
    town.type("333333#444444#" + PIN + "#")
    assert town.world.lock.orders == []
    alarms = [(fact.kind, fact.subject) for fact in town.world.saw(AlarmRaised)]
    assert alarms == [("wrong_codes", "telephone")]


def test_info_counts_once_with_rtp_and_nothing_lasts_for_ever() -> None:
    town = Town()
    town.ring()
    town.type(PIN)
    body = b"Signal=#\r\nDuration=100\r\n"
    town.session.info("application/dtmf-relay", body, town.world.now)
    town.world.settle()
    assert len(town.world.saw(DoorOpened)) == 1
    other = Town()
    other.ring()
    assert other.calls.stats() == {"calls_in": 1}
    other.session.send_request("REFER", [("Refer-To", "<sip:a@b.example>")], b"", other.world.now)
    other.world.settle()
    assert other.carrier.answers("REFER") == [403]
    other.wait(LONGEST_SECONDS)
    assert other.carrier.take(sip.Ended)
    assert other.calls.stats() == {"calls_in": 0}


def test_the_caller_may_hang_up() -> None:
    town = Town()
    town.ring()
    town.session.end(town.world.now)
    town.world.settle()
    assert town.calls.stats() == {"calls_in": 0}
    assert town.world.lock.orders == []
