"""Our agent as a lock: a signed order in a SIP MESSAGE (RFC 3428) over the flow the controller registered by.

The agent answers 200 after its relay has moved, with `{"jti", "result": "opened", "at_ns"}`; any other
status is a failure whose one-word reason stands in the same place. A transport's retransmissions are one
transaction, and the order is single use.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pbx.doors.opener import Done, OpenOrder
from pbx.doors.order import CONTENT_TYPE, Signer
from pbx.sip.errors import PeerError
from pbx.sip.uri import SipUri

if TYPE_CHECKING:
    from pbx.registrar.binding import Binding
    from pbx.sip.engine import Engine
    from pbx.sip.message import Response


AGENT = "Doorline intercom"
"""What our agent calls itself when it registers."""

DONE = {"open": "opened", "hold": "held", "release": "released"}
"""What the agent says when it has done what it was ordered."""


class Bindings(Protocol):
    """Where devices are; `pbx.registrar.location.Location` is one."""

    def find(self, site: str, device: str) -> Sequence[Binding]:
        """The bindings of a device, in any order."""


class ControllerDriver:
    """Drives the doors whose `driver` is "agent". `civil` is aware civil time."""

    def __init__(
        self, engine: Engine, bindings: Bindings, signer: Signer, civil: Callable[[], datetime]
    ) -> None:
        self._engine, self._bindings, self._signer, self._civil = engine, bindings, signer, civil

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """Send the order to the controller's freshest living binding."""
        binding = self._reach(order.site, order.door.controller)
        run = _run(binding) if binding is not None else None
        if binding is None or run is None:
            done(False, "unreachable", now)
            return
        request = self._engine.build_request(
            "MESSAGE",
            binding.contact,
            from_=f"<sip:doors@{order.site}>",
            to=f"<sip:{order.controller}@{order.site}>",
            body=self._signer.sign(order, run, self._civil()),
            content_type=CONTENT_TYPE,
        )
        sent = _Sent(order.id, done, DONE[order.action])
        self._engine.send_request(request, binding.flow, now, context=sent)

    def restart(self, site: str, device: str, username: str, id: str, now: float) -> bool:
        """Order an agent to begin anew, whatever becomes of it; False when it cannot be reached."""
        binding = self._reach(site, device)
        run = _run(binding) if binding is not None else ""
        if binding is None or not run:
            return False
        request = self._engine.build_request(
            "MESSAGE",
            binding.contact,
            from_=f"<sip:doors@{site}>",
            to=f"<sip:{username}@{site}>",
            body=self._signer.sign_restart(site, username, id, run, self._civil()),
            content_type=CONTENT_TYPE,
        )
        self._engine.send_request(request, binding.flow, now)
        return True

    def _reach(self, site: str, device: str) -> Binding | None:
        """The agent's own binding, for a browser may be registered as the same panel; the freshest."""
        living = [binding for binding in self._bindings.find(site, device) if binding.flow.alive]
        return max(
            living,
            key=lambda binding: (binding.user_agent.startswith(AGENT), binding.refreshed_at),
            default=None,
        )


class _Sent:
    """The context of one MESSAGE: whoever dispatches engine events calls `answered` or `failed`."""

    __slots__ = ("_done", "_id", "_success")

    def __init__(self, id: str, done: Done, success: str) -> None:
        self._id, self._done, self._success = id, done, success

    def answered(self, response: Response, now: float) -> None:
        """The controller's answer; a provisional one says nothing."""
        if response.status < 200:
            return
        result = _result(response.body, self._id)
        opened = response.status < 300 and result == self._success
        self._done(opened, result or f"status_{response.status}", now)

    def failed(self, status: int, now: float) -> None:
        """No answer (408) or no way there (503)."""
        self._done(False, "unreachable" if status == 503 else "timeout", now)


def _run(binding: Binding) -> str | None:
    try:
        return SipUri.parse(binding.contact).user or ""
    except PeerError:
        return None


def _result(body: bytes, id: str) -> str:
    """The result word of an answer to order `id`; empty when it is not one."""
    try:
        fields = json.loads(body) if len(body) <= 1024 else None
    except (ValueError, RecursionError):
        return ""
    if not isinstance(fields, dict):
        return ""
    result, jti = fields.get("result"), fields.get("jti")
    if not isinstance(result, str) or not result.isidentifier() or len(result) > 32:
        return ""
    return result if jti == id or (jti == "" and result not in DONE.values()) else ""
