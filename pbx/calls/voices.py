"""What a call says by itself, and which keys are but echoes of a visitor's tones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.audio.echo import EchoGuard

if TYPE_CHECKING:
    from media.engine import MediaSession


class Voices:
    """The prompts of one call.

    A prompt is heard in place of the partner, for its length and by one side only: a visitor who hears "the
    door is open" is still heard by the resident. A leg that cannot be played to hears nothing of ours.
    """

    __slots__ = ("_asked", "_guard", "_language", "_media")

    def __init__(self, media: MediaSession, language: str) -> None:
        self._media, self._language = media, language
        self._guard = EchoGuard()
        self._asked: set[str] = set()

    def ask(self, leg: str) -> None:
        """Tell who picked up a telephone which keys there are, again and again until one is pressed."""
        self._asked.add(leg)
        self._media.play(leg, f"{self._language}/menu", loop=True)

    def answered(self, leg: str) -> None:
        """It pressed one and talks now."""
        if leg in self._asked:
            self._asked.discard(leg)
            self._media.stop(leg)

    def door_opened(self, leg: str) -> None:
        """Tell the visitor at the panel to push."""
        self._media.play(leg, f"{self._language}/door_open")

    def overhear(self, digit: str, now: float) -> None:
        """The panel's sound had this key in it."""
        self._guard.overhear(digit, now)

    def counts(self, digit: str, method: str, now: float) -> bool:
        """Whether a key is the resident's own. Of keys by RTP the media worker knew; INFO comes past it."""
        return self._guard.accept(digit, now) or method != "info"
