"""What a call says by itself, and which keys are but echoes of a visitor's tones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.audio.echo import EchoGuard

if TYPE_CHECKING:
    from media.engine import MediaSession

RING_BACK = "tones/ring_back"


class Voices:
    """The prompts of one call.

    A prompt is heard in place of the partner, for its length and by one side only: a visitor who hears "the
    door is open" is still heard by the resident. A leg that cannot be played to hears nothing of ours.
    """

    __slots__ = ("_asked", "_guard", "_language", "_media", "_ring_is_due", "_rings", "saying")

    def __init__(self, media: MediaSession, language: str) -> None:
        self._media, self._language = media, language
        self._guard = EchoGuard()
        self.saying = False
        """Whether the visitor is being told something; a tone is not said."""
        self._rings = self._ring_is_due = False
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

    def say(self, leg: str, prompt: str) -> bool:
        """Tell the visitor something, in place of whatever is heard; False: this panel cannot be told."""
        self._rings = self._ring_is_due = False
        self.saying = self._media.play(leg, f"{self._language}/{prompt}")
        return self.saying

    def door_opened(self, leg: str) -> None:
        """Tell the visitor at the panel to push."""
        self.say(leg, "door_open")

    def tell(self, leg: str, prompt: str) -> None:
        """Tell somebody on a telephone something, in place of the visitor."""
        self._media.play(leg, f"{self._language}/{prompt}")

    def ring_back(self, leg: str) -> None:
        """Let the visitor hear that it rings, once what is being said is over."""
        if self.saying:
            self._ring_is_due = True
        elif not self._rings:
            self._rings = self._media.play(leg, RING_BACK, loop=True)

    def played(self, leg: str) -> None:
        """What was said to the visitor is over."""
        self.saying = False
        if self._ring_is_due:
            self._ring_is_due = False
            self.ring_back(leg)

    def hush(self, leg: str) -> None:
        """Somebody answers: the visitor hears nothing of ours any more."""
        self.saying = self._rings = self._ring_is_due = False
        self._media.stop(leg)

    def overhear(self, digit: str, now: float) -> None:
        """The panel's sound had this key in it."""
        self._guard.overhear(digit, now)

    def counts(self, digit: str, method: str, now: float) -> bool:
        """Whether a key is the resident's own. Of keys by RTP the media worker knew; INFO comes past it."""
        return self._guard.accept(digit, now) or method != "info"
