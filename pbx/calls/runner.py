"""A call on SIP sessions and media: tells the call what happens there; `performing` does what it wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from media.dtmf import DigitOnce
from media.errors import SdpError
from pbx.calls.call import Call, CallState
from pbx.calls.key_frame import PICTURE_FAST_UPDATE, WANT_PICTURE
from pbx.calls.outcome import reason_of_cause, reason_of_status
from pbx.calls.outside import Outside
from pbx.calls.panel_words import PanelWords
from pbx.calls.parties import reach_of
from pbx.calls.preview import Preview
from pbx.calls.renegotiation import Renegotiation
from pbx.calls.surroundings import Surroundings
from pbx.calls.voices import Voices
from pbx.facts import EndReason
from pbx.sip import events as sip

if TYPE_CHECKING:
    from media.engine import MediaSession
    from pbx.sip.invite.session import Session

SDP = "application/sdp"


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
        "rung",
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
        self.rung: dict[int, frozenset[str]] = {}
        """Devices that a ring wants."""
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
            self.go_on(leg, self.outside.refused(leg, event, now), now)
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
        for ring, devices in self.rung.items():
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

    # For those who perform what the call wants.

    def go_on(self, leg: str, placed: Session | EndReason, now: float) -> None:
        """A leg to a telephone has a session, or is over."""
        if isinstance(placed, EndReason):
            self.outside.over(leg)
            self.media.drop(leg)
            self.call.leg_refused(leg, placed, False, now)
            return
        self.sessions[leg] = placed
        self.dialogs.append(placed.call_id)

    def ring_is_over(self) -> None:
        """Nobody sees the panel any more but who talks with it, and it hears no ringing tone of ours."""
        if self.early:
            self.early = False
            self.voices.hush(self.call.caller.leg)
        if self.preview is not None:
            self.preview.end()

    def close(self) -> None:
        """Nothing of the call lives any more."""
        for session in self.sessions.values():
            session.context = None
        self.outside.close()
        self.ring_is_over()
        if self.call.caller.call not in self.around.farewells:
            self.media.close()
        self._on_close(self)
