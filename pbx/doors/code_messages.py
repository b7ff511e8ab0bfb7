"""Codes from panels by SIP MESSAGE, and links of guests by HTTP: both read here, judged by the code desk.

A panel or controller that has signed in sends `{"pin": digest}`, `{"token": digest}` or, from a browser that
cannot derive one, `{"code": text}`. The answer says what became of it: `{"result", "door", "seconds"}`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dialplan.passes import LONGEST_CODE, Code, code_of, token_digest, token_of
from pbx.doors.codes import CodeDesk, Standing, Verdict
from pbx.sip.message import response_to
from pbx.tasks import Tasks

if TYPE_CHECKING:
    from dialplan.plan import DialPlan
    from pbx.auth import Identity
    from pbx.sip.engine import Engine
    from pbx.sip.events import RequestReceived

CONTENT_TYPE = "application/vnd.doorline.code+json"
MAX_BYTES = 2048
_DIGEST = re.compile(r"[0-9a-f]{64}")


class CodeMessages:
    """Stands between the wire and the desk.

    Args:
        settled: run after each answer (it drains the driver).
    """

    def __init__(
        self,
        engine: Engine,
        desk: CodeDesk,
        plans: Mapping[str, DialPlan],
        clock: Callable[[], float],
        settled: Callable[[], None],
    ) -> None:
        self._engine, self._desk, self._plans = engine, desk, plans
        self._clock, self._settled = clock, settled
        self._tasks = Tasks("codes")

    async def close(self) -> None:
        """End derivations that go on."""
        await self._tasks.close()

    def take(self, event: RequestReceived, identity: Identity, now: float) -> None:
        """Answer a MESSAGE of a device."""
        request, given = event.request, _given(event.request.body)
        if not self.has_pad(identity.site, identity.device):
            self._engine.respond_status(event.transaction, 403, now)
            return
        if given is None:
            self._engine.respond_status(event.transaction, 400, now)
            return

        def told(verdict: Verdict) -> None:
            response = response_to(request, 200)
            response.headers.set("Content-Type", "application/json")
            response.body = json.dumps(self.answer(identity.site, verdict)).encode()
            self._engine.respond(event.transaction, response, self._clock())
            self._settled()

        self.judge(identity.site, identity.device, given, told)

    def judge(self, site: str, device: str, given: Code | str, told: Callable[[Verdict], None]) -> None:
        """Have a code of a device judged; a text is derived in a thread first."""
        if isinstance(given, Code):
            self._desk.at_panel(site, device, given, self._clock(), told)
            return
        if (seconds := self._desk.paused(site, device, self._clock())) > 0:  # no derivation for nothing
            told(Verdict("paused", seconds=seconds))
            return
        self._tasks.spawn(self._derive(site, device, given, told), name="derive")

    def has_pad(self, site: str, device: str) -> bool:
        """Whether codes may come from this device."""
        plan = self._plans.get(site)
        found = plan.device(device) if plan is not None else None
        return found is not None and found.kind in ("panel", "controller")

    def answer(self, site: str, verdict: Verdict) -> dict[str, object]:
        """What the panel is told."""
        said: dict[str, object] = {"result": verdict.result}
        if verdict.seconds:
            said["seconds"] = verdict.seconds
        if verdict.result == "opened":
            said["door"] = self._name(site, verdict.door)
        return said

    def link(self, token: str) -> dict[str, object] | None:
        """What a link is worth now, for the guest's page; None: nothing."""
        found = self._desk.standing(token_digest(token)) if token_of(token) == token else None
        if found is None:
            return None
        site, standing = found
        doors = [{"id": door, "name": self._name(site, door)} for door in standing.now]
        return {"uses": _left(standing), "doors": doors}

    async def open_by_link(self, token: str, door: str) -> dict[str, object]:
        """Open a door for the guest's page."""
        done: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._desk.by_link(token_digest(token), door, self._clock(), lambda verdict: _once(done, verdict))
        self._settled()
        verdict = await done
        return {"result": verdict.result}

    async def _derive(self, site: str, device: str, text: str, told: Callable[[Verdict], None]) -> None:
        code = await asyncio.to_thread(code_of, site, text)
        self._desk.at_panel(site, device, code or Code(), self._clock(), told)
        self._settled()

    def _name(self, site: str, door: str) -> str:
        plan = self._plans.get(site)
        found = plan.door(door) if plan is not None else None
        return found.name if found is not None else door


def _left(standing: Standing) -> int | None:
    return None if standing.held.uses is None else max(0, standing.held.uses - standing.used)


def _once(done: asyncio.Future[Verdict], verdict: Verdict) -> None:
    if not done.done():
        done.set_result(verdict)


def _given(body: bytes) -> Code | str | None:
    try:
        fields: Any = json.loads(body) if len(body) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or len(fields) != 1:
        return None
    [(name, value)] = fields.items()
    if not isinstance(value, str):
        return None
    if name == "code":
        return value if 0 < len(value) <= LONGEST_CODE else None
    if name not in ("pin", "token") or not _DIGEST.fullmatch(value):
        return None
    return Code(pin=value) if name == "pin" else Code(token=value)
