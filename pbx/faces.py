"""What apps and panels get beside SIP: directories and news of them, doors by HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pbx.auth import bearer
from pbx.web.devices import DevicePages
from pbx.web.panel_news import PanelNews

if TYPE_CHECKING:
    from pbx.calls.surroundings import Surroundings
    from pbx.transport.driver import Driver


class Faces:
    """Makes these parts and joins them to the rest; `pages` goes to the HTTP side.

    Args:
        has_pad: whether codes may be typed at a panel.
        origins: web origins whose pages may ask.
    """

    def __init__(
        self,
        around: Surroundings,
        driver: Driver,
        credentials: bearer.ByDevice,
        civil: Callable[[], datetime],
        has_pad: Callable[[str, str], bool],
        origins: Iterable[str],
    ) -> None:
        self.news = PanelNews(around.engine, around.location, around.plans, civil, has_pad)
        driver.attach(self.news)
        around.facts.subscribe(self.news.heard)
        self.pages = DevicePages(
            lambda said: bearer.check(said, credentials),
            around.plans,
            around.doors,
            self.news,
            civil,
            driver.clock,
            driver.touch,
            origins,
        )
