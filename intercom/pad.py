"""The code pad and QR reader of a door, joined to the line, the guard and the store; `codes` decides."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dialplan.passes import code_of
from intercom.clock import CivilClock
from intercom.codes import Ask, CodeDesk, Effect, OpenedAlone, Pulse, Say, Wrong
from intercom.guard_link import GuardLink, deadline_ns
from intercom.papers import Paper
from intercom.phone.line import Line
from intercom.settings import Settings
from pbx.sip.engine import Engine
from pbx.sip.message import Response
from pbx.sip.proof import Proof
from pbx.transport.driver import Driver

CONTENT_TYPE = "application/vnd.doorline.code+json"
MARK = "pad-"
"""What the ids of our pulses begin with."""

_log = logging.getLogger(__name__)


class Pad:
    """One for the agent; a `Timed` for the driver.

    Args:
        opened: a door was opened without the PBX, and stays so until then.
        wrong: so many wrong codes are to be remembered.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        driver: Driver,
        line: Line,
        clock: CivilClock,
        guard: GuardLink,
        proof: Proof,
        *,
        opened: Callable[[OpenedAlone], None],
        wrong: Callable[[int], None],
    ) -> None:
        self._site, self._username = settings.server.site, settings.account.username
        self._relays = settings.guard.relays
        self._engine, self._driver, self._line, self._clock = engine, driver, line, clock
        self._guard, self._proof = guard, proof
        self._opened, self._wrong = opened, wrong
        self._desk = CodeDesk()
        self._waiting: dict[str, asyncio.Future[Say]] = {}

    async def give(self, text: str) -> Say:
        """What somebody typed or held before the reader, and what became of it."""
        id = MARK + secrets.token_hex(6)
        if (seconds := self._desk.paused(self._driver.clock())) > 0:
            return Say(id, "paused", seconds=seconds)
        code = await asyncio.to_thread(code_of, self._site, text)
        said: asyncio.Future[Say] = asyncio.get_running_loop().create_future()
        self._waiting[id] = said
        now = self._driver.clock()
        self._perform(self._desk.give(id, code, self._line.registered, self._civil(now), now), now)
        self._driver.drain(now)
        try:
            return await said  # always comes: the desk has time-outs
        finally:
            del self._waiting[id]

    def recall(self, wrong: int) -> None:
        """So many codes were wrong before the restart; before anything else."""
        self._desk = CodeDesk(wrong, self._driver.clock())

    def hold(self, papers: Sequence[Paper]) -> None:
        """The papers there are now; those for relays that are not here are none."""
        self._desk.hold([each for each in papers if any(one.relay in self._relays for one in each.openings)])

    def lock(self, doors: Mapping[str, float]) -> None:
        """These doors are locked down, each until its civil second, and no others."""
        self._desk.locked = doors

    def tampered(self, on: bool) -> None:
        """Somebody opens the panel: codes count no more while that lasts."""
        self._desk.blocked = on

    def guard_said(self, answer: Mapping[str, Any]) -> bool:
        """An answer of the guard; False when it is not to us."""
        id = str(answer.get("id"))
        if not id.startswith(MARK):
            return False
        now = self._driver.clock()
        if answer.get("result") == "on":
            self._perform(self._desk.switched(id, int(answer["left_ms"]), now), now)
        else:
            self._perform(self._desk.not_switched(id), now)
        return True

    def next_deadline(self) -> float | None:
        """When `handle_timeout` wants to be called."""
        return self._desk.next_deadline()

    def handle_timeout(self, now: float) -> None:
        """What the PBX or the guard did not answer."""
        self._perform(self._desk.handle_timeout(self._civil(now), now), now)

    def answered(self, id: str, said: Mapping[str, object] | None, now: float) -> None:
        """What the PBX said."""
        self._perform(self._desk.answered(id, said, self._civil(now), now), now)

    def _civil(self, now: float) -> float | None:
        return self._clock.civil(now)

    def _perform(self, effects: Sequence[Effect], now: float) -> None:
        for effect in effects:
            match effect:
                case Ask():
                    self._ask(effect, now)
                case Pulse():
                    one = effect.opening
                    if not self._guard.pulse(effect.id, one.relay, one.ms, deadline_ns(effect.deadline, now)):
                        self._perform(self._desk.not_switched(effect.id), now)
                case OpenedAlone():
                    self._opened(effect)
                case Wrong():
                    self._wrong(effect.count)
                case Say():
                    if (waiting := self._waiting.get(effect.id)) is not None and not waiting.done():
                        waiting.set_result(effect)

    def _ask(self, ask: Ask, now: float) -> None:
        flow = self._line.flow
        if flow is None or not flow.alive:
            self.answered(ask.id, None, now)
            return
        given = {"pin": ask.code.pin} if ask.code.pin else {"token": ask.code.token}
        request = self._engine.build_request(
            "MESSAGE",
            f"sip:doors@{self._site}",
            from_=f"<sip:{self._username}@{self._site}>",
            to=f"<sip:doors@{self._site}>",
            body=json.dumps(given).encode(),
            content_type=CONTENT_TYPE,
        )
        context = _Asked(self, ask.id)
        self._engine.send_request(request, flow, now, context=context, answer_challenge=self._proof.answer)


class _Asked:
    """The context of one question."""

    def __init__(self, pad: Pad, id: str) -> None:
        self._pad, self._id = pad, id

    def answered(self, response: Response, now: float) -> None:
        """Only a PBX that cannot answer makes papers count, not one that refuses us."""
        if response.status < 200:
            return
        if response.status == 408 or response.status >= 500:
            self._pad.answered(self._id, None, now)
            return
        said: Any = None
        if response.status < 300 and len(response.body) <= 1024:
            with contextlib.suppress(ValueError, RecursionError):
                said = json.loads(response.body)
        if not isinstance(said, dict):
            _log.warning("the PBX refused a code: %d", response.status)
            said = {"result": "failed"}
        self._pad.answered(self._id, said, now)

    def failed(self, status: int, now: float) -> None:
        """Nobody answers."""
        self._pad.answered(self._id, None, now)
