"""Devices that sleep are woken by push: no binding, a stale socket, joining late, and what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dialplan import rows
from pbx.calls.preview import PreviewGone
from pbx.calls.waking import Waking
from pbx.push.desk import Letter
from pbx.push.subscription import Subscription
from pbx.sip import events as sip
from pbx.sip.message import Message
from tests.support.exchange import ANSWER, CAMERA_OFFER, SITE, Exchange, FarPhone, story_rows

SLEEPER = Subscription("https://push.example/kari", "p", "a")


class Night(Exchange):
    """The story house with push: letters are written down, and accepted at once unless `refuse`."""

    def __init__(self, site: rows.SiteRows | None = None, who: tuple[str, ...] = ("kari-phone",)) -> None:
        super().__init__(site)
        self.letters: list[Letter] = []
        self.outcome: Any = "accepted"
        self.push.find = lambda domain, device: SLEEPER if device in who else None
        self.push.post = self._post

    def _post(self, letter: Letter) -> None:
        self.letters.append(letter)
        if self.outcome:
            self.push.sent(letter, self.outcome, self.now)

    def lose(self, one: FarPhone) -> None:
        """Its connection is gone."""
        self.location.drop_flow(one.pbx_flow, self.now)
        self.engine.flow_lost(one.pbx_flow, self.now)
        one.deaf = True
        self.settle()

    def kinds(self) -> list[str]:
        return [letter.kind for letter in self.letters]


def one_after_the_other() -> rows.SiteRows:
    members = tuple(rows.MemberRow("person", who) for who in ("kari", "ola"))
    return story_rows(groups=(rows.GroupRow("all", "All", members, ringing="sequential"),))


def test_no_binding_then_push_then_it_joins_and_answers() -> None:
    world = Night()
    gate = world.phone("gate")
    calling = world.call(gate, "kari", CAMERA_OFFER)
    (letter,) = world.letters
    said = json.loads(letter.body)
    assert (said["type"], said["from"], said["label"], said["device"]) == (
        "ring",
        "Gate",
        "Kari",
        "kari-phone",
    )
    assert said["picture"].startswith("/preview/") and said["picture"].endswith(".jpg")
    assert letter.ttl == 60 and letter.topic == said["call"] and len(letter.topic) <= 32
    world.advance(10)
    assert world.kinds() == ["ring", "ring"]  # repeated
    kari = world.phone("kari-phone")  # the tap opened the app, and it registers
    session = kari.take(sip.InviteReceived).session
    session.ring(world.now)
    world.advance(20)
    assert world.kinds() == ["ring", "ring"]  # it rings by itself now
    session.accept(ANSWER, world.now)
    world.settle()
    assert world.kinds() == ["ring", "ring", "ended"]
    calling.end(world.now)
    world.advance(40)
    assert world.quiet() and world.push.stats()["rings"] == 0
    assert world.switchboard.around.previews.stats()["tokens"] == 0


def test_a_stale_socket_is_found_in_seven_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Night()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    monkeypatch.setattr(kari.engine, "receive", lambda *_: None)
    world.call(gate, "kari")
    world.advance(0.6)
    assert world.letters == []
    world.advance(0.15)
    assert world.kinds() == ["ring"]
    world.advance(6)
    assert world.switchboard.live == 1  # its silence no longer ends the ring: it may wake up
    again = world.phone("kari-phone")
    again.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    assert world.kinds() == ["ring", "ended"]


def test_a_socket_lost_at_the_invite_is_a_reason_to_push() -> None:
    world = Night()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    kari.deaf = True
    world.call(gate, "kari")
    world.lose(kari)
    assert world.kinds() == ["ring"] and world.switchboard.live == 1
    world.phone("kari-phone").take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    assert world.kinds() == ["ring", "ended"] and gate.answers("INVITE")[-1] == 200


def test_a_page_loaded_anew_while_it_rings_rings_on() -> None:
    world = Night()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.settle()
    assert world.letters == []
    world.lose(kari)
    assert world.kinds() == ["ring"] and world.switchboard.live == 1
    assert world.phone("kari-phone").was_told(sip.InviteReceived)


def test_who_sleeps_long_finds_the_running_ring_by_the_same_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Night()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    pile: list[Message] = []
    hear = kari.engine.receive
    monkeypatch.setattr(kari.engine, "receive", lambda message, *_: pile.append(message))
    world.call(gate, "kari")
    world.advance(40)  # longer than an INVITE waits (timer B)
    assert world.switchboard.live == 1 and not world.kinds().count("ended")
    assert [m.cseq.method for m in pile] == ["INVITE", "CANCEL"]
    monkeypatch.undo()
    for message in pile:
        hear(message, kari.flow, world.now)
    world.settle()
    assert kari.was_told(sip.Cancelled)  # what is long over does not ring
    kari.told.clear()
    world.register(kari)
    kari.take(sip.InviteReceived).session.accept(ANSWER, world.now)
    world.settle()
    assert gate.answers("INVITE")[-1] == 200


def test_an_old_socket_wakes_nobody_who_rings_or_has_declined() -> None:
    world = Night()
    gate, old, kari = world.phone("gate"), world.phone("kari-phone"), world.phone("kari-phone")
    old.deaf = True
    world.call(gate, "kari")
    ringing = kari.take(sip.InviteReceived).session
    ringing.ring(world.now)
    world.advance(20)
    assert world.letters == []
    ringing.refuse(486, world.now)
    world.lose(old)
    assert world.letters == [] and world.switchboard.live == 0


def test_a_sleeper_that_is_revoked_is_told_the_end_and_sees_no_picture() -> None:
    world = Night(one_after_the_other())
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    world.call(gate, "all", CAMERA_OFFER)
    desk = world.switchboard.around.previews
    path = json.loads(world.letters[0].body)["picture"]
    token = path.removeprefix("/preview/").removesuffix(".jpg")
    desk.picture(token, world.now, lambda jpeg: None)
    world.book.revoked.add("kari-phone")
    world.switchboard.device_revoked(SITE, "kari-phone", world.now)
    world.settle()
    assert world.kinds() == ["ring", "ended"]
    with pytest.raises(PreviewGone):
        desk.picture(token, world.now, lambda jpeg: None)
    assert ola.was_told(sip.InviteReceived)  # the next step does not wait for nobody


def test_an_app_that_answers_the_probe_is_not_pushed() -> None:
    world = Night()
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "kari")
    kari.take(sip.InviteReceived).session.ring(world.now)
    world.advance(20)
    assert world.letters == []


def test_who_cannot_be_woken_makes_room_for_the_next() -> None:
    world = Night(one_after_the_other())
    world.outcome = "gone"
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    world.call(gate, "all")
    assert ola.was_told(sip.InviteReceived)
    assert not world.push.can_wake(SITE, "kari-phone")
    world.push.find = lambda domain, device: Subscription("https://push.example/new", "p", "a")
    assert world.push.can_wake(SITE, "kari-phone")


def test_a_push_service_that_fails_twice_makes_room_too() -> None:
    world = Night(one_after_the_other())
    world.outcome = "failed"
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    world.call(gate, "all")
    assert not ola.was_told(sip.InviteReceived)
    world.advance(2.5)
    assert ola.was_told(sip.InviteReceived) and world.kinds() == ["ring", "ring"]


def test_the_step_of_a_sleeper_takes_its_time_and_ends_with_its_notification() -> None:
    world = Night(one_after_the_other())
    gate, ola = world.phone("gate"), world.phone("ola-phone")
    world.call(gate, "all")
    world.advance(24)
    assert not ola.was_told(sip.InviteReceived) and world.kinds() == ["ring"] * 3
    world.advance(2)
    assert ola.was_told(sip.InviteReceived) and world.kinds() == ["ring"] * 3 + ["ended"]
    late = world.phone("kari-phone")
    assert not late.was_told(sip.InviteReceived)  # its step is over


def test_the_visitor_leaves() -> None:
    world = Night()
    gate = world.phone("gate")
    calling = world.call(gate, "kari")
    calling.cancel(world.now)
    world.settle()
    assert world.kinds() == ["ring", "ended"] and world.push.next_deadline() is None


def test_one_declines_while_the_other_wakes_up() -> None:
    world = Night(who=("ola-phone",))
    gate, kari = world.phone("gate"), world.phone("kari-phone")
    world.call(gate, "all")
    kari.take(sip.InviteReceived).session.refuse(603, world.now)
    world.advance(1)
    assert world.switchboard.live == 1
    ola = world.phone("ola-phone")
    ola.take(sip.InviteReceived).session.refuse(486, world.now)
    world.settle()
    assert gate.answers("INVITE")[-1] == 480 and world.kinds() == ["ring", "ended"]


def test_rings_share_a_device() -> None:
    waking = Waking()
    assert waking.begin("a", 1) and not waking.begin("a", 2)
    assert waking.stop(1) == [] and waking.hopes(2)
    waking.up("a")
    assert not waking.hopes(2)
    assert waking.stop(2) == ["a"] and waking.stop_all() == []
