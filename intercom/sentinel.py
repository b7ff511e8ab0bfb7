"""Tells systemd that the agent is there and that its loop turns (sd_notify(3), `WatchdogSec=`), so that one
that hangs is started anew. Without systemd it does nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping


class Sentinel:
    """Reads `NOTIFY_SOCKET` and `WATCHDOG_USEC` of `environment`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        given = environment.get("WATCHDOG_USEC", "")
        self._seconds = int(given) / 3e6 if given.isdecimal() and int(given) else 0.0

    async def run(self) -> None:
        """Say so now, and three times in each of its watches until cancelled; then that the end has begun."""
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
            self._say(out, b"READY=1")
            try:
                while self._seconds:
                    self._say(out, b"WATCHDOG=1")
                    await asyncio.sleep(self._seconds)
                await asyncio.get_running_loop().create_future()
            finally:
                self._say(out, b"STOPPING=1")

    def _say(self, out: socket.socket, what: bytes) -> None:
        with contextlib.suppress(OSError):  # it listens again soon, or has gone too
            out.sendto(what, self._address)
