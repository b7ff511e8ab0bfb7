"""The embedded engine: sessions on this side, relays in worker processes that are watched and replaced."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

from media.audio.builder import Builder
from media.darkroom import Darkroom
from media.engine import Event, MediaSession, MediaSettings, OnEvent
from media.errors import MediaMisuse, NoCapacity
from media.local import LocalLink
from media.process import ProcessLink
from media.seat import Seat
from media.session import Session

logger = logging.getLogger(__name__)


class EmbeddedEngine:
    """See media.engine.MediaEngine. Set `on_event` before `start`; it is called in the loop of `start`."""

    capabilities = frozenset({
        "relay", "video", "move", "rtcp", "dtmf", "press", "preview", "snapshot", "transcode",
        "dtmf_inband", "prompts",
    })

    def __init__(self, settings: MediaSettings, on_event: OnEvent | None = None) -> None:
        self.settings = settings
        self.on_event: OnEvent = on_event or _nobody
        self._seats: list[Seat] = []
        self._next = 0
        self._darkroom = Darkroom()
        self._builder = Builder()

    async def start(self) -> None:
        """Start the workers; returns when each has its first ports. Raises MediaError when one cannot."""
        for number in range(max(1, self.settings.workers)):
            ports = _share(self.settings, number)
            port = self.settings.webrtc_port and self.settings.webrtc_port + number
            self._seats.append(Seat(self.settings, ports, self._link(), self._tell, self._darkroom, port))
        await asyncio.gather(*(seat.start() for seat in self._seats))
        if self.settings.prompt_sources and self.settings.prompts:
            await self._builder.start(self.settings.prompt_sources, self.settings.prompts)

    async def stop(self) -> None:
        """End the workers; sessions still open are forgotten without an event."""
        await asyncio.gather(*(seat.stop() for seat in self._seats))
        self._seats.clear()
        await self._darkroom.close()
        await self._builder.stop()

    def open(self, call: str) -> Session:
        return self._freest().open(call, _number)

    def move(self, session: MediaSession) -> None:
        if not isinstance(session, Session):
            raise MediaMisuse("a session of another engine")
        if session.lost:
            self._freest().adopt(session)

    def _freest(self) -> Seat:
        alive = [seat for seat in self._seats if seat.ready > 0]
        if not alive:
            raise NoCapacity("No free media port")
        return max(alive, key=lambda one: one.ready)

    def stats(self) -> dict[str, int | float]:
        """Sums over the workers: sessions, ports used, ready and resting, and what they last reported."""
        sums: dict[str, int | float] = {}
        for seat in self._seats:
            for name, value in seat.stats().items():
                sums[name] = sums.get(name, 0) + value
        return sums

    def pids(self) -> list[int]:
        """Process numbers of the workers."""
        return [pid for pid in (seat.pid for seat in self._seats) if pid is not None]

    def _link(self) -> Callable[[], ProcessLink | LocalLink]:
        return ProcessLink if self.settings.workers else LocalLink

    def _tell(self, event: Event) -> None:
        try:
            self.on_event(event)
        except Exception:
            logger.exception("media event %r", event)


def _nobody(_: Event) -> None:
    """Takes events nobody asked for."""


def _number() -> int:
    return secrets.randbits(31)


def _share(settings: MediaSettings, number: int) -> range:
    """The even ports of one worker: its part of the range, RTCP's port included."""
    count = max(1, settings.workers)
    low, high = settings.port_low + settings.port_low % 2, settings.port_high
    pairs = max(0, (high - low + 1) // 2)
    first, after = pairs * number // count, pairs * (number + 1) // count
    return range(low + 2 * first, low + 2 * after, 2)
