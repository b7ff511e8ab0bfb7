"""The controller's decisions about an order to open [S]: genuine, ours, fresh, then carried out once and
answered.

Events in (`take`, `switched`, `guard_lost`, `handle_timeout`), effects out: `SwitchRelay` for `relay_guard`,
`AnswerOrder` for the PBX. An order is answered only after the guard has acknowledged the edge of its pin.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from intercom.order import Addressee, Invalid, Order, check

# How long the guard may take to acknowledge an edge; the PBX gives up after 2 s, so it hears of it in time.
GUARD_SECONDS = 1.0
# Orders in hand at once; a house has a handful of relays.
MAX_PENDING = 32
# Remembered ids. They are kept past their expiry, so that a clock turned back revives nothing.
MAX_SEEN = 4096


@dataclass(frozen=True, slots=True)
class SwitchRelay:
    """Ask the guard for one pulse; `id` comes back in its answer, after `deadline` it must not be carried
    out. `action` "hold" and "release" mean a lease instead."""

    id: str
    relay: str
    ms: int
    deadline: float
    action: str = "open"


@dataclass(frozen=True, slots=True)
class AnswerOrder:
    """Answer the MESSAGE `request` with a SIP status; `result` is "opened" or one word of why not."""

    request: object
    status: int
    jti: str
    result: str
    at_ns: int | None = None


@dataclass(frozen=True, slots=True)
class OpenedDoor:
    """The relay of `door` went on and stays so until `until`; what the panel shows the visitor."""

    door: str
    until: float


@dataclass(frozen=True, slots=True)
class Restart:
    """Begin anew, once the answer is on its way."""


DONE = {"open": "opened", "hold": "held", "release": "released"}

Effect = SwitchRelay | AnswerOrder | OpenedDoor | Restart


@dataclass(frozen=True, slots=True)
class _Pending:
    order: Order
    request: object
    deadline: float


class Controller:
    """Takes orders for the relays named in `longest` (name -> longest pulse in ms)."""

    def __init__(self, addressee: Addressee, longest: Mapping[str, int]) -> None:
        self._addressee, self._longest = addressee, longest
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._pending: dict[str, _Pending] = {}
        self.counts = {"opened": 0, "refused": 0, "failed": 0}

    def take(self, token: bytes, request: object, civil: float | None, now: float) -> list[Effect]:
        """Judge the body of a MESSAGE; `civil` is None while the clock is untrusted, `request` comes back in
        the answer."""
        if civil is None:
            return [self._refuse(request, 503, "", "clock")]
        order = check(token, self._addressee, civil)
        if isinstance(order, Invalid):
            return [self._refuse(request, 403, "", order.reason)]
        if order.jti in self._seen:
            return [self._refuse(request, 403, order.jti, "replayed")]
        if order.action == "restart":
            self._remember(order.jti)
            return [AnswerOrder(request, 200, order.jti, "restarting"), Restart()]
        longest = self._longest.get(order.relay)
        if longest is None:
            return [self._refuse(request, 404, order.jti, "relay")]
        if len(self._pending) >= MAX_PENDING:
            return [self._refuse(request, 503, order.jti, "busy")]
        self._remember(order.jti)
        deadline = now + GUARD_SECONDS
        self._pending[order.jti] = _Pending(order, request, deadline)
        return [SwitchRelay(order.jti, order.relay, min(order.ms, longest), deadline, order.action)]

    def switched(self, id: str, ns: int, left_ms: int, now: float) -> list[Effect]:
        """The guard has done it: the pin is on since monotonic `ns` and stays so for `left_ms`, or at rest;
        late answers are dropped."""
        pending = self._pending.pop(id, None)
        if pending is None:
            return []
        action = pending.order.action
        answer = AnswerOrder(pending.request, 200, id, DONE[action], ns)
        if action != "open":
            return [answer]
        self.counts["opened"] += 1
        return [answer, OpenedDoor(pending.order.door, now + left_ms / 1000)]

    def not_switched(self, id: str, reason: str) -> list[Effect]:
        """The guard refused the pulse."""
        pending = self._pending.pop(id, None)
        return [] if pending is None else [self._fail(pending, reason)]

    def guard_lost(self) -> list[Effect]:
        """The guard is gone: nothing in hand can be carried out."""
        lost, self._pending = list(self._pending.values()), {}
        return [self._fail(pending, "guard_away") for pending in lost]

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return min((pending.deadline for pending in self._pending.values()), default=None)

    def handle_timeout(self, now: float) -> list[Effect]:
        """Give up on a guard that does not answer."""
        late = [id for id, pending in self._pending.items() if pending.deadline <= now]
        return [self._fail(self._pending.pop(id), "guard_silent") for id in late]

    def _remember(self, jti: str) -> None:
        self._seen[jti] = None
        if len(self._seen) > MAX_SEEN:
            self._seen.popitem(last=False)

    def _refuse(self, request: object, status: int, jti: str, reason: str) -> AnswerOrder:
        self.counts["refused"] += 1
        return AnswerOrder(request, status, jti, reason)

    def _fail(self, pending: _Pending, reason: str) -> AnswerOrder:
        self.counts["failed"] += 1
        return AnswerOrder(pending.request, 503, pending.order.jti, reason)
