"""Tells agents what they must know for the time they are cut off: that passes have changed, so that they
fetch their papers anew, and which of their doors are locked down."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from dialplan.passes import Pass
from dialplan.plan import DialPlan
from pbx.doors.drivers.controller import AGENT, Bindings
from pbx.doors.watch import Lockdown
from pbx.facts import Fact, LockdownBegan, LockdownEnded, Registered

if TYPE_CHECKING:
    from pbx.sip.engine import Engine

CONTENT_TYPE = "application/vnd.doorline.directory+json"
"""The same as for the directory (`pbx/web/panel_news.py`): fetch what you keep."""

LOCKDOWN = "application/vnd.doorline.lockdown+json"
"""`{"doors": {ID: civil seconds until which}}`: the device's doors that are locked down, and no others."""


class Lockdowns(Protocol):
    """Who knows them: the doorkeeper."""

    def lockdowns(self, site: str) -> Sequence[Lockdown]:
        """Those of a site that last."""


class PaperNews:
    """Knows what was told last; agents that are away learn it when they register.

    Args:
        keeper: knows the lockdowns of a site that last.
        clock: monotonic seconds.
    """

    HEARS = (Registered, LockdownBegan, LockdownEnded)

    def __init__(
        self,
        engine: Engine,
        bindings: Bindings,
        plans: Mapping[str, DialPlan],
        keeper: Lockdowns,
        clock: Callable[[], float],
    ) -> None:
        self._engine, self._bindings, self._plans = engine, bindings, plans
        self._keeper, self._clock = keeper, clock
        self._last: Mapping[str, Sequence[Pass]] = {}

    def changed(self, passes: Mapping[str, Sequence[Pass]], now: float) -> int:
        """These are all passes now; how many agents were told."""
        last, self._last, told = self._last, passes, 0
        for site in last.keys() | passes.keys():
            plan = self._plans.get(site)
            if plan is None or tuple(last.get(site, ())) == tuple(passes.get(site, ())):
                continue
            for device in plan.directory.devices:
                if device.kind in ("panel", "controller"):
                    told += self._tell(site, device.id, device.username, now)
        return told

    def heard(self, fact: Fact) -> None:
        """A listener of facts: lockdowns that begin and end, agents that come."""
        plan = self._plans.get(getattr(fact, "site", None) or "")
        if plan is None:
            return
        if isinstance(fact, LockdownBegan | LockdownEnded):
            door = plan.door(fact.door)
            if door is not None:
                self._tell_lockdowns(plan, door.controller)
        elif isinstance(fact, Registered) and fact.fresh:
            self._tell_lockdowns(plan, fact.device)

    def _tell_lockdowns(self, plan: DialPlan, device: str) -> None:
        own = {door.id for door in plan.directory.doors if door.controller == device}
        found = plan.device(device)
        if own and found is not None:
            locked = self._keeper.lockdowns(plan.site)
            until = {each.door: each.until.timestamp() for each in locked if each.door in own}
            body = json.dumps({"doors": until}).encode()
            self._send(plan.site, device, found.username, body, LOCKDOWN, self._clock())

    def _tell(self, site: str, device: str, username: str, now: float) -> int:
        body = json.dumps({"changed": "passes"}).encode()
        return self._send(site, device, username, body, CONTENT_TYPE, now)

    def _send(self, site: str, device: str, username: str, body: bytes, kind: str, now: float) -> int:
        agents = [
            each
            for each in self._bindings.find(site, device)
            if each.flow.alive and each.user_agent.startswith(AGENT)
        ]
        for binding in agents:
            request = self._engine.build_request(
                "MESSAGE",
                binding.contact,
                from_=f"<sip:doors@{site}>",
                to=f"<sip:{username}@{site}>",
                body=body,
                content_type=kind,
            )
            self._engine.send_request(request, binding.flow, now)
        return len(agents)
