"""What a site may spend on telephones, and what it has: nothing reaches a trunk without its word (S9) [S].

Begun minutes are booked whole and written down when they begin, so that a restart forgets none. Emergency
calls never come here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from dialplan.rows import TelephonyRow
from pbx.facts import AlarmCleared, AlarmRaised, Fact
from pbx.trunks.numbers import Number, read

MINUTE = 60.0
HOUR = 3600.0

Denial = Literal[
    "off",
    "number",
    "country",
    "kind",
    "rate",
    "calls",
    "calls_per_person",
    "calls_per_hour",
    "minutes",
    "money",
]


@dataclass(frozen=True, slots=True)
class Use:
    """What a site has used on one civil day of its own: begun minutes and money in hundredths; `alarmed`:
    somebody was told that it was refused more."""

    site: str
    day: str
    minutes: int = 0
    money: int = 0
    alarmed: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The call may be made; a begun minute costs `price`."""

    number: Number
    price: int


@dataclass(frozen=True, slots=True)
class Denied:
    """It may not."""

    reason: Denial


@dataclass(slots=True, eq=False)
class Running:
    """A call on a trunk. `who` it is made for: the person who dialled, or the telephone that a panel rings;
    kept in memory only."""

    site: str
    who: str
    price: int
    row: TelephonyRow
    minute_ends: float | None = None


class Guard:
    """Limits of every site.

    Args:
        day: the civil day of a site, as text.
        save: keeps a site's use of a day; never blocks.
        publish: gets the alarm at a day's first refusal, and its end on another day.
    """

    def __init__(
        self, day: Callable[[str], str], save: Callable[[Use], None], publish: Callable[[Fact], None]
    ) -> None:
        self._day = day
        self._save = save
        self._publish = publish
        self._used: dict[str, Use] = {}
        self._running: dict[str, Running] = {}
        self._recent: dict[tuple[str, str], deque[float]] = {}
        self.refused = 0
        self.on_spent: Callable[[str, float], None] = _nothing
        """Told of each running call for which no further minute may begin."""

    def restore(self, uses: Iterable[Use]) -> None:
        """Take back what was used before a restart."""
        for use in uses:
            if use.day == self._day(use.site):
                self._used[use.site] = use

    def used(self, site: str) -> Use:
        """What the site has used today."""
        day = self._day(site)
        use = self._used.get(site)
        if use is None or use.day != day:
            if use is not None and use.alarmed:
                self._publish(AlarmCleared(site, "trunk_limit", "limits", "another day has begun"))
            use = self._used[site] = Use(site, day)
        return use

    def ask(
        self, site: str, row: TelephonyRow | None, who: str, dialled: str, now: float
    ) -> Allowed | Denied:
        """Whether `who` of a site may call that now. The first refusal of a day raises the alarm."""
        decided = self._decide(site, row, who, dialled, now)
        if isinstance(decided, Denied):
            self.refused += 1
            self._tell(site, decided.reason)
        return decided

    def begin(self, key: str, site: str, row: TelephonyRow, who: str, price: int, now: float) -> None:
        """An allowed call is made: it counts from here."""
        self._running[key] = Running(site, who, price, row)
        self._recent_of(site, who, now).append(now)

    def answered(self, key: str, now: float) -> None:
        """It costs from now on."""
        running = self._running.get(key)
        if running is not None and running.minute_ends is None:
            self._book(running)
            running.minute_ends = now + MINUTE

    def end(self, key: str) -> None:
        """It is over."""
        self._running.pop(key, None)

    def next_deadline(self) -> float | None:
        """When the next minute begins."""
        ends = (each.minute_ends for each in self._running.values() if each.minute_ends is not None)
        return min(ends, default=None)

    def handle_timeout(self, now: float) -> None:
        """Book the minutes that begin; a call that may have none is told of."""
        for key, running in list(self._running.items()):
            if running.minute_ends is None or running.minute_ends > now:
                continue
            if self._spent(running.site, running.row, running.price):
                running.minute_ends = None
                self._tell(running.site, self._spent(running.site, running.row, running.price) or "minutes")
                self.on_spent(key, now)
            else:
                self._book(running)
                running.minute_ends += MINUTE

    def stats(self) -> dict[str, int]:
        """Calls now, and refusals so far."""
        return {"calls": len(self._running), "refused": self.refused}

    # Inside.

    def _decide(
        self, site: str, row: TelephonyRow | None, who: str, dialled: str, now: float
    ) -> Allowed | Denied:
        if row is None or not (row.calls and row.minutes_per_day and row.money_per_day and row.countries):
            return Denied("off")
        number = read(dialled, row.region)
        if number is None:
            return Denied("number")
        if number.country not in row.countries:
            return Denied("country")
        if number.kind not in row.kinds:
            return Denied("kind")
        price = price_of(number.e164, row)
        if price is None:
            return Denied("rate")
        return self._room(site, row, who, price, now) or Allowed(number, price)

    def _room(self, site: str, row: TelephonyRow, who: str, price: int, now: float) -> Denied | None:
        calls = [each for each in self._running.values() if each.site == site]
        if len(calls) >= row.calls:
            return Denied("calls")
        if sum(each.who == who for each in calls) >= row.calls_per_person:
            return Denied("calls_per_person")
        if len(self._recent_of(site, who, now)) >= row.calls_per_hour:
            return Denied("calls_per_hour")
        waiting = [each for each in calls if each.minute_ends is None]
        minutes, money = len(waiting), sum(each.price for each in waiting)
        spent = self._spent(site, row, price, minutes, money)
        return Denied(spent) if spent is not None else None

    def _spent(
        self, site: str, row: TelephonyRow, price: int, minutes: int = 0, money: int = 0
    ) -> Literal["minutes", "money"] | None:
        """Which limit one minute more would break, besides those that unanswered calls may still begin."""
        use = self.used(site)
        if use.minutes + minutes + 1 > row.minutes_per_day:
            return "minutes"
        return "money" if use.money + money + price > row.money_per_day else None

    def _recent_of(self, site: str, who: str, now: float) -> deque[float]:
        recent = self._recent.setdefault((site, who), deque())
        while recent and recent[0] <= now - HOUR:
            recent.popleft()
        return recent

    def _book(self, running: Running) -> None:
        use = self.used(running.site)
        use = Use(use.site, use.day, use.minutes + 1, use.money + running.price, use.alarmed)
        self._used[running.site] = use
        self._save(use)

    def _tell(self, site: str, reason: Denial) -> None:
        use = self.used(site)
        if not use.alarmed:
            use = self._used[site] = Use(use.site, use.day, use.minutes, use.money, True)
            self._save(use)
            self._publish(AlarmRaised(site, "trunk_limit", "limits", f"a call outside was refused: {reason}"))


def price_of(e164: str, row: TelephonyRow) -> int | None:
    """What a begun minute costs, by the longest prefix; None where no rate is known."""
    fitting = [rate for rate in row.rates if e164.startswith(rate.prefix)]
    return max(fitting, key=lambda rate: len(rate.prefix)).price if fitting else None


def _nothing(key: str, now: float) -> None:
    """Nobody listens yet."""
