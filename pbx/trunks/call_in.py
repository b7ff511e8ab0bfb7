"""Calls in from known telephones that open a door with a PIN: off unless a site names a panel for them.

A number that somebody shows proves nothing: it only says whose PIN counts. The PIN is that of a pass this
very person gave; it is judged like one typed at a panel, five tries then a pause, for all callers of the
site together. Everybody else is refused before anything is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialplan.passes import PIN_LENGTHS, Code
from media import engine as media
from media.dtmf import DigitOnce, parse_info
from media.errors import NoCapacity, SdpError
from pbx.sip import events as sip
from pbx.sip.errors import PeerError
from pbx.sip.fields import NameAddr
from pbx.sip.uri import SipUri
from pbx.trunks.numbers import read

if TYPE_CHECKING:
    from dialplan.plan import DialPlan
    from media.engine import MediaEngine, MediaSession
    from pbx.doors.codes import CodeDesk, Verdict
    from pbx.sip.engine import Engine
    from pbx.sip.message import Request
    from pbx.sip.session import Session
    from pbx.trunks.link import Link

LONGEST_SECONDS = 60.0
"""Nobody needs longer to type a PIN."""

LAST_WORD_SECONDS = 4.0
TRIES = 3
AT_ONCE = 4
LEG = "caller"

Digest = Callable[[str, str, Callable[[Code], None]], None]
"""Makes the slow digest of a site's PIN beside the loop, and hands it over."""


@dataclass(slots=True, eq=False)
class CallIn:
    """One such call; the context of its session. `people`: whose telephone the number is."""

    call: str
    site: str
    panel: str
    people: frozenset[str]
    session: Session
    media: MediaSession
    language: str
    deadline: float
    digits: str = ""
    wrong: int = 0
    judging: bool = False
    over: bool = False
    once: DigitOnce = field(default_factory=DigitOnce)


@dataclass(frozen=True, slots=True)
class CallInGround:
    """What these calls stand on. `settled` runs after something happened outside of an event."""

    engine: Engine
    media: MediaEngine
    plans: Mapping[str, DialPlan]
    codes: CodeDesk
    token: Callable[[], str]
    clock: Callable[[], float]
    digest: Digest
    settled: Callable[[], None]


class CallIns:
    """All calls in; a `Timed` of the driver."""

    def __init__(self, ground: CallInGround) -> None:
        self._ground = ground
        self.digest = ground.digest
        self._calls: dict[str, CallIn] = {}

    def take(self, event: sip.InviteReceived, link: Link, now: float) -> bool:
        """Answer a known telephone; False: whoever this is, it is none."""
        found = self._known(event.request)
        body = event.request.body
        if found is None or not body or len(self._calls) >= AT_ONCE:
            return False
        plan, panel, people = found
        try:
            session_media = self._ground.media.open(call := self._ground.token())
        except NoCapacity:
            return False
        try:
            session_media.receive_offer(LEG, body, source=event.flow.remote[0], role="phone")
            answer = session_media.answer(LEG)
        except (SdpError, NoCapacity):
            session_media.close()
            return False
        language = "en" if plan.directory.site.language.startswith("en") else "nb"
        one = CallIn(
            call, plan.site, panel, people, event.session, session_media, language, now + LONGEST_SECONDS
        )
        self._calls[call] = one
        event.session.context = one
        event.session.accept(answer, now)
        session_media.listen_digits(LEG, True)
        session_media.play(LEG, f"{language}/pin", loop=True)
        return True

    def event(self, event: object, now: float) -> bool:
        """Something happened to a session; False when it is none of these."""
        session = getattr(event, "session", None)
        one = getattr(session, "context", None)
        if not isinstance(one, CallIn):
            return False
        match event:
            case sip.Ended() | sip.Cancelled():
                self._close(one)
            case sip.OfferReceived():
                self._offered(one, event, now)
            case sip.InSessionRequest():
                self._asked(one, event, now)
        return True

    def media_event(self, event: media.Event, now: float) -> bool:
        """Something happened to media; False when they are none of these."""
        one = self._calls.get(event.call)
        if one is None:
            return False
        match event:
            case media.Dtmf(digit=digit):
                if one.once.accept(digit, "rtp", now):
                    self._digit(one, digit, now)
            case media.Silent() | media.Failed() | media.Lost():
                self._end(one, now)
        return True

    def next_deadline(self) -> float | None:
        """When the next call has lasted long enough."""
        return min((one.deadline for one in self._calls.values()), default=None)

    def handle_timeout(self, now: float) -> None:
        """End what has."""
        for one in [one for one in self._calls.values() if one.deadline <= now]:
            self._end(one, now)

    def stats(self) -> dict[str, int]:
        """Calls now."""
        return {"calls_in": len(self._calls)}

    # Inside.

    def _known(self, request: Request) -> tuple[DialPlan, str, frozenset[str]] | None:
        """The site that lets this number call in, the panel it stands for, and whose telephone it is."""
        shown = shown_by(request)
        for plan in self._ground.plans.values():
            row = plan.telephony
            if row is None or not row.call_in:
                continue
            number = read(shown, row.region)
            people = plan.whose_telephone(number.e164) if number is not None else ()
            if people:
                return plan, row.call_in, frozenset(person.id for person in people)
        return None

    def _digit(self, one: CallIn, digit: str, now: float) -> None:
        if one.judging or one.over:
            return
        one.media.stop(LEG)
        if digit == "#":
            self._judge(one, now)
        elif digit.isdecimal():
            one.digits = (one.digits + digit)[: PIN_LENGTHS.stop]
        else:
            one.digits = ""

    def _judge(self, one: CallIn, now: float) -> None:
        digits, one.digits, one.judging = one.digits, "", True
        if len(digits) not in PIN_LENGTHS:
            self._told(one, False, now)
            return

        def digested(code: Code) -> None:
            if one.over:
                return
            at = self._ground.clock()
            self._ground.codes.by_telephone(one.site, one.panel, one.people, code, at, verdict)
            self._ground.settled()

        def verdict(found: Verdict) -> None:
            self._told(one, found.result == "opened", self._ground.clock())
            self._ground.settled()

        self.digest(one.site, digits, digested)

    def _told(self, one: CallIn, opened: bool, now: float) -> None:
        one.judging = False
        if one.over:
            return
        one.media.play(LEG, f"{one.language}/{'opened' if opened else 'wrong_pin'}")
        one.wrong += not opened
        if opened or one.wrong >= TRIES:
            one.judging = True  # no further key counts
            one.deadline = now + LAST_WORD_SECONDS

    def _offered(self, one: CallIn, event: sip.OfferReceived, now: float) -> None:
        try:
            one.media.receive_offer(LEG, event.body, source=event.session.flow.remote[0])
            one.session.accept_offer(event.transaction, one.media.answer(LEG), now)
        except (SdpError, NoCapacity):
            one.media.withdraw(LEG)
            one.session.refuse_offer(event.transaction, 488, now)

    def _asked(self, one: CallIn, event: sip.InSessionRequest, now: float) -> None:
        request, status = event.request, 405
        if request.method == "INFO":
            pressed = parse_info(request.headers.get("Content-Type") or "", request.body)
            status = 200 if pressed is not None or not request.body else 415
            if pressed is not None and one.once.accept(pressed.digit, "info", now, pressed.seconds):
                self._digit(one, pressed.digit, now)
        elif request.method in ("OPTIONS", "REFER"):
            status = 200 if request.method == "OPTIONS" else 403
        self._ground.engine.respond_status(event.transaction, status, now)

    def _end(self, one: CallIn, now: float) -> None:
        session = one.session
        self._close(one)
        session.end(now)

    def _close(self, one: CallIn) -> None:
        if not one.over:
            one.over = True
            one.session.context = None
            one.media.close()
            self._calls.pop(one.call, None)


def shown_by(request: Request) -> str:
    """The number that a call shows: what the carrier asserts (RFC 3325), else From; "" for none."""
    try:
        asserted = request.headers.values("P-Asserted-Identity")
        uri = NameAddr.parse(asserted[0]).uri if asserted else request.from_.uri
        return uri if uri.lower().startswith("tel:") else SipUri.parse(uri).user or ""
    except PeerError:
        return ""
