"""What operators order, on a whole PBX core with a virtual clock."""

from __future__ import annotations

from pbx.control import Contact, Orders, Originated, Refusal
from pbx.facts import AlarmCleared, AlarmRaised, DoorFailed, DoorOpened, LockdownBegan
from pbx.orders import OperatorOrders
from pbx.sip import events as sip
from pbx.web.service_mode import ServiceModes
from tests.support.exchange import ANSWER, SITE, Exchange


class Desk:
    """An operator with a world to steer."""

    def __init__(self) -> None:
        self.world = Exchange()
        self.ends: list[Refusal | None] = []
        self.orders: Orders = OperatorOrders(
            engine=self.world.engine,
            plans=self.world.plans,
            location=self.world.location,
            switchboard=self.world.switchboard,
            doors=self.world.doorkeeper,
            opener=self.world.opener,
            facts=self.world.feed,
            clock=lambda: self.world.now,
            settled=self.world.settle,
            services=ServiceModes(
                lambda: self.world.at, lambda: self.world.now, self.world.switchboard.visited
            ),
        )

    def open(self, door: str = "front", account: str = "op") -> Refusal | None:
        self.orders.open_door(SITE, door, account, self.ends.append)
        return self.ends[-1]


def test_a_door_opens_by_the_one_way() -> None:
    desk = Desk()
    assert desk.open() is None
    (order,) = desk.world.lock.orders
    assert (order.door.id, order.method) == ("front", "api")
    assert desk.world.saw(DoorOpened)[0].method == "api"
    assert desk.orders.doors(SITE)[0].state == "open"
    desk.world.advance(10)
    assert desk.orders.doors(SITE)[0].state == "closed"
    assert desk.orders.doors("other.example") == []


def test_what_holds_for_the_door_beats_the_operator() -> None:
    desk = Desk()
    assert desk.orders.lock_door(SITE, "front", 60, "op") is None
    shown = desk.orders.doors(SITE)[0]
    assert (shown.state, shown.locked_by) == ("locked", "op") and "T" in shown.locked_until
    assert desk.open() == Refusal("lockdown")
    assert desk.world.lock.orders == []
    assert desk.world.saw(DoorFailed)[0].detail == "lockdown"
    assert desk.world.saw(LockdownBegan)[0].by == "op"
    assert desk.orders.lock_door(SITE, "front", 0, "op") is None
    assert desk.orders.lock_door(SITE, "front", 0, "op") == Refusal("not locked down")
    assert desk.orders.lock_door(SITE, "front", 1e9, "op") is not None
    desk.world.advance(2)
    assert desk.open() is None


def test_one_door_a_second_and_an_alarm_once() -> None:
    desk = Desk()
    assert desk.open() is None
    for _ in range(3):
        assert desk.open() == Refusal("Only one door a second")
    assert desk.open(account="other") is None
    assert [alarm.subject for alarm in desk.world.saw(AlarmRaised)] == ["op"]
    desk.world.advance(61)
    assert desk.open() is None
    assert len(desk.world.saw(AlarmCleared)) == 1


def test_a_lock_that_fails_says_why() -> None:
    desk = Desk()
    desk.world.lock.fault = "unreachable"
    assert desk.open() == Refusal("unreachable")
    assert desk.open("back") == Refusal("No such door")


def test_originate_and_why_not() -> None:
    desk = Desk()
    assert isinstance(desk.orders.originate(SITE, "kari-phone", "ola", 20, desk.ends.append), Refusal)
    kari, ola = desk.world.phone("kari-phone"), desk.world.phone("ola-phone")
    begun = desk.orders.originate(SITE, "kari-phone", "ola", 20, desk.ends.append)
    assert isinstance(begun, Originated)
    kari.take(sip.InviteReceived).session.accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert desk.ends == [None]
    ola.take(sip.InviteReceived).session.accept(ANSWER, desk.world.now)
    desk.world.settle()
    assert desk.orders.press(begun.call, begun.leg, "5") is None
    assert desk.orders.press("gone", "l", "5") == Refusal("No such channel")
    assert desk.orders.redirect(begun.call, begun.leg, "112") == Refusal("Not an emergency telephone")


def test_no_digit_is_played_to_a_panel() -> None:
    """A panel may open its own door by a digit: that is the opener's way, not AMI's."""
    desk = Desk()
    gate, kari = desk.world.phone("gate"), desk.world.phone("kari-phone")
    desk.world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.accept(ANSWER, desk.world.now)
    desk.world.settle()
    call, runner = next(iter(desk.world.switchboard.calls.items()))
    why = desk.orders.press(call, runner.call.caller.leg, "5")
    assert why == Refusal("No digits to a panel: doors are opened by DoorOpen")


def test_qualify_measures_the_round_trip() -> None:
    desk = Desk()
    kari = desk.world.phone("kari-phone")
    heard: list[tuple[Contact, int | None]] = []
    assert desk.orders.qualify(SITE, "kari-phone", lambda c, us: heard.append((c, us))) == 1
    asked = kari.take(sip.RequestReceived)
    desk.world.now += 0.002
    kari.engine.respond_status(asked.transaction, 200, desk.world.now)
    desk.world.settle()
    assert [us for _, us in heard] == [2000]
    desk.orders.qualify(SITE, "kari-phone", lambda c, us: heard.append((c, us)))
    desk.world.advance(40)
    assert heard[-1][1] is None


def test_what_the_server_cannot_do_yet_is_said() -> None:
    desk = Desk()
    assert desk.orders.lock_door(SITE, "back", 60, "op") == Refusal("No such door")
    assert desk.orders.restart_panel(SITE, "gate") == Refusal("The panel cannot be reached")
    assert desk.orders.restart_panel(SITE, "kari-phone") == Refusal("No such panel")


def test_a_panels_service_mode_is_begun_and_ended_by_name() -> None:
    desk = Desk()
    assert desk.orders.take_picture(SITE, "gate") == Refusal("not in service mode")
    assert desk.orders.serve_panel(SITE, "kari-phone", 60, "op") == Refusal("No such panel")
    assert desk.orders.serve_panel(SITE, "gate", 60, "op") is None
    shown = desk.orders.service(SITE, "gate")
    assert shown is not None and shown.by == "op" and not shown.announced
    assert desk.orders.take_picture(SITE, "gate") is None
    assert desk.orders.serve_panel(SITE, "gate", 0, "op") is None
    assert desk.orders.service(SITE, "gate") is None
    assert desk.orders.serve_panel(SITE, "gate", 0, "op") == Refusal("not in service mode")
