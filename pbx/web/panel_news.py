"""Tells panels that their directory has changed (P10): a MESSAGE to those that have fetched one.

A panel is looked at when a plan arrives, and every few seconds for what time alone changes (a name that was
hidden until noon). Panels of others, that never asked for a directory, are told nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from dialplan.plan import DialPlan
from pbx.facts import Fact, PlanLoaded
from pbx.web.panel_directory import Directory, directory_of

if TYPE_CHECKING:
    from pbx.registrar.location import Location
    from pbx.sip.engine import Engine
    from pbx.sip.message import Response

CONTENT_TYPE = "application/vnd.doorline.directory+json"
LOOK_SECONDS = 5.0
MOST_PANELS = 10_000


class PanelNews:
    """The directories of panels, and what each of them has last been given or told of; a `Timed`."""

    def __init__(
        self,
        engine: Engine,
        location: Location,
        plans: Mapping[str, DialPlan],
        civil: Callable[[], datetime],
        has_pad: Callable[[str, str], bool] = lambda site, device: False,
        service: Callable[[str, str], Mapping[str, object] | None] = lambda site, device: None,
    ) -> None:
        self._engine, self._location, self._plans, self._civil = engine, location, plans, civil
        self._has_pad, self._service = has_pad, service
        self._known: dict[tuple[str, str], str] = {}
        self._look_at: float | None = None
        self.told = 0

    def directory(self, site: str, device: str) -> Directory | None:
        """What this panel shows now, without being told of it."""
        plan = self._plans.get(site)
        if plan is None:
            return None
        return directory_of(plan, device, self._civil(), self._has_pad, self._service(site, device))

    def fetched(self, site: str, device: str, etag: str, now: float) -> None:
        """The panel has this one; from now on it hears of others."""
        if len(self._known) < MOST_PANELS or (site, device) in self._known:
            self._known[site, device] = etag
            self._look_at = self._look_at if self._look_at is not None else now + LOOK_SECONDS

    def heard(self, fact: Fact) -> None:
        """A listener of facts: a new plan is a reason to look at once."""
        if isinstance(fact, PlanLoaded):
            self.look_soon()

    def look_soon(self) -> None:
        """Somebody's directory may be another."""
        if self._known:
            self._look_at = 0.0

    def next_deadline(self) -> float | None:
        """When to look again; never as long as nobody fetched."""
        return self._look_at

    def handle_timeout(self, now: float) -> None:
        """Look at every panel that fetched, and tell those whose directory is another."""
        if self._look_at is None or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for (site, device), known in list(self._known.items()):
            found = self.directory(site, device)
            if found is None:
                del self._known[site, device]
            elif found.etag != known:
                self._known[site, device] = found.etag
                self._tell(site, device, found.etag, now)

    def stats(self) -> dict[str, float]:
        """For metrics."""
        return {"followed": len(self._known), "told": self.told}

    def _tell(self, site: str, device: str, etag: str, now: float) -> None:
        body = json.dumps({"etag": etag}).encode()
        for binding in self._location.find(site, device):
            request = self._engine.build_request(
                "MESSAGE",
                binding.contact,
                from_=f"<sip:doors@{site}>",
                to=f"<sip:{binding.aor}@{site}>",
                body=body,
                content_type=CONTENT_TYPE,
            )
            self._engine.send_request(request, binding.flow, now, context=self)
            self.told += 1

    def answered(self, response: Response, now: float) -> None:
        """The panel took it, or not: it fetches by itself now and then."""

    def failed(self, status: int, now: float) -> None:
        """It did not answer; the registrar finds out."""
