"""Answers for every door: asks the rules with what holds now, opens ways in order, keeps lockdowns and
holds, and turns what agents report into facts and alarms.

Whoever wants a door open comes here; the opener behind it is the one way to a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from dialplan.access import Denied, DoorState, Granted
from dialplan.directory import Door
from dialplan.openings import openings
from dialplan.plan import DialPlan
from pbx.doors.alarms import Alarm, DoorAlarms
from pbx.doors.holds import Holds
from pbx.doors.opener import Opener, OpenResult
from pbx.doors.passage import Passage
from pbx.doors.reports import InputState, Report, Reports
from pbx.doors.watch import Lockdown, Watch
from pbx.facts import (
    AlarmCleared,
    AlarmRaised,
    DoorFailed,
    DoorMoved,
    DoorOpened,
    ExitPressed,
    Fact,
    Facts,
    LockdownBegan,
    LockdownEnded,
    Unregistered,
)

LONGEST_LOCKDOWN = timedelta(days=7)
EXIT_SECONDS = 5.0
_WORRYING = {"tamper": "tamper", "fire": "fire", "battery": "on_battery"}
_FAULTS = {"relays": "relays_fault", "camera": "camera_fault"}

Decide = Callable[[DialPlan, str, DoorState], Granted | Denied]
"""Whether whoever asks may open this door of the running plan in this state; asked anew for each door of a
way, when it is due."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants a door open. `decide` holds who; nothing of it outlives the way. `panel` is where the
    visitor, or whoever types a code, stands."""

    site: str
    door: str
    method: str
    decide: Decide
    call: str | None = None
    panel: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the door that was asked for went; `detail` as in `OpenResult`, or why it was refused."""

    door: str
    opened: bool
    detail: str


@dataclass(slots=True)
class _Way:
    wish: Wish
    passage: Passage
    told: Callable[[Ended], None]


class Doorkeeper:
    """One for all sites of this PBX; a `Timed` for the driver.

    Args:
        civil: civil time, aware.
        keep: gets every new or lifted lockdown (`None`), to be written down.
        reports: knows what agents have told already.
    """

    def __init__(
        self,
        opener: Opener,
        plans: Mapping[str, DialPlan],
        facts: Facts,
        civil: Callable[[], datetime],
        keep: Callable[[str, str, Lockdown | None], None] = lambda site, door, lockdown: None,
        reports: Reports | None = None,
    ) -> None:
        self.opener, self._plans, self._facts, self._civil, self._keep = opener, plans, facts, civil, keep
        self._watch, self._alarms, self._reports = Watch(), DoorAlarms(), reports or Reports()
        self._holds = Holds(plans, self._watch, opener, facts, civil)
        self._ways: dict[int, _Way] = {}
        self._numbers = count()
        facts.subscribe(self._heard, Unregistered)

    # Openings.

    def ask(self, wish: Wish, now: float, told: Callable[[Ended], None] = lambda ended: None) -> None:
        """Open a door and what follows it, as far as `wish` may; `told` hears of the first, exactly once.

        While a way that began at this door goes on, another press opens this door alone again: the way is
        not begun twice. Facts tell of every door.
        """
        plan = self._plans.get(wish.site)
        steps = openings(plan, wish.door) if plan is not None else ()
        if not steps:
            self._failed(wish, wish.door, "unknown_door", told)
            return
        if any((way.wish.site, way.wish.door) == (wish.site, wish.door) for way in self._ways.values()):
            steps = steps[:1]
        number = next(self._numbers)
        self._ways[number] = _Way(wish, Passage(steps, now), told)
        self._step(number, now)

    def state(self, site: str, door: str, panel: str = "") -> DoorState:
        """What holds for a door now, for whoever asks `dialplan.access`; at rest when nobody knows it."""
        plan = self._plans.get(site)
        found = plan.door(door) if plan is not None else None
        if plan is None or found is None:
            return DoorState()
        return self._watch.state(plan, found, self._civil(), panel)

    def stands_open(self, site: str, door: str) -> bool | None:
        """What the door's contact says; None when nobody knows."""
        plan = self._plans.get(site)
        found = plan.door(door) if plan is not None else None
        return self._watch.stands_open(site, found) if found is not None else None

    # Lockdown.

    def lock_down(
        self, site: str, doors: Iterable[str], seconds: float, by: str
    ) -> tuple[Collection[str], Collection[str]]:
        """Lock doors for everybody, for 1 s to 7 days; `by` names who answers for it.

        Returns the doors that are locked, and those that must not be: unknown, or an escape route.
        Raises ValueError when `seconds` or `by` is out of bounds.
        """
        length = timedelta(seconds=seconds)
        if not timedelta(seconds=1) <= length <= LONGEST_LOCKDOWN or not 0 < len(by) <= 64:
            raise ValueError("a lockdown lasts for 1 s to 7 days and has a name")
        until, plan = self._civil() + length, self._plans.get(site)
        locked, left = [], []
        for id_ in doors:
            found = plan.door(id_) if plan is not None else None
            if found is None or not found.lockdown:
                left.append(id_)
                continue
            lockdown = Lockdown(site, id_, until, by)
            self._watch.lock(lockdown)
            self._keep(site, id_, lockdown)
            self._facts.publish(LockdownBegan(site, id_, by, until.isoformat(timespec="seconds")))
            locked.append(id_)
        self._holds.soon()
        return locked, left

    def lift(self, site: str, doors: Iterable[str], by: str) -> Collection[str]:
        """End lockdowns early; the doors that were locked."""
        lifted = [door for door in doors if self._watch.unlock(site, door)]
        for door in lifted:
            self._keep(site, door, None)
            self._facts.publish(LockdownEnded(site, door, by))
        self._holds.soon()
        return lifted

    def lockdowns(self, site: str) -> list[Lockdown]:
        """The lockdowns of a site that last."""
        return self._watch.lockdowns(site)

    def restore(self, kept: Iterable[Lockdown]) -> None:
        """Lockdowns of before a restart."""
        for lockdown in kept:
            self._watch.lock(lockdown)

    # From agents.

    def reported(self, site: str, device: str, report: Report, now: float) -> bool:
        """What a signed-in device says of its inputs; one that came before changes nothing. False when this
        device has no say: only controllers and panels have inputs."""
        plan = self._plans.get(site)
        found = plan.device(device) if plan is not None else None
        if plan is None or found is None or found.kind not in ("controller", "panel"):
            return False
        for each in self._reports.fresh(site, device, report):
            if each.kind == "opened":
                self._opened_alone(plan, device, each.name)
                continue
            name = f"fault {each.name}" if each.kind == "fault" else each.name  # an input may be called so
            news = self._watch.learn(site, device, name, each.kind, each.on)
            if each.kind == "exit" and each.on:
                self._exit(plan, device, each, now)
            elif news and each.kind == "contact":
                self._moved(plan, device, each, now)
            elif news and (each.kind == "fault" or each.kind in _WORRYING):
                self._worry(site, device, each)
        self._holds.soon()
        return True

    def _heard(self, fact: Fact) -> None:
        if isinstance(fact, Unregistered) and fact.cause != "replaced":
            self._watch.forget_contacts(fact.site, fact.device)

    # Time.

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        dues = [way.passage.due for way in self._ways.values()]
        dues += (self._alarms.next_deadline(), self._holds.next_deadline())
        return min(due for due in dues if due is not None)

    def handle_timeout(self, now: float) -> None:
        """Doors that are due, alarms, ends of lockdowns, holds."""
        due = [
            number
            for number, way in self._ways.items()
            if way.passage.due is not None and way.passage.due <= now
        ]
        for number in due:
            self._step(number, now)
        for alarm in self._alarms.handle_timeout(now):
            self._tell(alarm)
        if now >= self._holds.next_deadline():
            for over in self._watch.expired(self._civil()):
                self._keep(over.site, over.door, None)
                self._facts.publish(LockdownEnded(over.site, over.door, ""))
            self._holds.handle_timeout(now)

    def stats(self) -> dict[str, int]:
        """The opener's counts, and ways that go on."""
        return {**self.opener.stats(), "ways": len(self._ways)}

    # One door of a way.

    def _step(self, number: int, now: float) -> None:
        way = self._ways[number]
        wish, id_ = way.wish, way.passage.door
        plan = self._plans.get(wish.site)
        door = plan.door(id_) if plan is not None else None
        if plan is None or door is None:
            self._stop(number, "unknown_door")
            return
        state = self._watch.state(plan, door, self._civil(), wish.panel)
        verdict = wish.decide(plan, id_, state)
        if isinstance(verdict, Denied):
            self._stop(number, verdict.reason)
        elif not state.fire and self._interlocked(plan, door, now):
            if not way.passage.blocked(now):
                self._stop(number, "interlock")
        else:
            way.passage.began()
            order = self.opener.order(plan, door, verdict, method=wish.method, call=wish.call)
            self.opener.open(order, lambda result: self._result(number, result), now)

    def _interlocked(self, plan: DialPlan, door: Door, now: float) -> bool:
        for id_ in door.interlock:
            other = plan.door(id_)
            if other is None:
                continue
            # Unlocked counts as open: somebody may be about to push it. Shut means shut and locked.
            activity = self.opener.activity(plan.site, id_)
            unlocked = activity.opening or activity.is_open(now) or self._holds.is_held(plan.site, id_)
            if unlocked or self._watch.stands_open(plan.site, other):
                return True
        return False

    def _result(self, number: int, result: OpenResult) -> None:
        way, door = self._ways[number], result.order.door.id
        if not result.opened:
            self._stop(number, result.detail)
            return
        wish = way.wish
        self._alarms.expect(wish.site, door, result.at + result.order.seconds)
        self._facts.publish(DoorOpened(wish.site, door, wish.method, wish.call))
        if way.passage.first:
            way.told(Ended(door, True, result.detail))
        if not way.passage.opened(result.at):
            del self._ways[number]

    def _stop(self, number: int, detail: str) -> None:
        """One door failed: it and all that follow stay shut, and each says so."""
        way = self._ways.pop(number)
        passage = way.passage
        told = way.told if passage.first else lambda ended: None
        self._failed(way.wish, passage.door, detail, told)
        for door in passage.rest:
            self._failed(way.wish, door, "stopped", lambda ended: None)

    def _failed(self, wish: Wish, door: str, detail: str, told: Callable[[Ended], None]) -> None:
        self._facts.publish(DoorFailed(wish.site, door, wish.method, wish.call, detail))
        told(Ended(door, False, detail))

    # Inputs.

    def _moved(self, plan: DialPlan, device: str, told: InputState, now: float) -> None:
        for door in plan.directory.doors:
            if (door.controller, door.contact) != (device, told.name):
                continue
            self._facts.publish(DoorMoved(plan.site, door.id, told.on))
            if self.opener.activity(plan.site, door.id).opening:  # its lock moved, the answer is on its way
                self._alarms.expect(plan.site, door.id, now)
            held = self._holds.is_held(plan.site, door.id)
            for alarm in self._alarms.moved(plan.site, door, told.on, held, now):
                self._tell(alarm)

    def _exit(self, plan: DialPlan, device: str, told: InputState, now: float) -> None:
        for door in plan.directory.doors:
            if door.controller == device and told.relay == door.relay:
                self._alarms.expect(plan.site, door.id, now + EXIT_SECONDS)
                self._facts.publish(ExitPressed(plan.site, door.id))

    def _opened_alone(self, plan: DialPlan, device: str, door: str) -> None:
        """An agent that was cut off let somebody in by a pass; it can say so of its own doors only."""
        found = plan.door(door)
        if found is not None and found.controller == device:
            self._facts.publish(DoorOpened(plan.site, door, "code", None))

    def _worry(self, site: str, device: str, told: InputState) -> None:
        kind = _FAULTS.get(told.name, "") if told.kind == "fault" else _WORRYING[told.kind]
        if not kind:
            return  # a part that only a newer agent has
        fact: Fact = (AlarmRaised if told.on else AlarmCleared)(site, kind, device, told.name)
        self._facts.publish(fact)

    def _tell(self, alarm: Alarm) -> None:
        fact: Fact = (AlarmRaised if alarm.on else AlarmCleared)(alarm.site, alarm.kind, alarm.door, "")
        self._facts.publish(fact)
