"""Service mode of a panel: its own screen says that it is looked at, and an admin sees a picture from it.

Only a panel's own page takes part. It reads of the mode in its directory, shows it, says that it does, and
then sends one picture for each that was asked for. Pictures of a panel that a visitor uses, that nobody asked
for, or that nobody was told of are refused; the newest lives in memory until the mode ends, by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from pbx.control import ServiceShown

if TYPE_CHECKING:
    from pbx.web.devices import DevicePages

LONGEST = 900.0
"""Seconds after which it is over at the latest, unless it is begun anew."""

JPEG_BEGIN, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


@dataclass(slots=True)
class _Mode:
    until: datetime
    ends_at: float
    by: str
    wanted: int = 1
    announced: bool = False
    picture: bytes = b""
    taken: str = ""


class ServiceModes:
    """Every panel that is in service mode now; a `Timed`.

    Args:
        civil: the time of day.
        clock: monotonic seconds.
        visited: whether a visitor uses that panel now.
    """

    def __init__(
        self, civil: Callable[[], datetime], clock: Callable[[], float], visited: Callable[[str, str], bool]
    ) -> None:
        self._civil, self._clock, self._visited = civil, clock, visited
        self._modes: dict[tuple[str, str], _Mode] = {}
        self.changed: Callable[[], None] = lambda: None
        """Called when a panel has something else to show."""

    def begin(self, site: str, device: str, seconds: float, by: str) -> None:
        """From now on, for at most fifteen minutes; a picture is wanted at once."""
        seconds = min(seconds, LONGEST)
        until = self._civil() + timedelta(seconds=seconds)
        self._modes[site, device] = _Mode(until, self._clock() + seconds, by)
        self.changed()

    def again(self, site: str, device: str) -> bool:
        """Another picture, please; the last one is dropped. False: it is not in service mode."""
        mode = self._modes.get((site, device))
        if mode is None:
            return False
        mode.wanted, mode.picture, mode.taken = mode.wanted + 1, b"", ""
        self.changed()
        return True

    def end(self, site: str, device: str) -> bool:
        """It is over. False: it was not on."""
        if self._modes.pop((site, device), None) is None:
            return False
        self.changed()
        return True

    def shown(self, site: str, device: str) -> ServiceShown | None:
        """What operators may know of it; None while it is off."""
        mode = self._modes.get((site, device))
        if mode is None:
            return None
        until = mode.until.isoformat(timespec="seconds")
        return ServiceShown(until, mode.by, mode.announced, mode.wanted if mode.picture else 0, mode.taken)

    def notice(self, site: str, device: str) -> Mapping[str, object] | None:
        """What the panel is told in its directory; None while it is off."""
        mode = self._modes.get((site, device))
        if mode is None:
            return None
        return {"until": mode.until.isoformat(timespec="seconds"), "picture": mode.wanted}

    def announced(self, site: str, device: str) -> bool:
        """The panel's screen says so now. False: it need not, the mode is over."""
        mode = self._modes.get((site, device))
        if mode is not None:
            mode.announced = True
        return mode is not None

    def give(self, site: str, device: str, number: str, picture: bytes) -> bool:
        """A picture from the panel; False when it is not to be kept."""
        mode = self._modes.get((site, device))
        if mode is None or not mode.announced or number != str(mode.wanted) or mode.picture:
            return False
        if self._visited(site, device) or not picture.startswith(JPEG_BEGIN) or picture[-2:] != JPEG_END:
            return False
        mode.picture, mode.taken = picture, self._civil().isoformat(timespec="seconds")
        return True

    def picture(self, site: str, device: str) -> bytes:
        """The picture there is, as a JPEG; empty: none."""
        mode = self._modes.get((site, device))
        return mode.picture if mode is not None else b""

    def next_deadline(self) -> float | None:
        """When the first is over."""
        return min((mode.ends_at for mode in self._modes.values()), default=None)

    def handle_timeout(self, now: float) -> None:
        """End what is over."""
        for (site, device), mode in list(self._modes.items()):
            if mode.ends_at <= now:
                self.end(site, device)


class ServicePages:
    """`/panels/service`: POST by a panel's page, GET for whoever holds the panel's token (WebAdmin does)."""

    def __init__(self, pages: DevicePages, modes: ServiceModes) -> None:
        self._pages, self._modes = pages, modes

    def routes(self) -> list[web.RouteDef]:
        """What to add to the HTTP side."""
        return [
            web.get("/panels/service", self.look, allow_head=False),
            web.post("/panels/service", self.take),
            web.options("/panels/service", self._pages.preflight),
        ]

    async def take(self, request: web.Request) -> web.Response:
        """Without a body: the screen says so. With one: the picture of that number."""
        headers = self._pages.headers(request) | {"Cache-Control": "no-store"}
        identity = self._pages.identity(request, headers)
        body = await request.read()
        if not body:
            there = self._modes.announced(identity.site, identity.device)
            return web.Response(status=204 if there else 410, headers=headers)
        number = request.query.get("picture", "")
        kept = self._modes.give(identity.site, identity.device, number, body)
        return web.Response(status=204 if kept else 409, headers=headers)

    async def look(self, request: web.Request) -> web.Response:
        """The picture."""
        headers = self._pages.headers(request) | {"Cache-Control": "no-store"}
        identity = self._pages.identity(request, headers)
        found = self._modes.picture(identity.site, identity.device)
        if not found:
            return web.Response(status=404, headers=headers)
        return web.Response(body=found, content_type="image/jpeg", headers=headers)
