"""The PBX's HTTP side with an engine behind it that only listens, for tests over loopback."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from aiohttp.web import RouteDef

from pbx.pressure import Pressure
from pbx.sip.engine import Engine
from pbx.sip.events import Event
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.transport.limits import Limits
from pbx.web.codes import CodePages
from pbx.web.health import Health
from pbx.web.metrics import Metrics
from pbx.web.preview import PreviewPages
from pbx.web.side import WebSide
from pbx.web.sip_socket import SipSocket

ORIGIN = "https://door.example"


@dataclass
class WebHouse:
    """A listening HTTP side. `events`: what the engine reported; `parts`: what health says."""

    side: WebSide
    driver: Driver
    gate: Gate
    url: str
    events: list[Event] = field(default_factory=list)
    parts: dict[str, bool] = field(default_factory=lambda: {"media": True})
    counters: dict[str, float] = field(default_factory=lambda: {"calls_active": 2})


@asynccontextmanager
async def web_house(
    *,
    origins: Sequence[str] = (ORIGIN,),
    native: bool = False,
    token: str = "",
    limits: Limits | None = None,
    previews: PreviewPages | None = None,
    codes: CodePages | None = None,
    routes: Sequence[RouteDef] = (),
    behind_proxy: bool = False,
) -> AsyncIterator[WebHouse]:
    """An HTTP side on a free port of loopback."""
    serial = count()
    events: list[Event] = []
    engine = Engine(token=lambda: f"t{next(serial)}")
    driver = Driver(engine, time.monotonic, lambda event, now: events.append(event))
    gate = Gate(limits)
    parts, counters = {"media": True}, {"calls_active": 2.0}
    pressure = Pressure(time.monotonic)
    pressure.note(0.01)
    side = WebSide(
        SipSocket(driver, gate, origins, native),
        Health(lambda: parts),
        Metrics(lambda: counters, token, pressure),
        previews,
        codes,
        behind_proxy=behind_proxy,
    )
    side.add(routes)
    host, port = await side.listen("127.0.0.1", 0)
    try:
        yield WebHouse(side, driver, gate, f"http://{host}:{port}", events, parts, counters)
    finally:
        await side.close()
        driver.close()
