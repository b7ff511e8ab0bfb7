"""What carriers ask of us: calls are refused unless somebody takes them, OPTIONS answered, nothing else.

Whatever comes by a trunk's listener or connection comes here and never to authentication, so no carrier can
register, dial a resident or be taken for one; a stranger at a trunk's listener is refused and counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbx.sip import events as sip

if TYPE_CHECKING:
    from pbx.sip.engine import Engine
    from pbx.sip.flow import Flow
    from pbx.trunks.desk import TrunkDesk
    from pbx.trunks.link import Link

TakeCall = Callable[[sip.InviteReceived, "Link", float], bool]
"""Takes a call from outside; False: it is not taken."""


class Entrance:
    """The side of the trunks that listens. `take` may take calls in."""

    def __init__(self, engine: Engine, desk: TrunkDesk, take: TakeCall | None = None) -> None:
        self._engine = engine
        self._desk = desk
        self._take = take

    def invited(self, event: sip.InviteReceived, now: float) -> bool:
        """Whether this INVITE came from outside; it has been answered then."""
        link = self._desk.link_of(event.flow)
        if link is None:
            return False
        if not self._known(link, event.flow) or self._take is None or not self._take(event, link, now):
            event.session.refuse(403, now)
        return True

    def requested(self, event: sip.RequestReceived, now: float) -> bool:
        """The same of any other request outside a dialog."""
        link = self._desk.link_of(event.flow)
        if link is None:
            return False
        alive = event.request.method == "OPTIONS" and self._known(link, event.flow)
        self._engine.respond_status(event.transaction, 200 if alive else 403, now)
        return True

    def _known(self, link: Link, flow: Flow) -> bool:
        if link.trusts(flow):
            return True
        self._desk.strangers += 1
        return False
