"""The agent's side of `relay_guard`: starts it, speaks to it, notices when it is dead or hung, and starts
the next."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from intercom.child import Child


class GuardLink:
    """One guard process at a time.

    Args:
        config: the file the guard reads its bounds from.
        on_answer: gets each answer to a command (`id`, `result` ...).
        on_button: gets the name of a button that was pressed.
        on_lost: told when the guard is gone; what was asked of it will not be answered.
        on_input: gets each input's name and state, at the guard's start and whenever it changes.
        on_alive: told whenever the guard says anything.
    """

    def __init__(
        self,
        config: Path,
        *,
        on_answer: Callable[[Mapping[str, Any]], None],
        on_button: Callable[[str], None],
        on_lost: Callable[[], None],
        on_input: Callable[[str, bool], None] = lambda name, on: None,
        on_alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_answer, self._on_button, self._on_input = on_answer, on_button, on_input
        self._on_alive = on_alive
        command = (sys.executable, "-m", "intercom.relay_guard", str(config))
        self._child = Child("relay guard", command, self._take, on_lost)

    @property
    def starts(self) -> int:
        """How many guards there were."""
        return self._child.starts

    @property
    def pid(self) -> int | None:
        """The guard's process; None between two."""
        return self._child.pid

    async def run(self) -> None:
        """Keep a guard alive until cancelled; its relays are at rest and it has ended when this returns."""
        await self._child.run()

    def pulse(self, id: str, relay: str, ms: int, before_ns: int) -> bool:
        """Ask for one pulse; False if there is nobody to ask."""
        return self._child.send({"do": "pulse", "id": id, "relay": relay, "ms": ms, "before_ns": before_ns})

    def hold(self, id: str, relay: str) -> bool:
        """Ask for a lease of 30 s, or its renewal; False if there is nobody to ask."""
        return self._child.send({"do": "hold", "id": id, "relay": relay})

    def release(self, id: str, relay: str) -> bool:
        """End the lease; False if there is nobody to ask, and so no lease."""
        return self._child.send({"do": "release", "id": id, "relay": relay})

    def play(self, name: str, on: bool) -> bool:
        """Switch an input of a guard with mock pins."""
        return self._child.send({"do": "set", "id": "set", "input": name, "on": on})

    def press(self, button: str) -> bool:
        """Press a button of a guard with mock pins."""
        return self._child.send({"do": "press", "id": "press", "button": button})

    def _take(self, fields: Mapping[str, Any]) -> None:
        self._on_alive()
        if fields.get("event") == "button":
            self._on_button(str(fields.get("button")))
        elif fields.get("event") == "input":
            self._on_input(str(fields.get("input")), fields.get("on") is True)
        elif fields.get("result") != "pong":
            self._on_answer(fields)


def deadline_ns(deadline: float, now: float) -> int:
    """A moment of the loop's clock as the nanoseconds that both processes share."""
    return time.monotonic_ns() + int((deadline - now) * 1e9)
