"""Who sees a ringing panel, by which token, and until when: through the whole core on a virtual clock."""

from __future__ import annotations

from typing import Any

import pytest

from dialplan import rows
from media.engine import Played, Wanted
from media.errors import NoCapacity, SdpError
from pbx.calls.preview import (
    FRESH_SECONDS,
    HEADER,
    MOST_WAITING,
    PATH,
    Keys,
    Preview,
    PreviewDesk,
    PreviewGone,
)
from pbx.facts import CallEnded, LegRang
from pbx.sip import events as sip
from pbx.sip.message import Request, Response
from tests.support.exchange import ANSWER, CAMERA_OFFER, OFFER, Exchange, FarPhone, story_rows

EARLY = story_rows(panels=(rows.PanelRow("gate", doors=("front",), answer_early=True),))


class Gate:
    """The story house whose gate has a camera and rings five phones."""

    def __init__(self, site: rows.SiteRows | None = None, dialled: str = "all") -> None:
        self.exchange = Exchange(site)
        self.panel = self.exchange.phone("gate")
        names = ("kari-phone", "ola-phone", "ola-phone", "kari-phone", "kari-phone")
        self.phones = [self.exchange.phone(name) for name in names]
        self.session = self.exchange.call(self.panel, dialled, CAMERA_OFFER)
        self.desk = self.exchange.switchboard.around.previews

    @property
    def did(self) -> list[str]:
        return self.exchange.media.did

    def ringing(self) -> list[sip.InviteReceived]:
        return [phone.take(sip.InviteReceived) for phone in self.phones]

    def said(self) -> None:
        """What is being said to the visitor is over."""
        calls = self.exchange.switchboard.calls
        for call, leg in [(call, runner.call.caller.leg) for call, runner in calls.items()]:
            self.exchange.switchboard.media_event(Played(call, leg, "", True), self.exchange.now)
        self.exchange.settle()

    def token(self, phone: FarPhone) -> str:
        line = phone.requests("INVITE")[-1].headers.get(HEADER)
        assert line is not None
        assert line.startswith(PATH)
        return line.removeprefix(PATH)

    def to_panel(self) -> list[Response]:
        return [m for m in self.panel.got if not isinstance(m, Request) and m.cseq.method == "INVITE"]


def test_with_five_ringing_phones_the_panel_has_one_early_dialog_and_one_description() -> None:
    gate = Gate()
    for invite in gate.ringing():
        invite.session.ring(gate.exchange.now)
        gate.exchange.settle()
    assert gate.did.count("play tones/ring_back") == 0 < gate.did.count("play nb/calling")
    gate.said()
    invite.session.accept(ANSWER, gate.exchange.now)
    gate.exchange.settle()
    answers = gate.to_panel()
    assert [one.status for one in answers] == [100, 183, 200]   # baresip stops its picture at a 180 after it
    assert len({one.to.params.get("tag") for one in answers if one.status > 100}) == 1
    assert answers[1].body == answers[2].body != b""
    assert gate.did.count("play tones/ring_back") == 1
    assert gate.did.index("stop") > gate.did.index("play tones/ring_back")
    assert len(gate.exchange.saw(LegRang)) == 5


def test_a_caller_without_a_camera_rings_as_ever() -> None:
    exchange = Exchange()
    panel, phone = exchange.phone("gate"), exchange.phone("kari-phone")
    exchange.call(panel, "all", OFFER)
    phone.take(sip.InviteReceived).session.ring(exchange.now)
    exchange.settle()
    assert panel.answers("INVITE") == [100, 180]
    assert phone.requests("INVITE")[0].headers.get(HEADER) is None
    assert "film" not in exchange.media.did


def test_a_station_that_describes_itself_sees_the_panel_while_it_rings() -> None:
    gate = Gate()
    first, *others = gate.ringing()
    first.session.ring(gate.exchange.now, 183, ANSWER)
    for other in others:
        other.session.ring(gate.exchange.now)
    gate.exchange.settle()
    assert gate.did.count("view") == 1
    assert gate.panel.answers("INVITE") == [100, 183]


def test_a_wrong_description_of_a_ringing_phone_ends_nothing() -> None:
    gate = Gate()
    gate.exchange.media.refused.add(b"bad")
    first = gate.ringing()[0]
    first.session.ring(gate.exchange.now, 183, b"bad")
    gate.exchange.settle()
    assert gate.did.count("view") == 0
    first.session.accept(ANSWER, gate.exchange.now)
    gate.exchange.settle()
    assert gate.panel.answers("INVITE")[-1] == 200


def test_each_ringing_phone_has_a_token_of_its_own() -> None:
    gate = Gate()
    tokens = [gate.token(phone) for phone in gate.phones]
    assert len(set(tokens)) == 5
    assert gate.desk.stats()["tokens"] == 5


def test_a_token_opens_one_session_which_can_be_left() -> None:
    gate = Gate()
    token = gate.token(gate.phones[0])
    answer, place = gate.desk.watch(token, OFFER, "192.0.2.9")
    assert answer == ANSWER
    assert gate.did[-1] == "view"
    with pytest.raises(PreviewGone):
        gate.desk.watch(token, OFFER, None)
    gate.desk.leave(place)
    for word in (place, token, "", "-", "t1", f"{place}x", place[:-1], "ø-æ"):
        with pytest.raises(PreviewGone):
            gate.desk.leave(word)
    assert (gate.desk.stats()["sessions"], gate.desk.stats()["refused"]) == (0, 9)


def test_a_bad_offer_costs_the_token_nothing() -> None:
    gate = Gate()
    gate.exchange.media.refused.add(b"bad")
    token = gate.token(gate.phones[0])
    with pytest.raises(SdpError):
        gate.desk.watch(token, b"bad", None)
    gate.desk.watch(token, OFFER, None)


@pytest.mark.parametrize("end", ["answered", "refused", "cancelled", "door", "limit"])
def test_everything_ends_with_the_ring(end: str) -> None:
    gate = Gate()
    invites, now = gate.ringing(), gate.exchange.now
    token = gate.token(gate.phones[1])
    gate.desk.watch(token, OFFER, None)
    if end == "answered":
        invites[0].session.accept(ANSWER, now)
    elif end == "refused":
        for invite in invites:
            invite.session.refuse(603, now)
    elif end == "cancelled":
        gate.session.cancel(now)
    elif end == "limit":
        gate.exchange.advance(130)
    else:
        gate.exchange.switchboard.hang_up(next(iter(gate.exchange.switchboard.calls)), now)
    gate.exchange.settle()
    assert gate.desk.stats() == {"tokens": 0, "sessions": 0, "shown": 1, "pictures": 0, "refused": 0}
    with pytest.raises(PreviewGone):
        gate.desk.picture(token, now, lambda _: None)


def test_a_phone_that_declines_sees_no_more_and_the_others_do() -> None:
    gate = Gate()
    invites = gate.ringing()
    invites[0].session.refuse(486, gate.exchange.now)
    gate.exchange.settle()
    with pytest.raises(PreviewGone):
        gate.desk.watch(gate.token(gate.phones[0]), OFFER, None)
    gate.desk.watch(gate.token(gate.phones[1]), OFFER, None)


def test_pictures_are_shared_while_fresh_and_never_outlive_the_ring() -> None:
    gate = Gate()
    token, got = gate.token(gate.phones[0]), list[Any]()
    gate.desk.picture(token, 10.0, got.append)
    gate.desk.picture(gate.token(gate.phones[1]), 10.0 + FRESH_SECONDS / 2, got.append)
    assert (got, gate.did.count("snapshot")) == ([b"jpeg", b"jpeg"], 1)
    gate.exchange.media.picture = None
    gate.desk.picture(token, 11.0, got.append)
    assert (got[-1], gate.did.count("snapshot")) == (None, 2)


class SlowMedia:
    """Media that develop when told."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def snapshot(self, leg: str, done: Any) -> None:
        self.waiting.append(done)


def test_askers_at_the_same_time_wait_for_one_picture() -> None:
    media, got = SlowMedia(), list[Any]()
    preview = Preview(media, "a", PreviewDesk(), lambda: "t")  # type: ignore[arg-type]
    for _ in range(MOST_WAITING + 1):
        preview.picture(0.0, got.append)
    assert (len(media.waiting), got) == (1, [None])
    preview.end()
    media.waiting[0](b"jpeg")
    assert got == [None] * (MOST_WAITING + 1)
    preview.picture(0.0, got.append)
    assert got[-1] is None


def test_tokens_are_bounded_and_the_oldest_goes() -> None:
    keys, desk = Keys(most=2), PreviewDesk()
    preview = Preview(SlowMedia(), "a", desk, lambda: "t")  # type: ignore[arg-type]
    words = [keys.keep(desk.issue(preview, "b", f"x{n}", "s"), f"id{n}", "secret") for n in range(3)]
    assert len(keys) == 2
    with pytest.raises(PreviewGone):
        keys.find(words[0])
    assert keys.find(words[2]).leg == "b"


def test_a_panel_that_shows_nothing_before_is_answered_at_once() -> None:
    gate = Gate(EARLY)
    assert gate.panel.answers("INVITE") == [100, 200]
    invite = gate.ringing()[0]
    invite.session.ring(gate.exchange.now)
    gate.exchange.settle()
    gate.exchange.advance(2)
    gate.said()
    gate.exchange.advance(18)
    assert gate.panel.answers("INVITE") == [100, 200]   # and no 180 after it
    assert gate.did[-1] == "play tones/ring_back"
    invite.session.accept(ANSWER, gate.exchange.now)
    gate.exchange.settle()
    assert gate.did[-1] != "close"
    assert "connect" in gate.did
    assert gate.desk.stats()["tokens"] == 0
    gate.exchange.advance(179)   # the talk began with the resident's answer
    assert not gate.exchange.saw(CallEnded)
    gate.exchange.advance(2)
    (ended,) = gate.exchange.saw(CallEnded)
    assert ended.talk_seconds == pytest.approx(180, abs=1)
    assert gate.panel.requests("BYE")


def test_an_early_answered_panel_is_hung_up_on_when_nobody_comes() -> None:
    gate = Gate(EARLY)
    for invite in gate.ringing():
        invite.session.refuse(486, gate.exchange.now)
    gate.exchange.settle()
    gate.exchange.advance(20)
    assert gate.did.count("play nb/nobody") == 1
    assert gate.panel.requests("BYE")
    assert gate.exchange.quiet()


def test_a_visitor_who_leaves_an_early_answer_stops_the_ring() -> None:
    gate = Gate(EARLY)
    invites = gate.ringing()
    gate.session.end(gate.exchange.now)
    gate.exchange.settle()
    assert all(phone.was_told(sip.Cancelled) for phone in gate.phones)
    assert invites
    assert gate.exchange.quiet()


def test_an_early_answered_panel_may_renew_its_description_meanwhile() -> None:
    gate = Gate(EARLY)
    gate.session.reoffer(CAMERA_OFFER, gate.exchange.now)
    gate.exchange.settle()
    assert gate.exchange.switchboard.calls


def test_a_panel_without_feedback_is_asked_by_info_within_its_early_dialog() -> None:
    gate = Gate()
    (call,) = gate.exchange.switchboard.calls
    caller = gate.exchange.switchboard.calls[call].call.caller.leg
    gate.exchange.switchboard.media_event(Wanted(call, caller), gate.exchange.now)
    gate.exchange.switchboard.media_event(Wanted(call, "nobody"), gate.exchange.now)
    gate.exchange.settle()
    (info,) = gate.panel.requests("INFO")
    assert b"picture_fast_update" in info.body
    assert info.headers.get("Content-Type") == "application/media_control+xml"


@pytest.mark.parametrize("site", [None, EARLY])
def test_without_a_description_to_give_the_call_goes_on_or_ends_cleanly(
    site: rows.SiteRows | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.exchange import PlayedSession

    def none_left(*_: object, **__: object) -> bytes:
        raise NoCapacity("none")

    monkeypatch.setattr(PlayedSession, "answer", none_left)
    gate = Gate(site)
    if site is None:
        assert gate.panel.answers("INVITE") == [100]
        assert gate.exchange.switchboard.calls
    else:
        assert gate.panel.answers("INVITE") == [100, 488]
        assert gate.exchange.quiet()
