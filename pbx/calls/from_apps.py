"""What an app asks by MESSAGE, in a call or outside: to open a door, and a typed word for the visitor.

Bodies are JSON. A door: `{"door": ID}`, answered `{"result": "opened" | "already_open" | "refused" |
"failed", "detail": WORD}`; whether it may is decided now, by the right of the device's owner (method "app").
A word: `{"text": "coming" | "leave_parcel" | "moment" | free text, "call": Call-ID}`, answered
`{"shown": BOOL}`; "call" names the ringing or answered INVITE and may be left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from dialplan.access import Denied, DoorState, Granted, may_open
from dialplan.plan import DialPlan
from dialplan.route import Target
from pbx.doors.doorkeeper import Ended, Wish
from pbx.sip.errors import PeerError
from pbx.sip.message import response_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pbx.calls.runner import Runner
    from pbx.calls.surroundings import Surroundings
    from pbx.sip import events as sip

OPEN = "application/vnd.doorline.open+json"
WORD = "application/vnd.doorline.answer+json"
KINDS = frozenset({OPEN, WORD})
LARGEST = 1024
LONGEST_WORD = 80

_REFUSED = frozenset(
    {"unknown_door", "unknown_subject", "wrong_panel", "no_right", "wrong_method", "wrong_time", "lockdown"}
)
_TOLD = frozenset({"wrong_time", "lockdown"})
"""Refusals that may be explained: there is a right to the door, only not now."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a device that has proved itself; `call` when it asks inside one."""

    site: str
    device: str
    call: str | None = None


def kind_of(event: sip.RequestReceived | sip.InSessionRequest) -> str:
    """The media type of a body, plain and in lower case."""
    return (event.request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


class FromApps:
    """Answers apps. `runners`: the calls of now."""

    __slots__ = ("_around", "opened", "words")

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self.opened = self.words = 0

    def asked(
        self,
        asker: Asker,
        event: sip.RequestReceived | sip.InSessionRequest,
        runners: Iterable[Runner],
        now: float,
    ) -> None:
        """Answer one request; that about a door when the door has answered."""
        try:
            body = _parsed(event.request.body)
            if kind_of(event) == OPEN:
                self._open(asker, _text(body, "door", 64), event, now)
            else:
                self._say(asker, body, event, runners, now)
        except PeerError as fault:
            self._around.engine.respond_status(event.transaction, fault.status, now)

    def _open(
        self, asker: Asker, door: str, event: sip.RequestReceived | sip.InSessionRequest, now: float
    ) -> None:
        subject, civil = Target("device", asker.device), self._around.civil

        def decide(plan: DialPlan, door: str, state: DoorState) -> Granted | Denied:
            return may_open(plan, subject, door, "app", civil(), state=state)

        wish = Wish(asker.site, door, "app", decide, asker.call)
        self._around.doors.ask(wish, now, partial(self._opened, event, now))

    def _opened(
        self, event: sip.RequestReceived | sip.InSessionRequest, now: float, ended: Ended
    ) -> None:
        self.opened += ended.opened
        if ended.opened:
            result = "already_open" if ended.detail == "already_open" else "opened"
        else:
            result = "refused" if ended.detail in _REFUSED else "failed"
        shown = ended.detail if result != "refused" or ended.detail in _TOLD else "refused"
        self._answer(event, {"result": result, "detail": shown}, now)

    def _say(
        self,
        asker: Asker,
        body: dict[str, Any],
        event: sip.RequestReceived | sip.InSessionRequest,
        runners: Iterable[Runner],
        now: float,
    ) -> None:
        text, dialog = _text(body, "text", LONGEST_WORD), body.get("call")
        shown = False
        for runner in runners:
            if runner.call.caller.site == asker.site and runner.call.route.panel:
                shown = runner.word_for_visitor(asker.device, dialog, text, now) or shown
        self.words += shown
        self._answer(event, {"shown": shown}, now)

    def _answer(
        self, event: sip.RequestReceived | sip.InSessionRequest, body: dict[str, Any], now: float
    ) -> None:
        response = response_to(event.request, 200)
        response.headers.set("Content-Type", "application/json")
        response.body = json.dumps(body).encode()
        self._around.engine.respond(event.transaction, response, now)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise PeerError(400, "no JSON object")
    return found


def _text(body: dict[str, Any], name: str, longest: int) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise PeerError(400, f"no {name}")
    return value
