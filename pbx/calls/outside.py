"""The legs of one call that lead to telephones outside: allowed first, then tried trunk by trunk.

A carrier that is silent or without room makes way for the next trunk; what the called one says, a redirection
or a REFER makes no further call (S10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.route import Target
from media.errors import NoCapacity, SdpError
from pbx.calls.parties import Reach
from pbx.facts import EndReason
from pbx.trunks.causes import NEXT_TRUNK, reason_of
from pbx.trunks.guard import Denied
from pbx.trunks.passage import Passage, device_of, number_in

if TYPE_CHECKING:
    from dialplan.plan import DialPlan
    from media.engine import MediaSession
    from media.keying import Profile
    from pbx.calls.parties import Caller
    from pbx.calls.surroundings import Surroundings
    from pbx.sip import events as sip
    from pbx.sip.session import Session
    from pbx.trunks.link import Link

PATIENCE_SECONDS = 30.0
"""A carrier that has taken a call may need so long to find the telephone."""

SILENCE_SECONDS = 2.0
"""A carrier that has said nothing at all by then, not even "trying", makes way for the next trunk."""

DENIALS = {
    "off": EndReason.FORBIDDEN,
    "number": EndReason.NOT_FOUND,
    "country": EndReason.FORBIDDEN,
    "kind": EndReason.FORBIDDEN,
    "rate": EndReason.FORBIDDEN,
}
"""What a refusal by the guard is for the caller; limits that time heals are congestion."""


@dataclass(slots=True, eq=False)
class Denial:
    """A way that leads nowhere, for this reason."""

    reason: EndReason


@dataclass(slots=True, eq=False)
class _Try:
    """The trunk that carries a leg now."""

    passage: Passage
    link: Link
    session: Session
    body: bytes
    expires: int


class Outside:
    """The telephones of one call. `context` makes what a session of a leg carries."""

    __slots__ = ("_around", "_caller", "_context", "_media", "_tries")

    def __init__(
        self,
        caller: Caller,
        media: MediaSession,
        around: Surroundings,
        context: Callable[[str], object],
    ) -> None:
        self._caller, self._media, self._around, self._context = caller, media, around, context
        self._tries: dict[str, _Try] = {}

    def __contains__(self, leg: str) -> bool:
        return leg in self._tries

    def reach(self, target: Target, plan: DialPlan, building: str, panel: bool, now: float) -> list[Reach]:
        """The way to a telephone, if the site may call it."""
        trunks = self._around.trunks
        if trunks is None:
            return []
        running = self._around.plans.get(self._caller.site, plan)  # limits are those of now, as rights are
        person = plan.person_of(self._caller.device)
        who = device_of(target.id) if panel else person.id if person is not None else self._caller.device
        found = trunks.passage(running, who, target.id, building, now)
        if isinstance(found, Denied):
            denial = Denial(DENIALS.get(found.reason, EndReason.OVERLOAD))
            device = device_of(target.id)
            return [Reach(device, device, denial, PATIENCE_SECONDS)]
        return [Reach(found.device, found.device, found, PATIENCE_SECONDS, SILENCE_SECONDS)]

    def place(self, leg: str, passage: Passage, expires: int, now: float) -> Session | EndReason:
        """Call by the first trunk that there is."""
        trunks = self._around.trunks
        if trunks is None:
            return EndReason.OVERLOAD
        if passage.number is not None and passage.row is not None:
            trunks.guard.begin(self._key(leg), passage.site, passage.row, passage.who, passage.price, now)
        placed = self._next(leg, passage, expires, now)
        if not isinstance(placed, _Try):
            trunks.guard.end(self._key(leg))
            return placed
        return placed.session

    def answered(self, leg: str, now: float) -> None:
        """The carrier's first 200: it costs from now on, a mailbox too."""
        if leg in self._tries and self._around.trunks is not None:
            self._around.trunks.guard.answered(self._key(leg), now)

    def silent(self, leg: str, now: float) -> Session | None:
        """Nothing came for a while: the session of the next trunk, or None where there is no reason or no
        further one."""
        tried = self._tries.get(leg)
        if tried is None or not tried.session.unheard:
            return None
        tried.link.doubted(now)
        return self._again(leg, tried, now)

    def refused(self, leg: str, event: sip.Refused, now: float) -> Session | EndReason:
        """A carrier's final refusal: the session of the next trunk, or why the leg is over."""
        tried = self._tries[leg]
        if event.status in NEXT_TRUNK:
            if event.status in (408, 503):
                tried.link.doubted(now)
            if (session := self._again(leg, tried, now)) is not None:
                return session
        return reason_of(event.status, event.response)

    def over(self, leg: str) -> None:
        """A leg is gone: it occupies and costs nothing any more."""
        tried = self._tries.pop(leg, None)
        if tried is not None:
            tried.link.calls -= 1
            if self._around.trunks is not None:
                self._around.trunks.guard.end(self._key(leg))

    def close(self) -> None:
        """The call is over."""
        for leg in list(self._tries):
            self.over(leg)
        self._context = _nobody  # what is over frees itself, without a search for cycles

    def _again(self, leg: str, tried: _Try, now: float) -> Session | None:
        placed = self._next(leg, tried.passage, tried.expires, now)
        if not isinstance(placed, _Try):
            return None
        tried.link.calls -= 1
        tried.session.context = None
        tried.session.end(now)
        return placed.session

    def _next(self, leg: str, passage: Passage, expires: int, now: float) -> _Try | EndReason:
        trunks = self._around.trunks
        for link in passage.left:
            flow = link.way()
            if flow is None or trunks is None:
                continue
            tried = self._tries.get(leg)
            if tried is not None and tried.link.trunk.srtp != link.trunk.srtp:
                self._media.drop(leg)
                tried = None
            try:
                body = self._offer(leg, link, flow.remote[0]) if tried is None else tried.body
            except (NoCapacity, SdpError):
                return EndReason.OVERLOAD
            session = trunks.invite(passage, link, flow, body, self._context(leg), expires, now)
            self._tries[leg] = placed = _Try(passage, link, session, body, expires)
            link.calls += 1
            return placed
        return EndReason.OVERLOAD

    def _offer(self, leg: str, link: Link, toward: str) -> bytes:
        """Sound only, in codecs that every carrier has."""
        profile: Profile = "sdes" if link.trunk.srtp else "plain"
        return self._media.offer(leg, role="phone", toward=toward, profile=profile)

    def _key(self, leg: str) -> str:
        return f"{self._caller.call}/{leg}"


def _nobody(leg: str) -> object:
    """The call is over."""
    return None


def subject_of(device: str) -> Target:
    """Whose right counts when this end of a leg presses a key."""
    number = number_in(device)
    return Target("device", device) if number is None else Target("number", number)
