"""Whether a key counts that was also heard from the visitor's panel: a visitor must not open by a tone.

A 5 played into the panel's microphone sounds in the resident's telephone and returns: as a tone by its
loudspeaker, or as an event or an INFO that a gateway makes of the tone. The resident's own key is heard
from the panel too, as an echo from there, but after it was pressed.
"""

from __future__ import annotations

WITHIN_SECONDS = 0.5


class EchoGuard:
    """Remembers when each key was last heard from the panel, and when it last counted for the resident."""

    __slots__ = ("_counted", "_heard")

    def __init__(self) -> None:
        self._heard: dict[str, float] = {}
        self._counted: dict[str, float] = {}

    def overhear(self, digit: str, now: float) -> bool:
        """A key sounded from the panel; False when it is but the echo of one that counted."""
        if now - self._counted.get(digit, -WITHIN_SECONDS - 1) <= WITHIN_SECONDS:
            return False
        self._heard[digit] = now
        return True

    def accept(self, digit: str, now: float) -> bool:
        """Whether the resident's key counts."""
        if now - self._heard.get(digit, -WITHIN_SECONDS - 1) <= WITHIN_SECONDS:
            return False
        self._counted[digit] = now
        return True
