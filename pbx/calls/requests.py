"""Requests inside a call: digits by INFO, key-frame wishes passed on, everything else answered plainly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.dtmf import parse_info
from pbx.calls.from_apps import KINDS, Asker, FromApps, kind_of
from pbx.calls.key_frame import PICTURE_FAST_UPDATE
from pbx.sip import events as sip

if TYPE_CHECKING:
    from pbx.calls.runner import Runner
    from pbx.calls.surroundings import Surroundings

MEDIA_CONTROL_LIMIT = 2048


class InCallRequests:
    """Answers INFO, OPTIONS and the rest inside sessions."""

    __slots__ = ("_around", "_from_apps")

    def __init__(self, around: Surroundings, from_apps: FromApps) -> None:
        self._around, self._from_apps = around, from_apps

    def received(
        self, runner: Runner, leg: str, peer: str | None, event: sip.InSessionRequest, now: float
    ) -> None:
        """Answer a request inside a session of `runner`; `peer` is the leg on the other side, if any."""
        request = event.request
        if request.method in ("MESSAGE", "INFO") and kind_of(event) in KINDS:
            self._from_apps.asked(asker_of(runner, leg), event, (runner,), now)
            return
        if request.method == "OPTIONS":
            status = 200
        elif request.method == "INFO":
            status = self._info(runner, leg, peer, event, now)
        elif request.method == "REFER":
            status = 403  # nobody moves a visitor elsewhere, and no REFER ever reaches a trunk
        else:
            status = 405
        self._around.engine.respond_status(event.transaction, status, now)

    def _info(
        self, runner: Runner, leg: str, peer: str | None, event: sip.InSessionRequest, now: float
    ) -> int:
        request = event.request
        kind = request.headers.get("Content-Type") or ""
        pressed = parse_info(kind, request.body)
        if pressed is not None:
            runner.digit(leg, pressed.digit, "info", now, pressed.seconds)
            return 200
        if kind.partition(";")[0].strip().lower() == PICTURE_FAST_UPDATE:
            other = runner.sessions.get(peer) if peer is not None else None
            if other is not None and len(request.body) <= MEDIA_CONTROL_LIMIT:
                other.info(PICTURE_FAST_UPDATE, request.body, now)
            return 200
        return 200 if not request.body else 415


def asker_of(runner: Runner, leg: str) -> Asker:
    """Whose leg of the call asks."""
    caller, called = runner.call.caller, runner.call.legs.get(leg)
    return Asker(caller.site, called.device if called is not None else caller.device, caller.call)
