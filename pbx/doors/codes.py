"""Judges codes: those typed or scanned at a panel, and links of guests; asks the doorkeeper for the door.

A code that is unknown, not yet or no longer valid, used up or for other doors looks the same from outside.
Nothing here is written down but how often a pass with counted uses was used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dialplan.access import Denied, DoorState, Granted
from dialplan.passes import Code, Pass, admit, match
from dialplan.plan import DialPlan
from dialplan.tries import Tries
from pbx.doors.doorkeeper import Doorkeeper, Ended, Wish
from pbx.facts import AlarmCleared, AlarmRaised, Facts

CALM_SECONDS = 600.0
"""So long without a pause ends a panel's alarm."""

TELEPHONE = "telephone"
"""In place of a panel, where codes are typed on telephones: in an alarm no number stands."""

_REFUSALS = frozenset(
    "unknown_door unknown_subject no_right wrong_method wrong_time used_up tamper lockdown".split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a code: `door` is the id of the one that opened or should have; `seconds` of a pause."""

    result: Literal["opened", "denied", "paused", "failed"]
    door: str = ""
    seconds: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a link is worth just now: the doors it opens now, all its doors, and how often it was used."""

    held: Pass
    now: tuple[str, ...]
    used: int


Told = Callable[[Verdict], None]


class CodeDesk:
    """One for all sites; a `Timed` for the driver.

    Args:
        civil: civil time, aware.
        keep: gets the count of a pass after each change, to be written down.
    """

    def __init__(
        self,
        keeper: Doorkeeper,
        plans: Mapping[str, DialPlan],
        facts: Facts,
        civil: Callable[[], datetime],
        keep: Callable[[str, str, int | None], None],
    ) -> None:
        self._keeper, self._plans, self._facts = keeper, plans, facts
        self._civil, self._keep = civil, keep
        self._passes: Mapping[str, Sequence[Pass]] = {}
        self._used: dict[tuple[str, str], int] = {}
        self._tries: dict[tuple[str, str], Tries] = {}
        self._calm_at: dict[tuple[str, str], float] = {}
        self._counts = {"right": 0, "wrong": 0, "pauses": 0, "links_refused": 0}

    def take(self, passes: Mapping[str, Sequence[Pass]], known: frozenset[tuple[str, str]]) -> None:
        """All passes there are now; of those not `known` nothing is kept any more."""
        self._passes = passes
        for key in self._used.keys() - known:
            del self._used[key]
            self._keep(*key, None)

    def restore(self, used: Mapping[tuple[str, str], int]) -> None:
        """Counts of before a restart."""
        self._used.update(used)

    def at_panel(self, site: str, device: str, code: Code, now: float, told: Told) -> None:
        """A code was given at a panel or controller that has signed in; `told` comes once."""
        plan = self._plans.get(site)
        tries = self._tries.setdefault((site, device), Tries())
        if (seconds := self.paused(site, device, now)) > 0:
            told(Verdict("paused", seconds=seconds))
            return
        held = match(self._passes.get(site, ()), code)
        door = _door_at(plan, device, held) if plan is not None and held is not None else ""
        if plan is None or held is None or not door:
            self._wrong(site, device, tries, now, told)
            return

        def judged(verdict: Verdict) -> None:
            if verdict.result == "denied":
                self._wrong(site, device, tries, now, told)
            else:
                told(verdict)

        self._ask(site, held, door, device, now, judged)

    def by_telephone(
        self, site: str, panel: str, people: frozenset[str], code: Code, now: float, told: Told
    ) -> None:
        """A PIN was typed on the telephone of one of these people, who stands, as it were, before `panel`.

        Only passes that they gave themselves count. All callers of a site share their tries: a number that is
        shown may be anybody's.
        """
        tries = self._tries.setdefault((site, TELEPHONE), Tries())
        if (seconds := self.paused(site, TELEPHONE, now)) > 0:
            told(Verdict("paused", seconds=seconds))
            return
        plan, held = self._plans.get(site), match(self._passes.get(site, ()), code)
        door = _door_at(plan, panel, held) if plan is not None and held is not None else ""
        if held is None or held.host not in people or not door:
            self._wrong(site, TELEPHONE, tries, now, told)
            return

        def judged(verdict: Verdict) -> None:
            if verdict.result == "denied":
                self._wrong(site, TELEPHONE, tries, now, told)
            else:
                told(verdict)

        self._ask(site, held, door, panel, now, judged)

    def paused(self, site: str, device: str, now: float) -> int:
        """Whole seconds until a code of this device is looked at; 0: now."""
        tries = self._tries.get((site, device))
        seconds = tries.paused(now) if tries is not None else 0.0
        return int(seconds) + 1 if seconds > 0 else 0

    def by_link(self, token: str, door: str, now: float, told: Told) -> None:
        """A guest's page asks for a door; `token` is the digest of the link's."""
        found = self._held(token)
        if found is None:
            told(Verdict("denied"))
            return
        site, held = found
        self._ask(site, held, door, "", now, told)

    def standing(self, token: str) -> tuple[str, Standing] | None:
        """The site of a link and what it is worth now; None when it is worth nothing."""
        found = self._held(token)
        plan = self._plans.get(found[0]) if found is not None else None
        if found is None or plan is None:
            return None
        site, held = found
        used, at = self._used.get((site, held.id), 0), self._civil()
        now = tuple(
            door
            for door in held.doors
            if isinstance(
                admit(plan, held, door, at, state=self._keeper.state(site, door), used=used), Granted
            )
        )
        return site, Standing(held, now, used)

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return min(self._calm_at.values(), default=None)

    def handle_timeout(self, now: float) -> None:
        """Alarms that are over."""
        for site, device in [key for key, at in self._calm_at.items() if at <= now]:
            del self._calm_at[site, device]
            self._facts.publish(AlarmCleared(site, "wrong_codes", device, "calm again"))

    def stats(self) -> dict[str, int]:
        """Counters for metrics."""
        return {**self._counts, "passes": sum(map(len, self._passes.values()))}

    def _held(self, token: str) -> tuple[str, Pass] | None:
        for site, passes in self._passes.items():
            if (held := match(passes, Code(token=token))) is not None:
                return site, held
        self._counts["links_refused"] += 1
        return None

    def _ask(self, site: str, held: Pass, door: str, panel: str, now: float, told: Told) -> None:
        """Count first, then open; a door that did not open gives the use back."""
        key, used = (site, held.id), self._used.get((site, held.id), 0)

        def decide(plan: DialPlan, asked: str, state: DoorState) -> Granted | Denied:
            current = next((each for each in self._passes.get(site, ()) if each.id == held.id), None)
            if current is None:  # revoked while the way went on
                return Denied("no_right")
            return admit(plan, current, asked, self._civil(), panel=panel, state=state, used=used)

        def ended(end: Ended) -> None:
            if end.opened:
                self._counts["right"] += 1
                told(Verdict("opened", end.door))
                return
            if held.uses is not None:
                self._count(key, self._used.get(key, 1) - 1)
            if end.detail in _REFUSALS:
                told(Verdict("denied"))
            else:
                told(Verdict("failed", end.door, detail=end.detail))

        if held.uses is not None:
            if used >= held.uses:
                told(Verdict("denied"))
                return
            self._count(key, used + 1)
        self._keeper.ask(Wish(site, door, "code", decide, panel=panel), now, ended)

    def _count(self, key: tuple[str, str], used: int) -> None:
        self._used[key] = used
        self._keep(*key, used)

    def _wrong(self, site: str, device: str, tries: Tries, now: float, told: Told) -> None:
        self._counts["wrong"] += 1
        if tries.failed(now):
            self._counts["pauses"] += 1
            if (site, device) not in self._calm_at:
                self._facts.publish(AlarmRaised(site, "wrong_codes", device, "five wrong codes"))
            self._calm_at[site, device] = now + CALM_SECONDS
        told(Verdict("denied"))


def _door_at(plan: DialPlan, device: str, held: Pass) -> str:
    """The first door of this panel, or else of this controller, that the pass names; "" for none."""
    panel = plan.panel(device)
    own = panel.doors if panel is not None else ()
    driven = tuple(door.id for door in plan.directory.doors if door.controller == device)
    return next((door for door in (*own, *driven) if door in held.doors), "")
