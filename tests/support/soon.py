"""Waiting for what other programs will have done, by asking again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import ClientError


async def soon(what: Callable[[], Awaitable[bool]], seconds: float = 60.0) -> None:
    """Return once it is so; a server that does not answer is asked again. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                if await what():
                    return
            except ClientError:
                pass
            await asyncio.sleep(0.2)
