"""What happened, as values for anyone who listens: AMI, metrics, history, live pages.

A fact states something that is over; nobody can refuse or change it. Facts carry ids of the running
plan, never secrets. Who passes one on decides by the site's privacy what leaves the process
(ARCHITECTURE decision 14), so a fact itself may name a device.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class EndReason(Enum):
    """Why a leg or a call ended: the one table from cause to SIP status, Q.850 cause and words.

    Values: (name, SIP status towards a caller, Q.850 cause as AMI's Hangup reports it, text).
    """

    NORMAL = ("normal", 200, 16, "Normal Clearing")
    BUSY = ("busy", 486, 17, "User busy")
    NO_ANSWER = ("no_answer", 480, 19, "User alerting, no answer")
    DECLINED = ("declined", 603, 21, "Call Rejected")
    ANSWERED_ELSEWHERE = ("answered_elsewhere", 487, 26, "Answered elsewhere")
    DOOR_OPENED = ("door_opened", 487, 26, "Answered elsewhere")
    CANCELLED = ("cancelled", 487, 16, "Normal Clearing")
    UNREACHABLE = ("unreachable", 480, 20, "Subscriber absent")
    NOT_FOUND = ("not_found", 404, 1, "Unallocated (unassigned) number")
    FORBIDDEN = ("forbidden", 403, 21, "Call Rejected")
    NO_MEDIA = ("no_media", 488, 88, "Incompatible destination")
    RING_LIMIT = ("ring_limit", 480, 19, "User alerting, no answer")
    TALK_LIMIT = ("talk_limit", 200, 16, "Normal Clearing")
    SILENT = ("silent", 200, 27, "Destination out of order")
    FLOW_LOST = ("flow_lost", 480, 27, "Destination out of order")
    TIMEOUT = ("timeout", 408, 102, "Recovery on timer expiry")
    REVOKED = ("revoked", 403, 21, "Call Rejected")
    OPERATOR = ("operator", 480, 16, "Normal Clearing")
    OVERLOAD = ("overload", 503, 34, "Circuit/channel congestion")
    FAILED = ("failed", 500, 127, "Interworking, unspecified")

    def __init__(self, label: str, status: int, cause: int, text: str) -> None:
        self.label = label
        self.status = status
        self.cause = cause
        self.text = text


@dataclass(frozen=True, slots=True)
class Registered:
    """A device is reachable at a contact: new binding or refresh (`fresh` False)."""

    site: str
    device: str
    contact: str
    transport: str
    source: str
    user_agent: str
    expires: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A binding is gone. `cause`: "removed", "expired", "flow_lost", "replaced" or "revoked"."""

    site: str
    device: str
    contact: str
    cause: str


@dataclass(frozen=True, slots=True)
class AuthFailed:
    """Somebody failed to prove who they are; `source` is the address fail2ban wants."""

    site: str
    username: str
    source: str
    transport: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A caller's INVITE was admitted. `leg` is the caller's leg; `panel` is None between people.

    `originated`: an operator began it; the caller's leg is itself being rung.
    """

    site: str
    call: str
    leg: str
    device: str
    dialled: str
    label: str
    panel: str | None
    originated: bool = False


@dataclass(frozen=True, slots=True)
class LegPlaced:
    """An INVITE left towards `device` as leg `leg` of `call`."""

    site: str
    call: str
    leg: str
    device: str


@dataclass(frozen=True, slots=True)
class LegRang:
    """The device of this leg said that it rings (180 or 183)."""

    site: str
    call: str
    leg: str


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """This leg answered and won the call."""

    site: str
    call: str
    leg: str


@dataclass(frozen=True, slots=True)
class LegsConnected:
    """Both sides hear each other from now on."""

    site: str
    call: str
    caller: str
    callee: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """One side is gone, and why."""

    site: str
    call: str
    leg: str
    device: str
    reason: EndReason


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The whole call is over. Lengths in seconds; `talk_seconds` 0 when nobody answered."""

    site: str
    call: str
    device: str
    reason: EndReason
    ring_seconds: float
    talk_seconds: float


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """The answered side pressed a digit; `method` is "rfc4733", "info" or "inband"."""

    site: str
    call: str
    leg: str
    digit: str
    method: str


@dataclass(frozen=True, slots=True)
class DoorOpened:
    """A controller reported that the lock was released. `method` as in `dialplan.access`."""

    site: str
    door: str
    method: str
    call: str | None


@dataclass(frozen=True, slots=True)
class DoorFailed:
    """A door did not open: refused by the rules, or the controller did not do it."""

    site: str
    door: str
    method: str
    call: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class DoorHeld:
    """A door stands open by plan or because of fire: `why` is "hold" or "fire"; told once, not per lease."""

    site: str
    door: str
    why: str


@dataclass(frozen=True, slots=True)
class DoorReleased:
    """A door that was held open locks again."""

    site: str
    door: str


@dataclass(frozen=True, slots=True)
class DoorMoved:
    """A door's contact tells that it was opened or shut."""

    site: str
    door: str
    open: bool


@dataclass(frozen=True, slots=True)
class ExitPressed:
    """Somebody goes out by this door: its exit button was pressed."""

    site: str
    door: str


@dataclass(frozen=True, slots=True)
class LockdownBegan:
    """A door is locked for everybody; `by` set it, `until` is ISO 8601."""

    site: str
    door: str
    by: str
    until: str


@dataclass(frozen=True, slots=True)
class LockdownEnded:
    """A lockdown is over; `by` lifted it, "" when its time was over."""

    site: str
    door: str
    by: str


@dataclass(frozen=True, slots=True)
class PlanLoaded:
    """The PBX now runs this revision of the site's plan."""

    site: str
    revision: int


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """Somebody should look: `kind` is one word ("panel_away", "door_failing" ...), `subject` what it is about
    (a device, a door, a part of the server), `site` None for the server itself. The same three again are
    the same alarm until it is cleared."""

    site: str | None
    kind: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AlarmCleared:
    """The cause of that alarm is gone."""

    site: str | None
    kind: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class TrunkChanged:
    """A trunk came or went. `kind`: "registering" or "peered"; `state`: Registered, Unregistered, Rejected,
    Reachable or Unreachable; `cause` is empty when it is well."""

    trunk: str
    kind: str
    host: str
    username: str
    state: str
    cause: str


Fact = (
    Registered
    | Unregistered
    | AuthFailed
    | CallStarted
    | LegPlaced
    | LegRang
    | LegAnswered
    | LegsConnected
    | LegEnded
    | CallEnded
    | DigitPressed
    | DoorOpened
    | DoorFailed
    | DoorHeld
    | DoorReleased
    | DoorMoved
    | ExitPressed
    | LockdownBegan
    | LockdownEnded
    | PlanLoaded
    | AlarmRaised
    | AlarmCleared
    | TrunkChanged
)


Listener = Callable[[Fact], None]


class Facts:
    """A small feed: publishers call `publish`, listeners get each fact in order, in the same turn.

    A listener must return at once and must not raise; one that raises is reported to `on_fault`
    and does not keep the fact from the others.
    """

    __slots__ = ("_by_kind", "_listeners", "_on_fault")

    def __init__(self, on_fault: Callable[[BaseException], None] | None = None) -> None:
        self._listeners: list[tuple[Listener, tuple[type, ...]]] = []
        self._by_kind: dict[type, tuple[Listener, ...]] = {}
        self._on_fault = on_fault

    def subscribe(self, listener: Listener, *kinds: type) -> Callable[[], None]:
        """Add a listener of these kinds of facts, or of all where none is named; the returned function takes
        it away again (twice is harmless)."""
        entry = (listener, kinds)
        self._listeners.append(entry)
        self._by_kind.clear()

        def unsubscribe() -> None:
            if entry in self._listeners:
                self._listeners.remove(entry)
                self._by_kind.clear()

        return unsubscribe

    def publish(self, fact: Fact) -> None:
        """Hand `fact` to everyone who listens to its kind."""
        listeners = self._by_kind.get(kind := type(fact))
        if listeners is None:
            listeners = tuple(each for each, kinds in self._listeners if not kinds or kind in kinds)
            self._by_kind[kind] = listeners
        for listener in listeners:
            try:
                listener(fact)
            except Exception as fault:  # our bug in one listener must not end the call that spoke
                if self._on_fault is None:
                    raise
                self._on_fault(fault)
