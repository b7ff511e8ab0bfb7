"""Takes granted orders, commands the door's driver, and tells exactly one result for each order within two
seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from dialplan.access import Denied, Granted
from dialplan.directory import Door
from dialplan.plan import DialPlan
from pbx.doors.door import Asked, DoorActivity

_log = logging.getLogger(__name__)

# A visitor at a door gives up sooner than a SIP transaction (32 s).
TIMEOUT = 2.0
MIN_SECONDS, MAX_SECONDS = 1.0, 60.0

Action = Literal["open", "hold", "release"]
HOLDS = frozenset({"agent"})
"""Drivers that know the lease of a hold."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """Open one door once.

    `id` is single use and opaque; `seconds` the open time; `controller` the username of the device that
    drives the door; `method` as in `dialplan.access`; `call` the call it is for, if any; `granted` what
    `may_open` answered. `action`: "hold" opens for one lease of 30 s, "release" ends it.
    """

    id: str
    site: str
    door: Door
    controller: str
    method: str
    seconds: float
    call: str | None
    granted: Granted | Denied
    action: Action = "open"


@dataclass(frozen=True, slots=True)
class OpenResult:
    """How an order went at monotonic `at`.

    `detail` is one word: "opened", "already_open", or why not ("timeout", "unreachable", "no_call",
    "guard_away" ...).
    """

    order: OpenOrder
    opened: bool
    detail: str
    at: float


Done = Callable[[bool, str, float], None]
"""Told once by a driver: opened or not, one word of detail, monotonic moment."""


class DoorDriver(Protocol):
    """One kind of lock."""

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """Begin to open; `done` follows, at once or later. Never blocks."""


@dataclass(slots=True)
class _Command:
    """One command in hand. `due` is when the driver is to be asked, later when it counts as silent."""

    order: OpenOrder
    driver: DoorDriver
    waiting: list[tuple[OpenOrder, Callable[[OpenResult], None]]]
    due: float
    sent: bool = False


class Opener:
    """The one way to a lock; a `Timed` for the driver's timer.

    `drivers` maps `Door.driver` to what speaks to that kind of lock; `token` makes order ids of at least 128
    bits.
    """

    def __init__(self, drivers: Mapping[str, DoorDriver], token: Callable[[], str]) -> None:
        self._drivers, self._token = drivers, token
        self._doors: dict[tuple[str, str], DoorActivity] = {}
        self._commands: dict[tuple[str, str], _Command] = {}

    def order(
        self,
        plan: DialPlan,
        door: Door,
        granted: Granted,
        *,
        method: str,
        call: str | None = None,
        action: Action = "open",
    ) -> OpenOrder:
        """The order that a grant allows: open time from the grant, within 1-60 s."""
        controller = plan.device(door.controller)
        return OpenOrder(
            id=self._token(),
            site=plan.site,
            door=door,
            controller=controller.username if controller is not None else "",
            method=method,
            seconds=min(max(granted.seconds, MIN_SECONDS), MAX_SECONDS),
            call=call,
            granted=granted,
            action=action,
        )

    def hold(self, order: OpenOrder, on_result: Callable[[OpenResult], None], now: float) -> None:
        """Begin, renew or end a hold: at once and every time it is asked, for a lease is no press."""
        driver = self._drivers.get(order.door.driver)
        if driver is None or order.door.driver not in HOLDS or not isinstance(order.granted, Granted):
            on_result(OpenResult(order, False, "no_hold", now))
            return
        driver.open(order, lambda done, detail, at: on_result(OpenResult(order, done, detail, at)), now)

    def activity(self, site: str, door: str) -> DoorActivity:
        """What this door is doing, for whoever shows it."""
        return self._doors.setdefault((site, door), DoorActivity())

    def open(self, order: OpenOrder, on_result: Callable[[OpenResult], None], now: float) -> None:
        """Carry out a granted order; `on_result` is called exactly once: at once, or within `TIMEOUT` of the
        command."""
        if not isinstance(order.granted, Granted):
            # Whoever asked should have stopped at the denial; a lock is worth asking twice.
            _log.error("an order for door %s came without a grant", order.door.id)
            on_result(OpenResult(order, False, "not_granted", now))
            return
        driver = self._drivers.get(order.door.driver)
        if driver is None:
            on_result(OpenResult(order, False, "no_driver", now))
            return
        key = (order.site, order.door.id)
        activity = self.activity(*key)
        match activity.press(now):
            case Asked.OPEN:
                on_result(OpenResult(order, True, "already_open", now))
            case Asked.WAIT:
                self._commands[key].waiting.append((order, on_result))
            case Asked.COMMAND:
                command = _Command(order, driver, [(order, on_result)], activity.settled_at(now))
                self._commands[key] = command
                if command.due <= now:
                    self._send(key, command, now)

    def next_deadline(self) -> float | None:
        """When a command is to be sent, or a driver's silence becomes a failure."""
        return min((command.due for command in self._commands.values()), default=None)

    def handle_timeout(self, now: float) -> None:
        """Send what waited for its lock to settle, fail what no driver has answered; a later answer is
        dropped."""
        for key, command in [item for item in self._commands.items() if item[1].due <= now]:
            if command.sent:
                self._finish(key, command, False, "timeout", now)
            else:
                self._send(key, command, now)

    def stats(self) -> dict[str, int]:
        """Counts over all doors, and commands in hand."""
        doors = self._doors.values()
        return {
            "opened": sum(door.opened for door in doors),
            "failed": sum(door.failed for door in doors),
            "guarded": sum(door.guarded for door in doors),
            "opening": len(self._commands),
        }

    def _send(self, key: tuple[str, str], command: _Command, now: float) -> None:
        command.sent, command.due = True, now + TIMEOUT

        def done(opened: bool, detail: str, at: float) -> None:
            self._finish(key, command, opened, detail, at)

        try:
            command.driver.open(command.order, done, now)
        except Exception:
            # A fault of ours in one driver ends this order; the door must not count as opening for ever.
            _log.exception("driver %s failed", command.order.door.driver)
            self._finish(key, command, False, "fault", now)

    def _finish(self, key: tuple[str, str], command: _Command, opened: bool, detail: str, now: float) -> None:
        if self._commands.get(key) is not command:
            return
        del self._commands[key]
        self.activity(*key).finish(opened, detail, command.order.seconds, now)
        for order, on_result in command.waiting:
            on_result(OpenResult(order, opened, detail, now))
