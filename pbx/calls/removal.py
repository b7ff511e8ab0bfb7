"""Calls whose media worker died: each is moved to a living one, so that the talk goes on, or it ends.

A visitor cut off at the door has to ring anew and the resident may not be there a second time, while a new
worker is up within half a second: so both sides of a talk are offered new ports and keys (re-INVITE, RFC 3264
section 8). Who refuses them hears a BYE. A call that still rings ends: its early answer cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from media.errors import NoCapacity
from pbx.calls.call import CallState
from pbx.facts import EndReason

if TYPE_CHECKING:
    from pbx.calls.runner import Runner

PATIENCE_SECONDS = 6.0
"""So long a talk may wait for a worker: people who hear nothing for longer hang up themselves."""

RETRY_SECONDS = 0.05


class Removals:
    """Calls that wait for a worker. `moved` counts those that found one."""

    def __init__(self) -> None:
        self.moved = 0
        self._waiting: dict[Runner, float] = {}
        self._due = 0.0

    def begin(self, runner: Runner, now: float) -> None:
        """The worker of this call is gone."""
        self._waiting[runner] = now + PATIENCE_SECONDS
        self._due = now

    def next_deadline(self) -> float | None:
        """When to try again."""
        return self._due if self._waiting else None

    def handle_timeout(self, now: float) -> Iterator[Runner]:
        """Try what waits; each call that has something to perform."""
        if not self._waiting or now < self._due:
            return
        self._due = now + RETRY_SECONDS
        for runner, until in list(self._waiting.items()):
            state = runner.call.state
            if state is CallState.TALKING and _moves(runner, now):
                self.moved += 1
                del self._waiting[runner]
            elif state in (CallState.RINGING, CallState.ENDED) or now >= until:
                del self._waiting[runner]
                runner.call.hang_up(EndReason.FAILED, now)
                yield runner


def _moves(runner: Runner, now: float) -> bool:
    """Move one call now; False when no worker takes it yet."""
    winner = runner.call.winner
    if winner is None or runner.renegotiation.pending:
        return False
    try:
        runner.around.media.move(runner.media)
        runner.renegotiation.move((runner.call.caller.leg, winner.id), now)
    except NoCapacity:
        return False
    return True
