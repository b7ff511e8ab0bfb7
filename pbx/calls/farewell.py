"""The last word to a visitor when the call itself is over: nobody answered, or the door is open.

Everybody else has been told of the end by then; what is left is the panel's own session and its sound, for
some seconds. A refusal must not be told from silence by its haste: "nobody answered" is said no sooner than
`LEAST_SECONDS` after the tap, and until then it rings, whatever became of the call (P5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pbx.calls.call import Call
from pbx.calls.outcome import cancel_reason
from pbx.calls.voices import Voices
from pbx.facts import EndReason
from pbx.sip import events as sip

if TYPE_CHECKING:
    from media.engine import MediaSession
    from pbx.sip.engine import Engine
    from pbx.sip.session import Session

LEAST_SECONDS = 6.0
LONGEST_SECONDS = 8.0
"""For a prompt whose end is never told."""

_NOBODY = frozenset({
    EndReason.NO_ANSWER, EndReason.RING_LIMIT, EndReason.UNREACHABLE, EndReason.DECLINED, EndReason.BUSY,
})
_TALKED = frozenset({EndReason.NORMAL, EndReason.DOOR_OPENED})


class Ends(Protocol):
    """A call that ends, as the runner has it. `early`: its caller hears us though nobody has answered."""

    call: Call
    sessions: dict[str, Session]
    media: MediaSession
    voices: Voices
    early: bool


@dataclass(slots=True, eq=False)
class Farewell:
    """One caller who still listens; the context of its session. `prompt` "" is what is being said already."""

    call: str
    leg: str
    session: Session
    media: MediaSession
    voices: Voices
    reason: EndReason
    answered: bool
    prompt: str
    due: float
    speaks: bool = False


class Farewells:
    """Every caller who hears a last word; a party of the switchboard's clock."""

    def __init__(self) -> None:
        self._by_call: dict[str, Farewell] = {}

    def __contains__(self, call: str) -> bool:
        return call in self._by_call

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._by_call))

    def begin(self, ends: Ends, reason: EndReason, now: float) -> bool:
        """Take over the caller's session and the media of a call that ends now for `reason`; False: there is
        nothing to say."""
        call, voices = ends.call, ends.voices
        prompt = last_word(call, reason, early=ends.early, saying=voices.saying)
        if prompt is None:
            return False
        caller, answered = call.caller, call.answered_at is not None or call.joined
        due = max(now, call.started_at + LEAST_SECONDS) if prompt == "nobody" else now
        session = ends.sessions.pop(caller.leg)
        ends.early = False
        one = Farewell(caller.call, caller.leg, session, ends.media, voices, reason, answered, prompt, due)
        session.context = one
        self._by_call[caller.call] = one
        if due > now:
            voices.ring_back(caller.leg)
        else:
            self._speak(one, now)
        return True

    def event(self, one: Farewell, event: object, engine: Engine, now: float) -> None:
        """Something happened to the session of a caller who listens."""
        match event:
            case sip.Cancelled() | sip.Ended():
                self._forget(one)
            case sip.InSessionRequest():
                known = event.request.method in ("INFO", "OPTIONS")
                engine.respond_status(event.transaction, 200 if known else 405, now)
            case sip.OfferReceived():
                event.session.refuse_offer(event.transaction, 488, now)

    def played(self, call: str, now: float) -> None:
        """A prompt is over."""
        one = self._by_call.get(call)
        if one is None:
            return
        if one.speaks:
            self._end(one, now)
        else:
            one.voices.played(one.leg)

    def lost(self, call: str, now: float) -> bool:
        """The media are gone, or we end: there is nothing to hear any more. False: nobody listens."""
        one = self._by_call.get(call)
        if one is not None:
            self._end(one, now)
        return one is not None

    def next_deadline(self) -> float | None:
        """The next moment at which somebody is to be told, or hung up on."""
        return min((one.due for one in self._by_call.values()), default=None)

    def handle_timeout(self, now: float) -> None:
        """Do what is due."""
        for one in [one for one in self._by_call.values() if one.due <= now]:
            if one.speaks:
                self._end(one, now)
            else:
                self._speak(one, now)

    def _speak(self, one: Farewell, now: float) -> None:
        one.speaks, one.due = True, now + LONGEST_SECONDS
        if one.prompt and not one.voices.say(one.leg, one.prompt):
            self._end(one, now)

    def _end(self, one: Farewell, now: float) -> None:
        if one.answered:
            one.session.end(now, cancel_reason(one.reason))
        else:
            one.session.refuse(one.reason.status, now)
        self._forget(one)

    def _forget(self, one: Farewell) -> None:
        del self._by_call[one.call]
        one.session.context = None
        one.media.close()


def last_word(call: Call, reason: EndReason, *, early: bool, saying: bool) -> str | None:
    """What a visitor is still to hear: a prompt's name, "" for what is being said, None for nothing."""
    if not call.route.panel:
        return None
    if saying and call.answered_at is not None and reason in _TALKED:
        return ""
    if not early or call.answered_at is not None:
        return None
    if reason is EndReason.DOOR_OPENED:
        return "door_open"
    return "nobody" if reason in _NOBODY else None
