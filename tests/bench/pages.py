"""Visits between two pages in Chromium: milliseconds until a resident sees, and what 3 % of loss does."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.scenarios.test_browser import SITE, porch_and_kari
from tests.support.browser import Browser

VISITS = 5
LOSS = 0.03
LOSSY_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Seen:
    """`taps`, `rings`: milliseconds from tap, from the INVITE, to the first decoded picture of each visit.

    `lost`, `pictures`, `freezes`: of the lossy visit, as Chromium counts.
    """

    taps: tuple[float, ...]
    rings: tuple[float, ...]
    lost: int
    dropped: int
    pictures: int
    freezes: int


class LossyPath(asyncio.DatagramProtocol):
    """Between a page and the PBX: loses a share of what comes from the PBX."""

    def __init__(self) -> None:
        self.server = 0
        self.dropped = 0
        self._page: tuple[str, int] | None = None
        self._chance = random.Random(3)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[1] != self.server:
            self._page = self._page or addr   # a page tries from all of its addresses; one is enough
            if self.server and addr == self._page:
                self._transport.sendto(data, ("127.0.0.1", self.server))
        elif data[0] >= 128 and self._chance.random() < LOSS:
            self.dropped += 1
        elif self._page is not None:
            self._transport.sendto(data, self._page)


@asynccontextmanager
async def lossy() -> AsyncIterator[tuple[LossyPath, int]]:
    """Such a path, and the port on loopback where it begins."""
    loop = asyncio.get_running_loop()
    transport, path = await loop.create_datagram_endpoint(LossyPath, local_addr=("127.0.0.1", 0))
    try:
        yield path, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def _ring(porch: Browser, kari: Browser) -> tuple[float, float]:
    before = len(kari.log)
    porch.do("call", target=f"sip:kari@{SITE}")
    await kari.rings(before)
    picture = await kari.sees_who_rings()
    return picture["tap"], picture["ring"]


async def _visit_with_loss(porch: Browser, kari: Browser) -> tuple[LossyPath, int, int, int]:
    async with lossy() as (path, port):
        await _ring(porch, kari)
        after = len(kari.log)
        kari.do("answer", port=port)
        path.server = (await kari.expect("through", seconds=20, after=after))["port"]
        await kari.expect("connection", seconds=20, after=after, state="connected")
        assert await kari.sees(1)
        begin = await kari.stats()
        await asyncio.sleep(LOSSY_SECONDS)
        end = await kari.stats()
    counts = (end[name] - begin[name] for name in ("lost", "framesDecoded", "freezes"))
    lost, pictures, freezes = counts
    return path, lost, pictures, freezes


async def visits() -> Seen | None:
    """Measure; None without Chromium."""
    if shutil.which("chromium") is None or shutil.which("node") is None:
        return None
    found: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as scratch:
        async with porch_and_kari(Path(scratch)) as (_, porch, kari):
            for _ in range(VISITS + 1):   # the first one warms
                after = len(kari.log)
                found.append(await _ring(porch, kari))
                porch.do("hangup")
                await kari.expect("failed", seconds=20, after=after)
            path, lost, pictures, freezes = await _visit_with_loss(porch, kari)
    taps, rings = zip(*found[1:], strict=True)
    return Seen(taps, rings, lost, path.dropped, pictures, freezes)
