"""Whether an INVITE becomes a call: who asks, whom do they want, is there room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from dialplan.resolve import EMERGENCY, resolve
from dialplan.route import Reject, Route
from pbx.auth import Authenticator, Identity
from pbx.auth import Refused as NotGranted
from pbx.auth.guests import is_guest
from pbx.calls.surroundings import Surroundings
from pbx.sip.errors import PeerError
from pbx.sip.uri import SipUri

if TYPE_CHECKING:
    from pbx.sip.flow import Flow
    from pbx.sip.message import Request

Lines = tuple[tuple[str, str], ...]

ACCEPT: Lines = (("Accept", "application/sdp"),)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The call may begin."""

    identity: Identity
    plan: DialPlan
    route: Route
    dialled: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The INVITE is answered with this status; nothing else happens."""

    status: int
    headers: Lines = ()


class Admission:
    """Decides about new INVITEs.

    Args:
        authenticator: who is asking.
        around: plans, facts and limits.
        live: how many calls there are, and how many of them a device has begun.
    """

    __slots__ = ("_around", "_authenticator")

    def __init__(self, authenticator: Authenticator, around: Surroundings) -> None:
        self._authenticator = authenticator
        self._around = around

    def decide(
        self, request: Request, flow: Flow, now: float, *, total: int, by_device: dict[tuple[str, str], int]
    ) -> Admitted | Refusal:
        """Admit or refuse. `total` calls live now, `by_device` counts those each began."""
        granted = self._authenticator.check(request, flow, now)
        if isinstance(granted, NotGranted):
            if granted.fact is not None:
                self._around.facts.publish(granted.fact)
            return Refusal(granted.status, granted.headers)
        identity = granted.identity
        limits = self._around.limits
        if total >= limits.total:
            return Refusal(503, (("Retry-After", "5"),))
        if by_device.get((identity.site, identity.device), 0) >= limits.per_device:
            return Refusal(486)
        if request.body and not _is_sdp(request):
            return Refusal(415, ACCEPT)
        return self._route(request, identity)

    def _route(self, request: Request, identity: Identity) -> Admitted | Refusal:
        plan = self._around.plans.get(identity.site)
        if plan is None:
            return Refusal(503, (("Retry-After", "5"),))
        if is_guest(identity.device):
            guests, at = self._around.guests, self._around.civil()
            own = guests.plan_of(identity, plan, at) if guests is not None else None
            if own is None:
                return Refusal(403)
            plan = own
        try:
            dialled = SipUri.parse(request.uri).user or ""
        except PeerError as error:
            return Refusal(error.status)
        route = resolve(plan, identity.device, dialled, self._around.civil())
        if route == EMERGENCY:
            return Refusal(route.status, (("Warning", f'399 {identity.site} "{route.reason}"'),))
        if isinstance(route, Reject):
            return Refusal(route.status)
        return Admitted(identity, plan, route, dialled)


def _is_sdp(request: Request) -> bool:
    kind = request.headers.get("Content-Type") or ""
    return kind.partition(";")[0].strip().lower() == "application/sdp"
