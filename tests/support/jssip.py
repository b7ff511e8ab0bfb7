"""A resident's app: JsSIP in Node on plain RTP, over a WebSocket; a phone in all but how it is started."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.peers import missing, need
from tests.support.phones import Phone, stop
from tests.support.system import ROOT

PROGRAM = ROOT / "tests/peers/jssip/phone.mjs"
ORIGIN = "https://app.story.example"


def node(package: str = "jssip") -> str:
    """Path of Node; skips or fails like `need` where it, or the package, is not installed."""
    program = need("node")
    if not (PROGRAM.parent / "node_modules" / package).is_dir():
        why = f"peer package {package} is not installed (make peers)"
        missing(why)
    return program


@asynccontextmanager
async def app(
    scratch: Path,
    name: str,
    *options: str,
    tone: float = 0.0,
    origin: str = ORIGIN,
) -> AsyncIterator[Phone]:
    """Start an app; `register` it with the URL of the WebSocket as `server`. `options`: see phone.mjs."""
    record = scratch / f"{name}.wav"
    process = await asyncio.create_subprocess_exec(
        node(),
        str(PROGRAM),
        "--record",
        str(record),
        "--tone",
        str(tone),
        "--origin",
        origin,
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 20,
    )
    running = Phone(process, name, record)
    async with asyncio.TaskGroup() as group:
        group.create_task(running.read())
        try:
            await running.expect("ready")
            yield running
        finally:
            await stop(process)
