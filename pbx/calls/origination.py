"""Calls that an operator begins: the first party is rung, and when it answers, its call to the second begins.

The first party is asked like anybody else: an INVITE without a wish for automatic answer (no Alert-Info, no
Call-Info answer-after); a panel or controller, where nobody could decide to answer, is never a first party.
Whatever it has registered rings at once: the first that answers has the call, the others are told so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialplan.keys import door_for
from dialplan.resolve import resolve
from dialplan.route import Reject
from media.errors import NoCapacity, SdpError
from pbx.calls.call import Call
from pbx.calls.outcome import cancel_reason, reason_of_cause, reason_of_status
from pbx.calls.parties import Caller, call_started, leg_role
from pbx.calls.runner import SDP, Runner
from pbx.facts import CallEnded, EndReason, LegAnswered, LegEnded, LegRang
from pbx.sip import events as sip
from pbx.sip.fields import NameAddr

if TYPE_CHECKING:
    from dialplan.plan import DialPlan
    from dialplan.route import Route
    from media.engine import MediaSession
    from pbx.calls.surroundings import Surroundings
    from pbx.registrar.binding import Binding
    from pbx.sip.invite.session import Session

RINGING_SECONDS = (1.0, 120.0)
DECIDED = (EndReason.DECLINED, EndReason.BUSY)


class CannotOriginate(Exception):
    """The call cannot begin; `str()` says why in a few words, `reason` in the table's."""

    def __init__(self, words: str, reason: EndReason) -> None:
        super().__init__(words)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Errand:
    """Ring the device of that user name for at most `seconds`; then call `dialled` for it."""

    site: str
    username: str
    dialled: str
    seconds: float


OnEnd = Callable[[EndReason | None], None]
"""Told once: None when the first party answered, else why it did not."""


@dataclass(slots=True, eq=False)
class FirstParty:
    """A first party that is being rung; the context of its sessions.

    `forks`: the sessions that may still answer. Each has media of its own, since what a browser and a
    telephone are offered differs; all bear the leg's one name, whichever of them becomes the call's.
    `reason`: the most telling one of those that are gone.
    """

    caller: Caller
    plan: DialPlan
    route: Route
    began: float
    deadline: float
    on_end: OnEnd
    forks: dict[Session, MediaSession] = field(default_factory=dict)
    rang: bool = False
    reason: EndReason = EndReason.UNREACHABLE

    def over(self, session: Session, reason: EndReason) -> None:
        """One of them is gone; what somebody decided says more than what did not work."""
        session.context = None
        self.forks.pop(session).close()
        if self.reason not in DECIDED:
            self.reason = reason

    def drop(self, reason: EndReason, now: float) -> None:
        """End all that are left."""
        for session, media in self.forks.items():
            session.context = None
            session.end(now, cancel_reason(reason))
            media.close()
        self.forks.clear()


class Originations:
    """First parties that ring now.

    Args:
        run: takes over the call of a first party that answered.
    """

    def __init__(self, around: Surroundings, run: Callable[[Runner, float], None]) -> None:
        self._around = around
        self._run = run
        self._closed: Callable[[Runner], None] = lambda _: None
        self.parties: dict[str, FirstParty] = {}

    def closing(self, closed: Callable[[Runner], None]) -> None:
        """Who is told when such a call is over."""
        self._closed = closed

    def begin(self, wish: Errand, on_end: OnEnd, now: float) -> tuple[str, str]:
        """Ring the first party by all of its bindings; the ids of the call and of its leg.

        Raises:
            CannotOriginate: nobody rings, and `on_end` is never told.
        """
        plan, bindings, route = self._look_up(wish)
        around, call, leg = self._around, self._around.token(), self._around.token()
        seconds = min(max(wish.seconds, RINGING_SECONDS[0]), RINGING_SECONDS[1])
        caller = Caller(wish.site, call, leg, bindings[0].device, wish.dialled)
        party = FirstParty(caller, plan, route, now, now + seconds, on_end)
        for binding in reversed(bindings):  # the newest first, should ports run short
            self._ring(party, binding, now)
        if not party.forks:
            raise CannotOriginate("No media port is free", EndReason.OVERLOAD)
        self.parties[call] = party
        around.facts.publish(call_started(caller, route, originated=True))
        return call, leg

    def _ring(self, party: FirstParty, binding: Binding, now: float) -> None:
        """Ring by one binding; without a free media port it stays silent."""
        around, caller = self._around, party.caller
        try:
            media = around.media.open(caller.call)
        except NoCapacity:
            return
        try:
            role = leg_role(party.plan.device(binding.device))
            profile = around.profile(binding.flow)
            body = media.offer(caller.leg, role=role, toward=binding.flow.remote[0], profile=profile)
        except (NoCapacity, SdpError):
            media.close()
            return
        session = around.engine.invite(
            target=binding.contact,
            from_=str(NameAddr(party.route.label, f"sip:{caller.dialled}@{caller.site}", {})),
            to=f"<sip:{binding.aor}@{caller.site}>",
            contact=None,
            flow=binding.flow,
            body=body,
            content_type=SDP,
            context=party,
            expires=max(1, round(party.deadline - now)),
            route=binding.path,
            now=now,
        )
        party.forks[session] = media

    def event(self, party: FirstParty, event: object, now: float) -> None:
        """Something happened to the session of a first party."""
        match event:
            case sip.Progressed():
                if event.response.status in (180, 183) and not party.rang:
                    party.rang = True
                    caller = party.caller
                    self._around.facts.publish(LegRang(caller.site, caller.call, caller.leg))
            case sip.Answered():
                self._answered(party, event, now)
            case sip.Refused():
                self._over(party, event.session, reason_of_status(event.status), now)
            case sip.Ended():
                self._over(party, event.session, reason_of_cause(event.cause), now)

    def end(self, call: str, reason: EndReason, now: float) -> bool:
        """Stop ringing a first party; False when there is none of that call."""
        party = self.parties.get(call)
        if party is None:
            return False
        party.drop(reason, now)
        self._gone(party, reason, now)
        return True

    def device_revoked(self, site: str, device: str, now: float) -> None:
        """Its log-in is gone: it is rung no longer."""
        for call, party in list(self.parties.items()):
            if (party.caller.site, party.caller.device) == (site, device):
                self.end(call, EndReason.REVOKED, now)

    def next_deadline(self) -> float | None:
        """When the next first party has been rung for long enough."""
        return min((party.deadline for party in self.parties.values()), default=None)

    def handle_timeout(self, now: float) -> None:
        """Give up on those who did not answer in time."""
        for call, party in list(self.parties.items()):
            if now >= party.deadline:
                self.end(call, EndReason.NO_ANSWER, now)

    def _look_up(self, wish: Errand) -> tuple[DialPlan, tuple[Binding, ...], Route]:
        around = self._around
        plan = around.plans.get(wish.site)
        device = plan.device_named(wish.username) if plan is not None else None
        if plan is None or device is None:
            raise CannotOriginate("No such endpoint", EndReason.NOT_FOUND)
        if device.kind in ("panel", "controller"):
            raise CannotOriginate("Nobody answers at a panel or controller", EndReason.FORBIDDEN)
        route = resolve(plan, device.id, wish.dialled, around.civil())
        if isinstance(route, Reject):
            raise CannotOriginate(route.reason, EndReason.NOT_FOUND)
        bindings = around.location.find(wish.site, device.id)
        if not bindings:
            raise CannotOriginate("The endpoint is not registered", EndReason.UNREACHABLE)
        return plan, bindings, route

    def _answered(self, party: FirstParty, event: sip.Answered, now: float) -> None:
        caller, around, session = party.caller, self._around, event.session
        media = party.forks[session]
        try:
            media.receive_answer(caller.leg, event.response.body, source=session.flow.remote[0])
        except SdpError:
            session.end(now, cancel_reason(EndReason.NO_MEDIA))
            self._over(party, session, EndReason.NO_MEDIA, now)
            return
        del party.forks[session]
        party.drop(EndReason.ANSWERED_ELSEWHERE, now)
        del self.parties[caller.call]
        around.facts.publish(LegAnswered(caller.site, caller.call, caller.leg))
        call = Call(
            caller,
            party.route,
            lambda digit: door_for(party.plan, caller.device, digit),
            around.token,
            joined=True,
        )
        runner = Runner(call, party.plan, media, session, around, self._closed)
        party.on_end(None)
        call.start(now)
        self._run(runner, now)

    def _over(self, party: FirstParty, session: Session, reason: EndReason, now: float) -> None:
        """One of its bindings rings no longer; with the last the call is over."""
        party.over(session, reason)
        if not party.forks:
            self._gone(party, party.reason, now)

    def _gone(self, party: FirstParty, reason: EndReason, now: float) -> None:
        caller, facts = party.caller, self._around.facts
        del self.parties[caller.call]
        facts.publish(LegEnded(caller.site, caller.call, caller.leg, caller.device, reason))
        rang = now - party.began
        facts.publish(CallEnded(caller.site, caller.call, caller.device, reason, rang, 0.0))
        party.on_end(reason)
