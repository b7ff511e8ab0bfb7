"""Tells agents that the passes of their site have changed, so that they fetch their papers anew."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dialplan.passes import Pass
from dialplan.plan import DialPlan
from pbx.doors.drivers.controller import AGENT, Bindings

if TYPE_CHECKING:
    from pbx.sip.engine import Engine

CONTENT_TYPE = "application/vnd.doorline.directory+json"
"""The same as for the directory (`pbx/web/panel_news.py`): fetch what you keep."""


class PaperNews:
    """Knows what was told last; agents that are away fetch when they register."""

    def __init__(self, engine: Engine, bindings: Bindings, plans: Mapping[str, DialPlan]) -> None:
        self._engine, self._bindings, self._plans = engine, bindings, plans
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

    def _tell(self, site: str, device: str, username: str, now: float) -> int:
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
                body=json.dumps({"changed": "passes"}).encode(),
                content_type=CONTENT_TYPE,
            )
            self._engine.send_request(request, binding.flow, now)
        return len(agents)
