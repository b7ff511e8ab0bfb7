"""Codes at the panel [S]: asked of the PBX, or judged by the papers held here while it cannot be reached.

Events in (`give`, `answered`, `switched`, `not_switched`, `handle_timeout`), effects out. What the PBX says
counts; only when it says nothing do papers count, and only once the clock is trusted. Whatever is wrong
with a code looks the same to whoever gave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dialplan.passes import TRIES, Code
from dialplan.tries import Tries
from intercom import papers
from intercom.papers import Opening, Paper

ASK_SECONDS = 4.0
"""How long the PBX may take: it gives a controller 2 s."""

SWITCH_SECONDS = 1.0
MAX_PENDING = 4
Result = Literal["opened", "denied", "paused", "failed", "away"]


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the PBX."""

    id: str
    code: Code


@dataclass(frozen=True, slots=True)
class Pulse:
    """Open by the guard; `deadline` as for an order."""

    id: str
    opening: Opening
    deadline: float


@dataclass(frozen=True, slots=True)
class Say:
    """Tell whoever gave the code."""

    id: str
    result: Result
    door: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class OpenedAlone:
    """A door was opened without the PBX: it is to be told, as soon as it can be."""

    door: str
    until: float


@dataclass(frozen=True, slots=True)
class Wrong:
    """So many wrong codes count now: to be remembered over a restart."""

    count: int


Effect = Ask | Pulse | Say | OpenedAlone | Wrong


@dataclass(slots=True)
class _Pending:
    code: Code
    deadline: float
    opening: Opening | None = None


class CodeDesk:
    """One for the agent. `wrong`: so many codes were wrong before the restart; `blocked`: tampering."""

    def __init__(self, wrong: int = 0, now: float = 0.0) -> None:
        self._tries = Tries(wrong, now)
        self._papers: Sequence[Paper] = ()
        self._pending: dict[str, _Pending] = {}
        self.blocked = False
        self.locked: Mapping[str, float] = {}
        """Doors that are locked down, and until which civil second."""

    def hold(self, held: Sequence[Paper]) -> None:
        """The papers there are now."""
        self._papers = tuple(held)

    def paused(self, now: float) -> int:
        """Whole seconds until a code is looked at; 0: now."""
        seconds = self._tries.paused(now)
        return int(seconds) + 1 if seconds > 0 else 0

    def give(self, id: str, code: Code | None, online: bool, civil: float | None, now: float) -> list[Effect]:
        """Somebody gave a code, None if it cannot be one; `civil` is None while the clock is not trusted."""
        if (seconds := self.paused(now)) > 0:
            return [Say(id, "paused", seconds=seconds)]
        if code is None or self.blocked:
            return self._wrong(id, now)
        if len(self._pending) >= MAX_PENDING:
            return [Say(id, "paused", seconds=1)]
        if not online:
            return self._alone(id, code, civil, now)
        self._pending[id] = _Pending(code, now + ASK_SECONDS)
        return [Ask(id, code)]

    def answered(
        self, id: str, said: Mapping[str, object] | None, civil: float | None, now: float
    ) -> list[Effect]:
        """The PBX's answer, or None: it cannot be reached."""
        pending = self._pending.get(id)
        if pending is None or pending.opening is not None:
            return []
        del self._pending[id]
        if said is None:
            return self._alone(id, pending.code, civil, now)
        match said.get("result"):
            case "opened":
                return [Say(id, "opened", str(said.get("door", ""))[:128])]
            case "paused":
                seconds = said.get("seconds")
                return [Say(id, "paused", seconds=seconds if isinstance(seconds, int) else 60)]
            case "failed":
                return [Say(id, "failed")]
        return self._wrong(id, now)

    def switched(self, id: str, left_ms: int, now: float) -> list[Effect]:
        """The guard has opened."""
        pending = self._pending.pop(id, None)
        if pending is None or pending.opening is None:
            return []
        door = pending.opening.door
        return [OpenedAlone(door, now + left_ms / 1000), Say(id, "opened", door)]

    def not_switched(self, id: str) -> list[Effect]:
        """The guard has not."""
        return [Say(id, "failed")] if self._pending.pop(id, None) is not None else []

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return min((each.deadline for each in self._pending.values()), default=None)

    def handle_timeout(self, civil: float | None, now: float) -> list[Effect]:
        """The PBX or the guard says nothing."""
        effects: list[Effect] = []
        for id in [id for id, each in self._pending.items() if each.deadline <= now]:
            if self._pending[id].opening is None:
                effects += self.answered(id, None, civil, now)
            else:
                effects += self.not_switched(id)
        return effects

    def _alone(self, id: str, code: Code, civil: float | None, now: float) -> list[Effect]:
        if civil is None:
            return [Say(id, "away")]
        paper = papers.find(self._papers, code)
        if paper is None:
            return self._wrong(id, now)
        found = papers.opening(paper, "", civil)
        if found is None or self.locked.get(found.door, 0.0) > civil:
            return self._wrong(id, now)
        deadline = now + SWITCH_SECONDS
        self._pending[id] = _Pending(code, deadline, found)
        return [Pulse(id, found, deadline)]

    def _wrong(self, id: str, now: float) -> list[Effect]:
        count = TRIES if self._tries.failed(now) else self._tries.wrong  # a restart in a pause begins one
        return [Wrong(count), Say(id, "denied")]
