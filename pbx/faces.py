"""What apps and panels get beside SIP: directories and news of them, doors by HTTP, pushes that wake
them, receipts of what became of a ring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pbx.auth import bearer
from pbx.facts import PlanLoaded
from pbx.push import keys, subscription
from pbx.push.desk import Letter, Outcome
from pbx.push.sender import PushSender
from pbx.push.subscription import Subscription
from pbx.receipts import Receipts
from pbx.web.devices import Asked, DevicePages
from pbx.web.panel_news import PanelNews

if TYPE_CHECKING:
    from pbx.auth import Identity
    from pbx.calls.switchboard import Switchboard
    from pbx.settings import Push
    from pbx.transport.driver import Driver
    from pbx.web.service_mode import ServiceModes


class Faces:
    """Makes these parts and joins them to the rest; `pages` goes to the HTTP side.

    Args:
        who: whose an `Authorization` header is; None: nobody's.
        has_pad: whether codes may be typed at a panel.
        origins: web origins whose pages may ask.
        services: which panels are in service mode.
    """

    def __init__(
        self,
        switchboard: Switchboard,
        driver: Driver,
        credentials: bearer.ByDevice,
        who: Callable[[str], Identity | None],
        civil: Callable[[], datetime],
        has_pad: Callable[[str, str], bool],
        origins: Iterable[str],
        services: ServiceModes,
    ) -> None:
        around = switchboard.around
        self._around, self._driver, self._credentials = around, driver, credentials
        self.receipts = Receipts(around.plans, driver.clock, civil)
        around.facts.subscribe(self.receipts.heard, *Receipts.HEARS)
        around.push.on_stage = self.receipts.pushed
        self._sender: PushSender | None = None
        self.news = PanelNews(
            around.engine, around.location, around.plans, civil, has_pad, services.notice
        )
        services.changed = self.news.look_soon
        driver.attach(self.news)
        around.facts.subscribe(self.news.heard, PlanLoaded)
        self.pages = DevicePages(
            who,
            around.plans,
            around.doors,
            self.news,
            civil,
            driver.clock,
            driver.touch,
            origins,
            Asked(self.receipts.of, switchboard.rehearse),
        )

    def wake_by(self, settings: Push, directory: Path) -> None:
        """From here on sleeping devices are woken, unless the settings say no.

        Args:
            directory: where the server's keys are; its own for push services is made at the first start.

        Raises:
            OSError, ValueError: the key cannot be had.
        """
        if not settings.enabled:
            return
        key, loop = keys.load_or_make(directory), asyncio.get_running_loop()

        def done(letter: Letter, outcome: Outcome) -> None:
            loop.call_soon_threadsafe(self._sent, letter, outcome)

        self._sender = PushSender(key, settings.contact, settings.hosts, done, settings.ca_file)
        desk = self._around.push
        desk.find, desk.post = self._subscription, self._sender.post
        self._driver.attach(desk)

    async def close(self) -> None:
        """Let what is on its way leave."""
        if self._sender is not None:
            await asyncio.to_thread(self._sender.close)

    def _subscription(self, site: str, device: str) -> Subscription | None:
        credential = self._credentials.of_device(site, device)
        if credential is None or credential.state != "active" or not credential.push:
            return None
        return _parsed(credential.push)

    def _sent(self, letter: Letter, outcome: Outcome) -> None:
        self._around.push.sent(letter, outcome, self._driver.clock())
        self._driver.touch()


_parsed = lru_cache(maxsize=10_000)(subscription.parse)
