"""Performs what a call wants on SIP sessions and media, and tells the call what became of it.

Everything happens in the turn in which its cause arrived: no task, no queue, no waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialplan.access import Denied, DoorState, Granted, may_open
from dialplan.directory import Device
from dialplan.plan import DialPlan
from media.dtmf import DigitOnce
from media.engine import LegRole
from media.errors import NoCapacity, SdpError
from pbx.calls import effects as do
from pbx.calls.call import Call, CallState
from pbx.calls.key_frame import PICTURE_FAST_UPDATE, WANT_PICTURE
from pbx.calls.outcome import cancel_reason, reason_of_cause, reason_of_status
from pbx.calls.outside import Denial, Outside, subject_of
from pbx.calls.panel_words import PanelWords
from pbx.calls.parties import reach_of
from pbx.calls.preview import Preview
from pbx.calls.renegotiation import Renegotiation
from pbx.calls.ringing import FOREVER
from pbx.calls.surroundings import Surroundings
from pbx.calls.voices import Voices
from pbx.doors.doorkeeper import Wish
from pbx.facts import EndReason
from pbx.push.desk import Notice
from pbx.sip import events as sip
from pbx.sip.fields import NameAddr
from pbx.trunks.passage import Passage

if TYPE_CHECKING:
    from media.engine import MediaSession
    from pbx.sip.invite.session import Session

SDP = "application/sdp"

PROBE_SECONDS = 0.7
"""A device that can be woken and has not even said "trying" by then sits behind a stale socket."""


@dataclass(frozen=True, slots=True)
class Side:
    """What a SIP session's context says: the call it belongs to, and which leg of it it is."""

    runner: Runner
    leg: str


class Runner:
    """One call on real sessions.

    Args:
        call: the pure call.
        plan: the plan the call began with.
        media: this call's media session; the caller's offer is already in it.
        session: the caller's session.
        on_close: told once, when nothing of the call lives any more.
    """

    __slots__ = (
        "_on_close",
        "_rung",
        "around",
        "call",
        "dialogs",
        "due",
        "early",
        "listening",
        "media",
        "offerless",
        "once",
        "outside",
        "panel_words",
        "plan",
        "preview",
        "renegotiation",
        "sessions",
        "voices",
    )

    def __init__(
        self,
        call: Call,
        plan: DialPlan,
        media: MediaSession,
        session: Session,
        around: Surroundings,
        on_close: Callable[[Runner], None],
    ) -> None:
        self.call = call
        self.plan = plan
        self.media = media
        self.around = around
        self.due = float("inf")
        self.offerless = not session.request.body
        self.sessions: dict[str, Session] = {call.caller.leg: session}
        self.dialogs = [session.call_id]
        self.listening: set[str] = set()
        self.once: dict[str, DigitOnce] = {}
        self.renegotiation = Renegotiation(media, self.sessions)
        self.panel_words = PanelWords(session)
        self.preview: Preview | None = None
        self.early = False
        """The caller was described to before anybody answered, and hears what we play."""
        self.voices = Voices(media, around.spoken(plan.directory.site.language))
        self.outside = Outside(call.caller, media, around, lambda leg: Side(self, leg))
        self._rung: dict[int, frozenset[str]] = {}
        self._on_close = on_close
        session.context = Side(self, call.caller.leg)

    # From SIP.

    def progressed(self, leg: str, event: sip.Progressed, now: float) -> None:
        """A provisional response to one of our INVITEs; one that describes itself wants early media."""
        response, status = event.response, event.response.status
        kind = (response.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if self.preview is not None and response.body and kind == SDP and leg not in self.outside:
            self.preview.early_media(leg, response.body, event.session.flow.remote[0])
        if (called := self.call.legs.get(leg)) is not None:
            self.around.push.up(self.call.caller.call, called.device)
        self.call.leg_progressed(leg, status in (180, 183), now)

    def answered(self, leg: str, event: sip.Answered, now: float) -> None:
        """The first 200 of a leg. One that described itself while it rang need not do so again."""
        outside = leg in self.outside  # carriers may have described themselves in an announcement before
        body = event.session.remote_body if outside else event.response.body
        try:
            if body or self.preview is None or leg not in self.preview.described:
                self.media.receive_answer(leg, body, source=event.session.flow.remote[0])
        except SdpError:
            event.session.end(now)
            self.outside.over(leg)
            self.call.leg_refused(leg, EndReason.NO_MEDIA, False, now)
            return
        self.outside.answered(leg, now)
        self.call.leg_answered(leg, now)

    def refused(self, leg: str, event: sip.Refused, now: float) -> None:
        """A leg's INVITE failed."""
        if leg in self.outside:
            self._outside_refused(leg, event, now)
            return
        if self.preview is not None:
            self.preview.leg_gone(leg)
        called = self.call.legs.get(leg)
        if event.response is None and called is not None:
            wakes = self.around.push.can_wake(self.call.caller.site, called.device)
            self.call.leg_lost(leg, wakes, now)
            return
        self.call.leg_refused(leg, reason_of_status(event.status), event.status >= 600, now)

    def established(self, event: sip.Established, now: float) -> None:
        """The caller acknowledged; without an offer in its INVITE, the ACK holds its answer."""
        if self.offerless:
            try:
                self.media.receive_answer(self.call.caller.leg, event.ack.body)
            except SdpError:
                self.call.hang_up(EndReason.NO_MEDIA, now)
                return
        self.call.caller_established(now)

    def ended(self, leg: str, event: sip.Ended, now: float) -> None:
        """A session is over, not by us."""
        reason = reason_of_cause(event.cause)
        self.outside.over(leg)
        if leg == self.call.caller.leg:
            self.call.caller_ended(reason, now)
        else:
            self.call.leg_ended(leg, reason, now)

    # From elsewhere.

    def device_registered(self, device: str, now: float) -> None:
        """A device has a new binding; a ring that wants it may take it in."""
        for ring, devices in self._rung.items():
            if device in devices:
                for binding in self.around.location.find(self.call.caller.site, device):
                    self.call.device_appeared(ring, reach_of(binding), now)

    def digit(self, leg: str, digit: str, method: str, now: float, held: float = 0.0) -> None:
        """A key press reached us one way; told another way as well, it does not count again.

        `held`: seconds the key had been down when this was told (INFO's Duration).
        """
        if leg in self.listening and self.voices.counts(digit, method, now):
            once = self.once.setdefault(leg, DigitOnce())
            if once.accept(digit, "info" if method == "info" else "rtp", now, held):
                self.call.digit_pressed(leg, digit, method, now)

    def silent(self, now: float) -> None:
        """A leg that should be heard has not been for too long: its other end is gone (RFC 4028 aside)."""
        if self.call.state is not CallState.RINGING:
            self.call.hang_up(EndReason.SILENT, now)

    def picture_wanted(self, leg: str, now: float) -> None:
        """Media want a key picture of a leg that knows no RTCP feedback."""
        session = self.sessions.get(leg)
        if session is not None:
            session.info(PICTURE_FAST_UPDATE, WANT_PICTURE, now)

    def word_for_visitor(self, device: str, dialog: object, text: str, now: float) -> bool:
        """Somebody whose `device` rings or talks typed a word; `dialog` names one of its calls, None any."""
        for leg in self.call.legs.values():
            session = self.sessions.get(leg.id)
            if leg.device == device and leg.live and session is not None:
                if dialog is None or session.call_id == dialog:
                    return self.panel_words.typed(device, text, now)
        return False

    def door_opened(self, door: str, now: float) -> None:
        """A door of this call's panel is open: the visitor reads it on the screen."""
        found = self.plan.door(door)
        name = found.name if found is not None else door
        self.panel_words.state("open", now, door=door, name=name)

    # Effects.

    def perform(self, now: float) -> None:
        """Do everything the call wants, including what it wants because of what was done."""
        while effects := self.call.effects():
            for effect in effects:
                PERFORM[type(effect)](self, effect, now)

    def _reach_target(self, effect: do.ReachTarget, now: float) -> None:
        if effect.target.kind == "number":
            route = self.call.route
            found = self.outside.reach(effect.target, self.plan, route.building, bool(route.panel), now)
            self.call.target_reached(effect.ring, found, now)
            return
        devices = frozenset(self.plan.devices_of(effect.target)) - {self.call.caller.device}
        self._rung[effect.ring] = devices
        site, find = self.call.caller.site, self.around.location.find
        sleepers = {device for device in devices if self.around.push.can_wake(site, device)}
        reaches = [
            reach_of(binding, PROBE_SECONDS if device in sleepers else FOREVER)
            for device in sorted(devices)
            for binding in find(site, device)
        ]
        asleep = sorted(sleepers - {reach.device for reach in reaches})
        self.call.target_reached(effect.ring, reaches, now, asleep)

    def _place_leg(self, effect: do.PlaceLeg, now: float) -> None:
        if isinstance(effect.reach, Passage | Denial):
            self._place_outside(effect, now)
            return
        binding = effect.reach
        like = None if self.offerless else self.call.caller.leg
        try:
            body = self.media.offer(
                effect.leg, like=like, role=self._role(effect.device), toward=binding.flow.remote[0],
                profile=self.around.profile(binding.flow),
            )
        except (NoCapacity, SdpError):
            self.call.leg_refused(effect.leg, EndReason.OVERLOAD, False, now)
            return
        session = self.around.engine.invite(
            target=binding.contact,
            from_=self._shown_caller(),
            to=f"<sip:{binding.aor}@{self.call.caller.site}>",
            contact=None,
            flow=binding.flow,
            body=body,
            content_type=SDP,
            context=Side(self, effect.leg),
            headers=() if self.preview is None else (self.preview.header(effect.leg),),
            expires=effect.expires,
            route=binding.path,
            now=now,
        )
        self.sessions[effect.leg] = session
        self.dialogs.append(session.call_id)

    def _place_outside(self, effect: do.PlaceLeg, now: float) -> None:
        way: Passage | Denial = effect.reach
        if isinstance(way, Denial):
            self._go_on(effect.leg, way.reason, now)
        else:
            self._go_on(effect.leg, self.outside.place(effect.leg, way, effect.expires, now), now)

    def _outside_refused(self, leg: str, event: sip.Refused, now: float) -> None:
        self._go_on(leg, self.outside.refused(leg, event, now), now)

    def _find_other_way(self, effect: do.FindOtherWay, now: float) -> None:
        if effect.leg not in self.outside:
            self.call.device_asleep(effect.leg, now)
            return
        session = self.outside.silent(effect.leg, now)
        if session is not None:
            self._go_on(effect.leg, session, now)

    def _go_on(self, leg: str, placed: Session | EndReason, now: float) -> None:
        """A leg to a telephone has a session, or is over."""
        if isinstance(placed, EndReason):
            self.outside.over(leg)
            self.media.drop(leg)
            self.call.leg_refused(leg, placed, False, now)
            return
        self.sessions[leg] = placed
        self.dialogs.append(placed.call_id)

    def _wake_device(self, effect: do.WakeDevice, now: float) -> None:
        """Push, with a picture where the panel sends one."""
        caller, picture = self.call.caller, ""
        if self.preview is not None:
            picture = self.preview.header(asleep(effect.device))[1] + ".jpg"
        name = NameAddr.parse(self._shown_caller()).display or ""
        label, seconds = self.call.route.label, effect.seconds
        notice = Notice(caller.site, effect.device, caller.call, name, label, picture, seconds)
        self.around.push.ring(notice, now)

    def _let_sleep(self, effect: do.LetSleep, now: float) -> None:
        self.around.push.ended(self.call.caller.call, effect.device, now)
        if self.preview is not None:
            self.preview.leg_gone(asleep(effect.device))

    def _end_leg(self, effect: do.EndLeg, now: float) -> None:
        session = self.sessions.pop(effect.leg, None)
        self.outside.over(effect.leg)
        self.listening.discard(effect.leg)
        if session is not None:
            session.context = None
            session.end(now, cancel_reason(effect.reason))
        if self.preview is not None:
            self.preview.leg_gone(effect.leg)
        self.media.drop(effect.leg)

    def _open_early(self, effect: do.OpenEarly, now: float) -> None:
        """Let the panel send its picture now. Without a description to give it, it rings like any other."""
        leg, session = self.call.caller.leg, self._caller_session()
        try:
            body = self.media.answer(leg)
        except (NoCapacity, SdpError):
            if effect.answers:
                session.refuse(EndReason.NO_MEDIA.status, now)
                self.call.caller_ended(EndReason.NO_MEDIA, now)
            return
        if effect.answers:
            session.accept(body, now)
        else:
            session.ring(now, 183, body)
        self.early = True
        self.voices.say(leg, "calling")
        if self.media.sends_video(leg):
            self.media.film(leg)
            self.preview = Preview(self.media, leg, self.around.previews, self.around.token)

    def _ring_is_over(self) -> None:
        """Nobody sees the panel any more but who talks with it, and it hears no ringing tone of ours."""
        if self.early:
            self.early = False
            self.voices.hush(self.call.caller.leg)
        if self.preview is not None:
            self.preview.end()

    def _ring_caller(self, effect: do.RingCaller, now: float) -> None:
        """A 180 after a description of ours would stop some panels' picture: it hears the tone instead."""
        if self.early:
            self.voices.ring_back(self.call.caller.leg)
        else:
            self._caller_session().ring(now)

    def _tell_panel(self, effect: do.TellPanel, now: float) -> None:
        if self.call.route.panel:
            self.panel_words.state(effect.state, now)

    def _answer_caller(self, effect: do.AnswerCaller, now: float) -> None:
        leg = self.call.caller.leg
        try:
            if self.offerless:
                profile = self.around.profile(self._caller_session().flow)
                role = self._role(self.call.caller.device)
                body = self.media.offer(leg, like=effect.leg, role=role, profile=profile)
            else:
                body = self.media.answer(leg, like=effect.leg)
        except (NoCapacity, SdpError):
            self._caller_session().refuse(EndReason.NO_MEDIA.status, now)
            self.call.caller_ended(EndReason.NO_MEDIA, now)
            return
        self._caller_session().accept(body, now)
        self.media.connect(leg, effect.leg)
        self._ring_is_over()

    def _rejoin_caller(self, effect: do.RejoinCaller, now: float) -> None:
        """The caller has a talk already; only where the two share no codec must it hear of the new one."""
        leg = self.call.caller.leg
        self.media.connect(leg, effect.leg)
        self._ring_is_over()
        if not self.media.compatible(leg, effect.leg):
            try:
                self._caller_session().reoffer(self.media.offer(leg, like=effect.leg), now)
            except (NoCapacity, SdpError):
                self.call.hang_up(EndReason.NO_MEDIA, now)
                return
        self.call.caller_established(now)

    def _refuse_caller(self, effect: do.RefuseCaller, now: float) -> None:
        if not self.around.farewells.begin(self, effect.reason, now):
            self._caller_session().refuse(effect.reason.status, now)

    def _end_caller(self, effect: do.EndCaller, now: float) -> None:
        if not self.around.farewells.begin(self, effect.reason, now):
            self._caller_session().end(now, cancel_reason(effect.reason))

    def _listen_digits(self, effect: do.ListenDigits, now: float) -> None:
        if effect.leg not in self.listening:
            self.listening.add(effect.leg)
            self.media.listen_digits(effect.leg, True)
        if self.call.state is CallState.RINGING:    # it wins by a key only
            self.voices.ask(effect.leg)
        else:
            self.voices.answered(effect.leg)

    def _open_door(self, effect: do.OpenDoor, now: float) -> None:
        """Ask for the door by the right of the device that answered; what runs now decides (decision 4)."""
        caller, civil = self.call.caller, self.around.civil
        subject = subject_of(effect.device)

        def decide(plan: DialPlan, door: str, state: DoorState) -> Granted | Denied:
            return may_open(plan, subject, door, "visitor_call", civil(), panel=caller.device, state=state)

        self.around.doors.ask(Wish(caller.site, effect.door, "visitor_call", decide, caller.call), now)

    def _announce(self, effect: do.Announce, now: float) -> None:
        self.around.facts.publish(effect.fact)

    def _close_call(self, effect: do.CloseCall, now: float) -> None:
        for session in self.sessions.values():
            session.context = None
        self.outside.close()
        self._ring_is_over()
        if self.call.caller.call not in self.around.farewells:
            self.media.close()
        self._on_close(self)

    # Small questions.

    def _caller_session(self) -> Session:
        return self.sessions[self.call.caller.leg]

    def _role(self, device: str) -> LegRole:
        return leg_role(self.plan.device(device))

    def _shown_caller(self) -> str:
        """The From that devices show: where the visitor stands, or who of the house calls."""
        caller = self.call.caller
        device = self.plan.device(caller.device)
        person = self.plan.person_of(caller.device)
        if person is not None:
            name, user = person.shown_name, person.user
        elif device is not None:
            name, user = device.name or device.username, device.username
        else:
            name, user = "", "anonymous"
        return str(NameAddr(name, f"sip:{user}@{caller.site}", {}))


def asleep(device: str) -> str:
    """Under what name a sleeping device may see the panel's picture, since it has no leg."""
    return f"asleep {device}"


def leg_role(device: Device | None) -> LegRole:
    """What media must know of the end of a leg."""
    return device.kind if device is not None and device.kind != "controller" else "phone"


Performer = Callable[[Runner, Any, float], None]

PERFORM: dict[type, Performer] = {
    do.ReachTarget: Runner._reach_target,
    do.PlaceLeg: Runner._place_leg,
    do.FindOtherWay: Runner._find_other_way,
    do.WakeDevice: Runner._wake_device,
    do.LetSleep: Runner._let_sleep,
    do.EndLeg: Runner._end_leg,
    do.OpenEarly: Runner._open_early,
    do.RingCaller: Runner._ring_caller,
    do.TellPanel: Runner._tell_panel,
    do.AnswerCaller: Runner._answer_caller,
    do.RejoinCaller: Runner._rejoin_caller,
    do.RefuseCaller: Runner._refuse_caller,
    do.EndCaller: Runner._end_caller,
    do.ListenDigits: Runner._listen_digits,
    do.OpenDoor: Runner._open_door,
    do.Announce: Runner._announce,
    do.CloseCall: Runner._close_call,
}
"""Which method performs which effect: one dictionary look-up instead of a chain of tests."""
