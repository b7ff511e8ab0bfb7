"""What operators may order, carried out: the implementation of `pbx.control.Orders`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dialplan.access import Denied, DoorState, Granted, may_operate
from pbx.calls.origination import CannotOriginate, Errand
from pbx.control import Contact, DoorShown, Originated, Refusal, ServiceShown
from pbx.doors.doorkeeper import Ended, Wish
from pbx.facts import AlarmCleared, AlarmRaised, EndReason, Facts
from pbx.operations import contact

if TYPE_CHECKING:
    from dialplan.directory import Door
    from dialplan.plan import DialPlan
    from pbx.calls.switchboard import Switchboard
    from pbx.doors.doorkeeper import Doorkeeper
    from pbx.doors.opener import Opener
    from pbx.doors.watch import Lockdown
    from pbx.registrar.location import Location
    from pbx.sip.engine import Engine
    from pbx.sip.message import Response
    from pbx.web.service_mode import ServiceModes

log = logging.getLogger("doorline.orders")

DOOR_SECONDS = 1.0
"""One account opens one door in so many seconds."""

CALM_SECONDS = 60.0
"""After so long without a door too many, an account's alarm is over."""



class DoorPace:
    """How fast each account may open doors."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._last: dict[str, float] = {}
        self._alarms: dict[str, float] = {}

    def allows(self, account: str, now: float) -> bool:
        """Whether the account may open one now; the first one too many raises an alarm."""
        if now - self._last.get(account, -DOOR_SECONDS) >= DOOR_SECONDS:
            self._last[account] = now
            if now - self._alarms.get(account, now) >= CALM_SECONDS:
                del self._alarms[account]
                self._facts.publish(AlarmCleared(None, "door_rate", account, "calm again"))
            return True
        if account not in self._alarms:
            self._facts.publish(AlarmRaised(None, "door_rate", account, "more than one door a second"))
        self._alarms[account] = now
        return False


class OperatorOrders:
    """Orders of operators on the running PBX.

    Args:
        settled: run after each order that changed something (it drains the driver).
        doors: the one way to a lock.
        opener: tells what each lock does.
        services: which panels are in service mode.
        restart: orders an agent to begin anew, by site, device and user name; False: it cannot be reached.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        plans: Mapping[str, DialPlan],
        location: Location,
        switchboard: Switchboard,
        doors: Doorkeeper,
        opener: Opener,
        facts: Facts,
        clock: Callable[[], float],
        settled: Callable[[], None],
        services: ServiceModes,
        restart: Callable[[str, str, str, float], bool] = lambda site, device, username, now: False,
    ) -> None:
        self._restart, self._services = restart, services
        self._engine = engine
        self._plans = plans
        self._location = location
        self._switchboard = switchboard
        self._doors = doors
        self._opener = opener
        self._facts = facts
        self._clock = clock
        self._settled = settled
        self._pace = DoorPace(facts)

    def originate(
        self, site: str, username: str, dialled: str, seconds: float, done: Callable[[Refusal | None], None]
    ) -> Originated | Refusal:
        """Ring the first party."""

        def ended(reason: EndReason | None) -> None:
            done(None if reason is None else Refusal(reason.text, reason.cause))

        try:
            call, leg = self._switchboard.originations.begin(
                Errand(site, username, dialled, seconds), ended, self._clock()
            )
        except CannotOriginate as why:
            return Refusal(str(why), why.reason.cause)
        self._settled()
        return Originated(call, leg)

    def redirect(self, call: str, leg: str, dialled: str) -> Refusal | None:
        """Move a caller."""
        why = self._switchboard.redirect(call, leg, dialled, self._clock())
        self._settled()
        return Refusal(why) if why else None

    def press(self, call: str, leg: str, digit: str) -> Refusal | None:
        """Send a key."""
        why = self._switchboard.press(call, leg, digit)
        self._settled()
        return Refusal(why) if why else None

    def qualify(self, site: str, device: str, heard: Callable[[Contact, int | None], None]) -> int:
        """Ask each contact by OPTIONS."""
        bindings = self._location.find(site, device)
        for binding in bindings:
            now = self._clock()
            request = self._engine.build_request(
                "OPTIONS", binding.contact, from_=f"<sip:{site}>", to=f"<{binding.contact}>"
            )
            asked = _Asked(contact(binding, now), now, heard)
            self._engine.send_request(request, binding.flow, now, asked)
        self._settled()
        return len(bindings)

    def doors(self, site: str) -> Sequence[DoorShown]:
        """Every door of the site."""
        plan, now = self._plans.get(site), self._clock()
        if plan is None:
            return []
        locked = {each.door: each for each in self._doors.lockdowns(site)}
        return [self._shown(site, door, locked.get(door.id), now) for door in plan.directory.doors]

    def open_door(
        self, site: str, door: str, account: str, done: Callable[[Refusal | None], None]
    ) -> None:
        """Open a door."""
        plan, now = self._plans.get(site), self._clock()
        if plan is None or plan.door(door) is None:
            done(Refusal("No such door"))
            return
        if not self._pace.allows(account, now):
            done(Refusal("Only one door a second"))
            return

        def decide(running: DialPlan, asked: str, state: DoorState) -> Granted | Denied:
            return may_operate(running, asked, state=state)

        def told(ended: Ended) -> None:
            done(None if ended.opened else Refusal(ended.detail))

        log.info("account %s opens door %s of %s", account, door, site)
        self._doors.ask(Wish(site, door, "api", decide), now, told)
        self._settled()

    def lock_door(self, site: str, door: str, seconds: float, account: str) -> Refusal | None:
        """Lock a door down for so long; no seconds end its lockdown."""
        plan = self._plans.get(site)
        if plan is None or plan.door(door) is None:
            return Refusal("No such door")
        log.info("account %s locks door %s of %s for %g s", account, door, site, seconds)
        if seconds <= 0:
            lifted = self._doors.lift(site, [door], account)
            self._settled()
            return None if lifted else Refusal("not locked down")
        try:
            locked, _ = self._doors.lock_down(site, [door], seconds, account)
        except ValueError as fault:
            return Refusal(str(fault))
        self._settled()
        return None if locked else Refusal("an escape route is never locked")

    def restart_panel(self, site: str, device: str) -> Refusal | None:
        """Have an agent begin anew."""
        plan = self._plans.get(site)
        found = plan.device(device) if plan is not None else None
        if found is None or found.kind not in ("panel", "controller"):
            return Refusal("No such panel")
        log.info("%s of %s is ordered to restart", device, site)
        sent = self._restart(site, device, found.username, self._clock())
        self._settled()
        return None if sent else Refusal("The panel cannot be reached")

    def service(self, site: str, device: str) -> ServiceShown | None:
        """The service mode of a panel."""
        return self._services.shown(site, device)

    def serve_panel(self, site: str, device: str, seconds: float, by: str) -> Refusal | None:
        """Begin a panel's service mode, or end it."""
        plan = self._plans.get(site)
        if plan is None or plan.panel(device) is None:
            return Refusal("No such panel")
        log.info("%s puts panel %s of %s in service mode for %g s", by, device, site, seconds)
        if seconds > 0:
            self._services.begin(site, device, seconds, by)
        elif not self._services.end(site, device):
            return Refusal("not in service mode")
        self._settled()
        return None

    def take_picture(self, site: str, device: str) -> Refusal | None:
        """Another picture."""
        if not self._services.again(site, device):
            return Refusal("not in service mode")
        log.info("a picture from panel %s of %s is asked for", device, site)
        self._settled()
        return None

    def _shown(self, site: str, door: Door, lockdown: Lockdown | None, now: float) -> DoorShown:
        state = self._state(site, door.id, now)
        until = lockdown.until.isoformat(timespec="seconds") if lockdown is not None else ""
        by = lockdown.by if lockdown is not None else ""
        return DoorShown(site, door.id, door.name, door.building, door.driver, state, until, by)

    def _state(self, site: str, door: str, now: float) -> str:
        if self._doors.state(site, door).lockdown:
            return "locked"
        activity = self._opener.activity(site, door)
        if activity.opening:
            return "opening"
        return "open" if activity.open_until is not None and now < activity.open_until else "closed"


class _Asked:
    """One OPTIONS under way; the context of its transaction."""

    def __init__(self, to: Contact, at: float, heard: Callable[[Contact, int | None], None]) -> None:
        self._to = to
        self._at = at
        self._heard = heard

    def answered(self, response: Response, now: float) -> None:
        """Any final answer shows that somebody is there."""
        self._heard(self._to, max(0, round((now - self._at) * 1e6)))

    def failed(self, status: int, now: float) -> None:
        """Nobody answered."""
        self._heard(self._to, None)
