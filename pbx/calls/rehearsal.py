""" "Ring me now": a call without a caller, to one device, by the very ways a visitor's would take.

Whoever answers is hung up on at once: the test is whether it rings. It rings for twenty seconds at most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dialplan.route import Ring, Route, Target
from media.errors import NoCapacity
from pbx.calls.call import Call
from pbx.calls.parties import Caller
from pbx.calls.runner import Runner
from pbx.facts import EndReason
from pbx.sip.flow import Flow
from pbx.sip.headers import Headers

if TYPE_CHECKING:
    from pbx.calls.surroundings import Surroundings

SECONDS = 20.0
LABEL = "test"


class _NoRequest:
    """The INVITE that nobody sent."""

    def __init__(self) -> None:
        self.body = b""
        self.headers = Headers()


class NoCaller:
    """Stands where a caller's session would: hears everything, says nothing, hangs up on who answers."""

    def __init__(self, call_id: str) -> None:
        self.request = _NoRequest()
        self.call_id = call_id
        self.flow = Flow("udp", ("127.0.0.1", 0), ("127.0.0.1", 0))
        self.context: object = None
        self.on_accept: Callable[[float], None] = lambda now: None

    def ring(self, now: float, *rest: object, **more: object) -> None:
        """It rings: the device tells so by itself."""

    def accept(self, body: bytes, now: float, headers: Iterable[tuple[str, str]] = ()) -> None:
        """Somebody answered: that was all."""
        self.on_accept(now)

    def refuse(self, *rest: object) -> None:
        """Nobody answered."""

    def end(self, *rest: object) -> None:
        """It is over."""

    def send_request(self, *rest: object) -> None:
        """Nobody hears."""

    def info(self, *rest: object) -> None:
        """Nobody hears."""


def rehearsal(
    around: Surroundings, site: str, device: str, closed: Callable[[Runner], None]
) -> Runner | None:
    """A call that rings this device alone, ready to start; None when there is no such device or no room."""
    plan = around.plans.get(site)
    found = plan.device(device) if plan is not None else None
    if plan is None or found is None or found.kind in ("panel", "controller"):
        return None
    call_id, leg = around.token(), around.token()
    try:
        media = around.media.open(call_id)
    except NoCapacity:
        return None
    root = Ring(Target("device", device), 0.0, SECONDS, False)
    route = Route("", LABEL, root, None, SECONDS, "ends_call", SECONDS, "", plan.building_of(device))
    call = Call(Caller(site, call_id, leg, "", LABEL), route, lambda digit: None, around.token)
    nobody = NoCaller(call_id)
    runner = Runner(call, plan, media, nobody, around, closed)  # type: ignore[arg-type]
    nobody.on_accept = lambda now: call.hang_up(EndReason.NORMAL, now)
    return runner
