"""A doorkeeper with an office to keep, a lock that remembers, and a clock of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from dialplan.access import Denied, DoorState, Granted, may_open
from dialplan.plan import DialPlan
from dialplan.route import Target
from dialplan.rows import DoorRow, ThenRow
from pbx.doors.doorkeeper import Doorkeeper, Ended, Wish
from pbx.doors.opener import Done, Opener, OpenOrder
from pbx.doors.reports import InputState, Report
from pbx.doors.watch import Lockdown
from pbx.facts import Fact, Facts
from tests.dialplan.checks.expectations import changed
from tests.support.demonstration import office
from tests.support.plans import compiled

GATE = DoorRow(
    "gate",
    "Gate",
    "torget2",
    "lobby-relays",
    "3",
    open_seconds=3,
    then=(ThenRow("lobby", 10), ThenRow("lift", 20)),
)


def plan() -> DialPlan:
    """The office with a gate before it: gate, lobby after 10 s, lift after 20 s more."""
    rows = changed(office(), "doors", "lobby", escape_route=True, exit_hardware=True, lockdown=True, then=())
    rows = changed(rows, "doors", "lift", lockdown=True, contact="lift-contact")
    rows = changed(rows, "rules", "staff-in", doors=("gate", "lobby", "lift"))
    rows = changed(rows, "panels", "panel-lobby", doors=("gate", "lobby"))
    return compiled(replace(rows, doors=(*rows.doors, GATE)))


class Keeper:
    """Everything a test wants to look at: `ordered` is (moment, action, door)."""

    def __init__(self) -> None:
        self.plan = plan()
        self.site = self.plan.site
        self.plans = {self.site: self.plan}
        self.now, self.at, self.fault = 0.0, datetime(2026, 11, 23, 20, tzinfo=UTC), ""
        self.ordered: list[tuple[float, str, str]] = []
        self.facts: list[Fact] = []
        self.kept: dict[str, Lockdown | None] = {}
        numbers = count(1)
        self._reports = count()
        feed = Facts()
        feed.subscribe(self.facts.append)
        self.opener = Opener({"agent": self}, lambda: f"order-{next(numbers):04}")
        self.doorkeeper = Doorkeeper(self.opener, self.plans, feed, lambda: self.at, self._keep)

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """The lock."""
        self.ordered.append((now, order.action, order.door.id))
        done(not self.fault, self.fault or "done", now)

    def _keep(self, site: str, door: str, lockdown: Lockdown | None) -> None:
        self.kept[door] = lockdown

    def civil(self, hour: int) -> None:
        """It is Monday at that hour (UTC); the office is open from 8 to 16 in Oslo."""
        self.at = self.at.replace(hour=hour)

    def ask(self, door: str = "gate", device: str = "anna-app") -> list[Ended]:
        """Somebody's device asks by a visitor's call."""
        told: list[Ended] = []

        def decide(plan: DialPlan, id_: str, state: DoorState) -> Granted | Denied:
            target = Target("device", device)
            return may_open(plan, target, id_, "visitor_call", self.at, panel="panel-lobby", state=state)

        self.doorkeeper.ask(Wish(self.site, door, "visitor_call", decide, "c1"), self.now, told.append)
        return told

    def report(self, *inputs: tuple[str, str, bool]) -> None:
        """The controller reports."""
        states = tuple(InputState(name, kind, on, "3") for name, kind, on in inputs)
        report = Report("run", next(self._reports), states)
        assert self.doorkeeper.reported(self.site, "lobby-relays", report, self.now)

    def advance(self, seconds: float) -> None:
        """Time passes, timer by timer."""
        end = self.now + seconds
        timed = (self.opener, self.doorkeeper)
        while True:
            dues = [due for each in timed if (due := each.next_deadline()) is not None]
            if min(dues) > end:
                break
            self.now = max(self.now, min(dues))
            for each in timed:
                each.handle_timeout(self.now)
        self.now = end

    def opened(self) -> list[tuple[float, str]]:
        """When which door was opened."""
        return [(at, door) for at, action, door in self.ordered if action == "open"]
