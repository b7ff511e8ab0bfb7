"""The panel's one call on a real session: INVITE out, audio while it lasts, what happened told to the
panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from intercom.panel import Happening
from pbx.sip import events as sip
from pbx.sip.engine import Engine
from pbx.sip.flow import Flow
from pbx.sip.invite.session import Session
from pbx.sip.message import Request
from pbx.sip.stack import AnswerChallenge

MEDIA_CONTROL = "application/media_control+xml"


class Medium(Protocol):
    """What a call is heard and seen by: `audio.Audio`, or `studio_link.Scene`."""

    def description(self) -> bytes:
        """Our offer."""

    def talk_to(self, description: bytes, *, live: bool = True) -> bool:
        """Their answer; not `live` before the call is answered. False if it takes none of our sound."""

    def answer(self, offer: bytes) -> bytes | None:
        """Our answer to an offer of theirs; None when nothing in it fits."""

    def key_picture(self) -> None:
        """They want a key picture."""

    def close(self) -> None:
        """End at once."""


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

    def __init__(self, session: Session, medium: Medium, tell: Callable[[Happening, float], None]) -> None:
        self._session, self._medium, self._tell = session, medium, tell
        session.context = self
        self.over = False

    @property
    def medium(self) -> Medium:
        """What it is heard and seen by."""
        return self._medium

    @classmethod
    def place(
        cls,
        engine: Engine,
        flow: Flow,
        caller: Caller,
        calls: str,
        medium: Medium,
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
            body=medium.description(),
            expires=int(ring_seconds),
            now=now,
            answer_challenge=caller.answer,
        )
        return cls(session, medium, tell)

    def event(self, event: sip.Event, now: float) -> None:
        """One of our session's events."""
        match event:
            case sip.Progressed() if event.response.status in (180, 183):
                if event.response.body:  # our picture is wanted before the answer
                    self._medium.talk_to(event.response.body, live=False)
                self._tell(Happening.RANG, now)
            case sip.Answered():
                self._answered(event.response.body or self._session.remote_body, now)
            case sip.Refused():
                self._end(Happening.FAILED, now)
            case sip.Ended():
                self._end(Happening.ENDED, now)
            case sip.OfferReceived():
                self._offered(event, now)

    def asked(self, request: Request) -> None:
        """A request of theirs within the call, answered already: INFO may want a key picture (RFC 5168)."""
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if kind == MEDIA_CONTROL and b"picture_fast_update" in request.body:
            self._medium.key_picture()

    def hang_up(self, now: float) -> None:
        """CANCEL or BYE; nothing is told of it."""
        self.over = True
        self._session.context = None
        self._session.end(now)
        self._medium.close()

    def _answered(self, body: bytes, now: float) -> None:
        if not self._medium.talk_to(body):
            self._session.end(now)
            self._end(Happening.FAILED, now)
            return
        self._tell(Happening.ANSWERED, now)

    def _offered(self, event: sip.OfferReceived, now: float) -> None:
        answer = self._medium.answer(event.body) if event.body else self._medium.description()
        if answer is None:
            self._session.refuse_offer(event.transaction, 488, now)
        else:
            self._session.accept_offer(event.transaction, answer, now)

    def _end(self, happening: Happening, now: float) -> None:
        self.over = True
        self._session.context = None
        self._medium.close()
        self._tell(happening, now)
