"""A relay in a process of its own, spoken to over a socket pair whose end is the sign of death, both ways."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from media.engine import MediaSettings
from media.links import OnOrders
from media.orders import MAX_PENDING, LineReader, Order, encode

_ROOT = str(Path(__file__).resolve().parent.parent)
_END_SECONDS = 2.0
_BUFFER = 1 << 18


class ProcessLink:
    """See media.links.Link."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._socket: socket.socket | None = None
        self._pending = b""
        self._waiting = False
        self._reader = LineReader()
        self._on_orders: OnOrders | None = None
        self._on_end: Callable[[], None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    async def open(
        self, settings: MediaSettings, ports: range, on_orders: OnOrders, on_end: Callable[[], None]
    ) -> None:
        self._on_orders, self._on_end = on_orders, on_end
        ours, theirs = socket.socketpair()
        with theirs:
            ours.setblocking(False)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            path = os.pathsep.join(part for part in (_ROOT, os.environ.get("PYTHONPATH", "")) if part)
            try:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "media.worker", str(theirs.fileno()), pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL, env=dict(os.environ, PYTHONPATH=path),
                )
            except OSError:
                ours.close()
                raise
        self._socket = ours
        asyncio.get_running_loop().add_reader(ours.fileno(), self._readable)
        self.send([["start", asdict(settings), ports.start, ports.stop]])

    def send(self, orders: list[Order]) -> None:
        if self._socket is None:
            return
        waiting = bool(self._pending)
        self._pending += encode(orders)
        if not waiting:
            self._write()
        elif len(self._pending) > MAX_PENDING:   # it reads no more
            self.kill()

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        self._on_end = None
        self._hang_up()
        await self._reap()

    async def _reap(self) -> None:
        if self._process is None:
            return
        try:
            await asyncio.wait_for(self._process.wait(), _END_SECONDS)
        except TimeoutError:
            self.kill()
            await self._process.wait()

    def _hang_up(self) -> None:
        if self._socket is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._socket.fileno())
            loop.remove_writer(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def _write(self) -> None:
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self._pending)
        except BlockingIOError:
            sent = 0
        except OSError:
            return                        # it is gone; the reader hears of it
        self._pending = self._pending[sent:]
        if bool(self._pending) is self._waiting:
            return
        self._waiting = not self._waiting
        loop = asyncio.get_running_loop()
        if self._waiting:
            loop.add_writer(self._socket.fileno(), self._write)
        else:
            loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        if self._socket is None:
            return
        try:
            data = self._socket.recv(_BUFFER)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data and self._on_orders is not None:
            self._on_orders(self._reader.feed(data))
        elif not data:
            self._hang_up()
            self.kill()
            if self._on_end is not None:
                self._on_end()
