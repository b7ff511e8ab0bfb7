"""All calls that live: gives each event to its call, and each call its time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from dialplan.keys import door_for
from dialplan.resolve import resolve
from dialplan.route import Reject
from media import engine as media
from media.errors import NoCapacity, SdpError
from pbx.auth import Authenticator, Identity
from pbx.calls.admission import Admission, Admitted, Refusal
from pbx.calls.call import Call, CallState, Early
from pbx.calls.farewell import Farewell
from pbx.calls.from_apps import Asker, FromApps
from pbx.calls.origination import FirstParty, Originations
from pbx.calls.parties import Caller, leg_role
from pbx.calls.performing import perform
from pbx.calls.rehearsal import rehearsal
from pbx.calls.removal import Removals
from pbx.calls.requests import InCallRequests
from pbx.calls.runner import Runner, Side
from pbx.calls.surroundings import Surroundings
from pbx.doors.drivers.panel_digit import PanelLeg
from pbx.facts import DoorOpened, EndReason
from pbx.sip import events as sip
from pbx.trunks.passage import number_in

if TYPE_CHECKING:
    from pbx.sip.invite.session import Session

FOREVER = float("inf")

MOST_REHEARSALS = 20
"""Test rings of a site at the same time."""

ENDED_KEPT = 1000
"""Ended calls whose Call-IDs are remembered, for `console call`."""


class Switchboard:
    """Every live call by its id.

    It is one of the driver's timed parties: calls keep their deadlines in one heap, and an entry that has
    become too early just goes back.
    """

    def __init__(self, authenticator: Authenticator, around: Surroundings) -> None:
        self.around = around
        self.calls: dict[str, Runner] = {}
        self.started = 0
        self._admission = Admission(authenticator, around)
        self.from_apps = FromApps(around)
        self._requests = InCallRequests(around, self.from_apps)
        self.originations = Originations(around, self._run)
        self.originations.closing(self._closed)
        self.removals = Removals()
        self._by_device: dict[tuple[str, str], int] = {}
        self._heap: list[tuple[float, int, Runner]] = []
        self._order = count()
        self._ended: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        around.facts.subscribe(self._fact, DoorOpened)
        around.push.on_unreachable = self.device_unreachable
        if around.trunks is not None:
            around.trunks.guard.on_spent = self._spent
        self._opened: list[DoorOpened] = []

    @property
    def live(self) -> int:
        """Calls now, those of an operator's first parties and visitors who hear a last word among them."""
        return len(self.every())

    def every(self) -> list[str]:
        """Their ids."""
        return [*self.calls, *self.originations.parties, *self.around.farewells]

    # Events of the SIP engine.

    def invite_received(self, event: sip.InviteReceived, now: float) -> None:
        """A new INVITE: refuse it, or begin a call."""
        decision = self._admission.decide(
            event.request, event.flow, now, total=len(self.calls), by_device=self._by_device
        )
        if isinstance(decision, Refusal):
            event.session.refuse(decision.status, now, decision.headers)
            return
        self._begin(event.session, decision, now)

    def asked_by_app(self, event: sip.RequestReceived, identity: Identity, now: float) -> None:
        """A door or a word for a visitor, asked outside of a call by a device that proved itself."""
        asker = Asker(identity.site, identity.device)
        self.from_apps.asked(asker, event, list(self.calls.values()), now)

    def session_event(self, event: SessionEvent, now: float) -> None:
        """Something happened to a session of ours."""
        side = event.session.context
        if isinstance(side, FirstParty):
            self.originations.event(side, event, now)
            return
        if isinstance(side, Farewell):
            self.around.farewells.event(side, event, self.around.engine, now)
            return
        if not isinstance(side, Side):
            self._orphan(event, now)
            return
        runner, leg = side.runner, side.leg
        match event:
            case sip.Progressed():
                runner.progressed(leg, event, now)
            case sip.Answered():
                runner.answered(leg, event, now)
            case sip.Refused():
                runner.refused(leg, event, now)
            case sip.Cancelled():
                runner.call.caller_cancelled(now)
            case sip.Established():
                runner.established(event, now)
            case sip.Ended():
                runner.ended(leg, event, now)
            case sip.OfferReceived():
                runner.renegotiation.offered(leg, peer_of(runner, leg), event, now)
            case sip.OfferAnswered():
                runner.renegotiation.answered(leg, event, now)
                if runner.renegotiation.failed:
                    runner.call.hang_up(EndReason.FAILED, now)
            case sip.OfferRefused():
                runner.renegotiation.refused(leg, event, now)
                if runner.renegotiation.failed:
                    runner.call.hang_up(EndReason.FAILED, now)
            case sip.InSessionRequest():
                self._requests.received(runner, leg, peer_of(runner, leg), event, now)
        self._settle(runner, now)

    def _orphan(self, event: SessionEvent, now: float) -> None:
        """A session whose call is over still speaks: answer so that it can end."""
        if isinstance(event, sip.InSessionRequest):
            self.around.engine.respond_status(event.transaction, 481, now)
        elif isinstance(event, sip.OfferReceived):
            event.session.refuse_offer(event.transaction, 481, now)
        elif isinstance(event, sip.Answered):
            event.session.end(now)

    # Events of media, registrar, credentials, doors.

    def media_event(self, event: media.Event, now: float) -> None:
        """A digit, a silence, a browser that is gone, a dead worker."""
        runner = self.calls.get(event.call)
        if runner is None:
            if isinstance(event, media.Played):
                self.around.farewells.played(event.call, now)
            elif isinstance(event, media.Lost):
                self.originations.end(event.call, EndReason.FAILED, now)
                self.around.farewells.lost(event.call, now)
            return
        match event:
            case media.Dtmf(leg=leg, digit=digit, method=method):
                runner.digit(leg, digit, method, now)
            case media.Overheard(digit=digit):
                runner.voices.overhear(digit, now)
            case media.Silent() | media.Failed():
                runner.silent(now)
            case media.Played(leg=leg) if leg == runner.call.caller.leg:
                runner.voices.played(leg)
            case media.Wanted(leg=leg):
                runner.picture_wanted(leg, now)
            case media.Lost():
                self.removals.begin(runner, now)
        self._settle(runner, now)

    def device_registered(self, site: str, device: str, fresh: bool, now: float) -> None:
        """A device has a new binding, or one that was woken has renewed its old one: rings that want it may
        take it in."""
        if not fresh and not self.around.push.waits_for(site, device):
            return
        for runner in self._ringing(site):
            runner.device_registered(device, now)
            self._settle(runner, now)

    def device_revoked(self, site: str, device: str, now: float) -> None:
        """A credential is gone: its legs end now."""
        self.originations.device_revoked(site, device, now)
        for runner in [r for r in self.calls.values() if r.call.caller.site == site]:
            runner.call.device_revoked(device, now)
            self._settle(runner, now)

    def rehearse(self, site: str, device: str, now: float) -> str:
        """Ring a device as a visitor would; the call's id, "" when there is no such device or no room."""
        runner = rehearsal(self.around, site, device, self._closed)
        if runner is None or self._by_device.get((site, ""), 0) >= MOST_REHEARSALS:
            if runner is not None:
                runner.media.close()
            return ""
        runner.call.start(now)
        self._run(runner, now)
        return runner.call.caller.call

    def device_unreachable(self, call: str, device: str, now: float) -> None:
        """A device that slept could not be woken: the ring that waits for it may go on."""
        runner = self.calls.get(call)
        if runner is not None:
            runner.call.device_unreachable(device, now)
            self._settle(runner, now)

    def panel_leg(self, call: str, device: str) -> PanelLeg | None:
        """The panel's side of a running call, for a lock that the panel itself drives."""
        runner = self.calls.get(call)
        if runner is None or runner.call.caller.device != device:
            return None
        leg = runner.call.caller.leg
        return PanelLeg(leg, runner.media, runner.sessions[leg])

    def visited(self, site: str, panel: str) -> bool:
        """Whether a visitor calls from that panel now."""
        callers = (runner.call.caller for runner in self.calls.values())
        return any(caller.device == panel and caller.site == site for caller in callers)

    def hang_up(self, call: str, now: float, reason: EndReason = EndReason.OPERATOR) -> bool:
        """End a call; False when there is none of that id."""
        runner = self.calls.get(call)
        if runner is None:
            return self.around.farewells.lost(call, now) or self.originations.end(call, reason, now)
        runner.call.hang_up(reason, now)
        self._settle(runner, now)
        return True

    def hang_up_leg(
        self, call: str, leg: str, now: float, reason: EndReason = EndReason.OPERATOR
    ) -> bool:
        """End one leg of a call, or all of it when the leg is the caller's; False when it is gone."""
        runner = self.calls.get(call)
        if runner is None:
            return self.originations.end(call, reason, now)
        if not runner.call.hang_up_leg(leg, reason, now):
            return False
        self._settle(runner, now)
        return True

    def redirect(self, call: str, leg: str, dialled: str, now: float) -> str:
        """Ring `dialled` for the caller of a call in place of whoever rings or talks; why not, or "".

        Only the caller's side can be moved, and only to what its device may dial itself.
        """
        runner = self.calls.get(call)
        if runner is None:
            return "No such channel"
        if leg != runner.call.caller.leg:
            return "Only the caller's channel can be redirected"
        plan = self.around.plans.get(runner.call.caller.site, runner.plan)
        route = resolve(plan, runner.call.caller.device, dialled, self.around.civil())
        if isinstance(route, Reject):
            return route.reason
        done = runner.call.reroute(route, now)
        self._settle(runner, now)
        return "" if done else "The channel is just being answered"

    def press(self, call: str, leg: str, digit: str) -> str:
        """Send one key to a leg of a talk; why not, or "" for done."""
        runner = self.calls.get(call)
        if runner is None or leg not in runner.sessions:
            return "No such channel"
        if runner.call.state is not CallState.TALKING or not runner.media.can_press(leg):
            return "The channel takes no digits now"
        called = runner.call.legs.get(leg)
        device = runner.plan.device(called.device if called is not None else runner.call.caller.device)
        if device is None or device.kind == "panel":
            return "No digits to a panel: doors are opened by DoorOpen"  # one may open a door by itself
        runner.media.press(leg, digit)
        return ""

    def dialogs(self, call: str) -> Sequence[str]:
        """SIP Call-IDs of a call's legs, also for a while after its end."""
        runner = self.calls.get(call)
        return tuple(runner.dialogs) if runner is not None else self._ended.get(call, ())

    # Time.

    def next_deadline(self) -> float | None:
        """The earliest moment at which a call may have something to do."""
        if self._opened:
            return 0.0
        due = self._heap[0][0] if self._heap else None
        first = self.originations.next_deadline() if self.originations.parties else None
        parts = (due, first, self.removals.next_deadline(), self.around.farewells.next_deadline())
        return min((one for one in parts if one is not None), default=None)

    def handle_timeout(self, now: float) -> None:
        """Let every call do what is due."""
        self._stop_rings_behind_open_doors(now)
        if self.originations.parties:
            self.originations.handle_timeout(now)
        self.around.farewells.handle_timeout(now)
        for runner in self.removals.handle_timeout(now):
            self._settle(runner, now)
        while self._heap and self._heap[0][0] <= now:
            _, _, runner = heappop(self._heap)
            runner.due = FOREVER
            if runner.call.state is CallState.ENDED:
                continue
            runner.call.handle_timeout(now)
            self._settle(runner, now)

    def stats(self) -> dict[str, int]:
        """Live counts, for metrics and for tests that want them all to return to zero."""
        talking = sum(r.call.state in (CallState.ANSWERING, CallState.TALKING) for r in self.calls.values())
        totals = {"started": self.started, "moved": self.removals.moved}
        return {"live": len(self.calls), "talking": talking, **totals}

    # Inside.

    def _begin(self, session: Session, admitted: Admitted, now: float) -> None:
        around, identity = self.around, admitted.identity
        call_id, leg = around.token(), around.token()
        try:
            session_media = around.media.open(call_id)
        except NoCapacity:
            session.refuse(503, now, (("Retry-After", "5"),))
            return
        role = leg_role(admitted.plan.device(identity.device))
        try:
            if session.request.body:
                source = session.flow.remote[0]
                session_media.receive_offer(leg, session.request.body, source=source, role=role)
        except (SdpError, NoCapacity) as error:
            session_media.close()
            session.refuse(error.status if isinstance(error, SdpError) else 503, now)
            return
        caller = Caller(identity.site, call_id, leg, identity.device, admitted.dialled)
        digits = partial(door_for, admitted.plan, identity.device)
        early = early_of(admitted, session_media, caller, bool(session.request.body))
        call = Call(caller, admitted.route, digits, around.token, early=early)
        runner = Runner(call, admitted.plan, session_media, session, around, self._closed)
        call.start(now)
        self._run(runner, now)

    def _run(self, runner: Runner, now: float) -> None:
        """Keep a call that has begun, and perform what it wants first."""
        caller = runner.call.caller
        self.calls[caller.call] = runner
        beginner = (caller.site, caller.device)
        self._by_device[beginner] = self._by_device.get(beginner, 0) + 1
        self.started += 1
        self._settle(runner, now)

    def _settle(self, runner: Runner, now: float) -> None:
        """Perform what the call wants and note when it must be asked again."""
        perform(runner, now)
        due = runner.call.next_deadline()
        if due < runner.due:
            runner.due = due
            heappush(self._heap, (due, next(self._order), runner))

    def _closed(self, runner: Runner) -> None:
        caller = runner.call.caller
        self.calls.pop(caller.call, None)
        self._ended[caller.call] = tuple(runner.dialogs)
        if len(self._ended) > ENDED_KEPT:
            self._ended.popitem(last=False)
        beginner = (caller.site, caller.device)
        left = self._by_device.get(beginner, 0) - 1
        if left > 0:
            self._by_device[beginner] = left
        else:
            self._by_device.pop(beginner, None)

    def _ringing(self, site: str) -> Iterator[Runner]:
        for runner in list(self.calls.values()):
            if runner.call.caller.site == site and runner.call.state is CallState.RINGING:
                yield runner

    def _spent(self, key: str, now: float) -> None:
        """What a site may spend is spent: a leg to a telephone ends."""
        call, _, leg = key.partition("/")
        self.hang_up_leg(call, leg, now, EndReason.TALK_LIMIT)

    def _fact(self, fact: object) -> None:
        """An opened door is taken up in the next turn: the fact may come from inside a call."""
        if isinstance(fact, DoorOpened):
            self._opened.append(fact)

    def _stop_rings_behind_open_doors(self, now: float) -> None:
        opened, self._opened = self._opened, []
        for fact in opened:
            by = self.calls.get(fact.call) if fact.call is not None else None
            if by is not None and by.call.route.panel:
                by.voices.door_opened(by.call.caller.leg)
                by.door_opened(fact.door, now)
                winner = by.call.winner
                if winner is not None and number_in(winner.device) is not None:
                    by.voices.tell(winner.id, "opened")  # a telephone shows nothing
            for runner in self._ringing(fact.site):
                panel = runner.plan.panel(runner.call.route.panel)
                if panel is not None and fact.door in panel.doors and fact.call != runner.call.caller.call:
                    runner.door_opened(fact.door, now)
                    runner.call.door_opened_elsewhere(now)
                    self._settle(runner, now)


SessionEvent = (
    sip.Progressed
    | sip.Answered
    | sip.Refused
    | sip.Cancelled
    | sip.Established
    | sip.Ended
    | sip.OfferReceived
    | sip.OfferAnswered
    | sip.OfferRefused
    | sip.InSessionRequest
)


def early_of(admitted: Admitted, session_media: media.MediaSession, caller: Caller, offers: bool) -> Early:
    """Whether a panel is described to before anybody answers, so that residents see who rings."""
    panel = admitted.plan.panel(caller.device)
    if panel is None or not offers:
        return ""
    if panel.answer_early:
        return "answer"
    return "show" if session_media.sends_video(caller.leg) else ""


def peer_of(runner: Runner, leg: str) -> str | None:
    """The leg on the other side of a connected call; None before somebody has won."""
    winner = runner.call.winner
    if winner is None:
        return None
    if leg == winner.id:
        return runner.call.caller.leg
    return winner.id if leg == runner.call.caller.leg else None
