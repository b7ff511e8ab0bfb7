"""What carriers ask of us: calls are refused unless somebody takes them, OPTIONS answered, nothing else.

Whatever comes by a trunk's listener or connection comes here and never to authentication, so no carrier can
register, dial a resident or be taken for one; a stranger at a trunk's listener is refused and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from media import engine as media
from pbx.sip import events as sip

if TYPE_CHECKING:
    from pbx.sip.engine import Engine
    from pbx.sip.flow import Flow
    from pbx.trunks.call_in import CallIns
    from pbx.trunks.desk import TrunkDesk
    from pbx.trunks.link import Link

class Entrance:
    """The side of the trunks that listens. `calls` may take some in."""

    def __init__(self, engine: Engine, desk: TrunkDesk, calls: CallIns | None = None) -> None:
        self._engine = engine
        self._desk = desk
        self.calls = calls

    def invited(self, event: sip.InviteReceived, now: float) -> bool:
        """Whether this INVITE came from outside; it has been answered then."""
        link = self._desk.link_of(event.flow)
        if link is None:
            return False
        calls = self.calls if self._known(link, event.flow) else None
        if calls is None or not calls.take(event, link, now):
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

    def told(self, event: object, now: float) -> bool:
        """Whether this was about a call that was taken in."""
        return self.calls is not None and self.calls.event(event, now)

    def heard(self, event: media.Event, now: float) -> bool:
        """Whether this was about media of such a call."""
        return self.calls is not None and self.calls.media_event(event, now)

    def next_deadline(self) -> float | None:
        """When a call that was taken in ends."""
        return self.calls.next_deadline() if self.calls is not None else None

    def handle_timeout(self, now: float) -> None:
        """End those that have lasted long enough."""
        if self.calls is not None:
            self.calls.handle_timeout(now)

    def _known(self, link: Link, flow: Flow) -> bool:
        if link.trusts(flow):
            return True
        self._desk.strangers += 1
        return False
