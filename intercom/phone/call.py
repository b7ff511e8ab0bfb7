"""The panel's one call on a real session: INVITE out, audio while it lasts, what happened told to the
panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intercom.panel import Happening
from intercom.phone.audio import Audio
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip.invite.session import Session
from pbx.sip.stack import AnswerChallenge


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: our name and address of record, and how we prove it."""

    name: str
    username: str
    site: str
    answer: AnswerChallenge

    @property
    def from_(self) -> str:
        """The From header's value, without tag."""
        name = self.name.replace("\\", "").replace('"', "")
        return f'"{name}" <sip:{self.username}@{self.site}>' if name else f"<sip:{self.username}@{self.site}>"


class Call:
    """From INVITE to the end; `tell` hears what the panel must know, each change once."""

    def __init__(self, session: Session, audio: Audio, tell: Callable[[Happening, float], None]) -> None:
        self._session, self._audio, self._tell = session, audio, tell
        session.context = self
        self.over = False

    @classmethod
    def place(
        cls,
        engine: Engine,
        flow: Flow,
        caller: Caller,
        calls: str,
        audio: Audio,
        tell: Callable[[Happening, float], None],
        *,
        ring_seconds: float,
        now: float,
    ) -> Call:
        """Send the INVITE for the button `calls`."""
        target = f"sip:{calls}@{caller.site}"
        session = engine.invite(
            target=target,
            from_=caller.from_,
            to=f"<{target}>",
            flow=flow,
            body=audio.description(),
            expires=int(ring_seconds),
            now=now,
            answer_challenge=caller.answer,
        )
        return cls(session, audio, tell)

    def event(self, event: sip.Event, now: float) -> None:
        """One of our session's events."""
        match event:
            case sip.Progressed() if event.response.status in (180, 183):
                self._tell(Happening.RANG, now)
            case sip.Answered():
                self._answered(event.response.body, now)
            case sip.Refused():
                self._end(Happening.FAILED, now)
            case sip.Ended():
                self._end(Happening.ENDED, now)
            case sip.OfferReceived():
                self._offered(event, now)

    def hang_up(self, now: float) -> None:
        """CANCEL or BYE; nothing is told of it."""
        self.over = True
        self._session.context = None
        self._session.end(now)
        self._audio.close()

    def _answered(self, body: bytes, now: float) -> None:
        if not self._audio.talk_to(body):
            self._session.end(now)
            self._end(Happening.FAILED, now)
            return
        self._tell(Happening.ANSWERED, now)

    def _offered(self, event: sip.OfferReceived, now: float) -> None:
        if event.body and not self._audio.talk_to(event.body):
            self._session.refuse_offer(event.transaction, 488, now)
        else:
            self._session.accept_offer(event.transaction, self._audio.description(), now)

    def _end(self, happening: Happening, now: float) -> None:
        self.over = True
        self._session.context = None
        self._audio.close()
        self._tell(happening, now)
