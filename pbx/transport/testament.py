"""What must be given up if this process dies: INVITEs over UDP that ring somewhere (RFC 3261 section 9).

A phone that rings by UDP does not hear that its caller's server is gone, and many ignore Expires. So each
unanswered INVITE stands in memory shared with a small companion process (`testament_executor.py`), which
cancels what is left there as soon as this process has ended, however it ended. Nothing is written to a disk,
and an entry is wiped when its INVITE is settled.

TCP, TLS and WebSocket are left out: nobody can write to a connection whose process is gone. It breaks, which
tells the phone, and what follows is its own affair: JsSIP rings until Expires, PJSIP and baresip ring on.

Writing an entry is a copy within memory: no system call, no message, and nothing that could block.
"""

from __future__ import annotations

import asyncio
import logging
import mmap
import os
import sys
from typing import TYPE_CHECKING

from pbx.tasks import Tasks

from . import testament_executor as executor

if TYPE_CHECKING:
    from pbx.sip.transactions.table import Client

    from .udp import UdpListener

_log = logging.getLogger(__name__)

_END_SECONDS = 2.0
_AGAIN_SECONDS = 1.0
_PLACE = executor.ROOM - executor.LENGTH.size


class Testament:
    """The INVITEs of one UDP listener; `Engine.watch` tells it of them. Made by `draw_up`."""

    def __init__(self, listener: UdpListener) -> None:
        self.unwritten = 0
        self.executors = 0
        self._listener = listener
        self._file = os.memfd_create("doorline-testament")
        os.ftruncate(self._file, executor.ROOM * executor.PLACES)
        self._table = mmap.mmap(self._file, executor.ROOM * executor.PLACES)
        self._pipe, self._life = os.pipe()
        self._places: dict[Client, tuple[int, int]] = {}
        self._free: list[int] = []
        self._fresh = 0
        self._tasks = Tasks("testament")
        self._process: asyncio.subprocess.Process | None = None

    def sent(self, invite: Client) -> None:
        """Write an INVITE down; one by another way than our listener needs no help."""
        flow = invite.flow
        if flow.channel is not self._listener:
            return
        wire = invite.wire
        host, port = flow.remote
        entry = executor.record(host, port, wire[: len(wire) - len(invite.request.body) - 4])
        length = len(entry)
        place = self._take() if length <= _PLACE else -1
        if place < 0:
            self.unwritten += 1
            return
        begin = place + executor.LENGTH.size
        end = begin + length
        self._places[invite] = (place, end - place)
        self._table[begin:end] = entry
        # The length comes last: whoever dies half-way leaves no half entry.
        self._table[place:begin] = executor.LENGTH.pack(length)

    def settled(self, invite: Client) -> None:
        """Wipe its entry out."""
        found = self._places.pop(invite, None)
        if found is None:
            return
        place, length = found
        self._table[place : place + length] = bytes(length)
        self._free.append(place)

    def stats(self) -> dict[str, int]:
        """Entries now, INVITEs for which there was no room, companions started."""
        return {"entries": len(self._places), "unwritten": self.unwritten, "executors": self.executors}

    async def begin(self) -> None:
        """Start the companion; it is started anew whenever it ends."""
        await self._start()
        self._tasks.spawn(self._keep(), name="keep")

    async def close(self) -> None:
        """End the companion, after it has cancelled what is still unanswered; it is gone when this
        returns."""
        await self._tasks.close()
        os.close(self._life)
        process = self._process
        if process is not None:
            try:
                async with asyncio.timeout(_END_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        os.close(self._pipe)
        self._table.close()
        os.close(self._file)

    def _take(self) -> int:
        """A free place, used ones first so that little memory is touched; -1 when there is none."""
        if self._free:
            return self._free.pop()
        if self._fresh == executor.PLACES:
            return -1
        self._fresh += 1
        return (self._fresh - 1) * executor.ROOM

    async def _start(self) -> None:
        inherited = (self._file, self._pipe, self._listener.descriptor)
        self.executors += 1
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            executor.__file__,
            *map(str, inherited),
            pass_fds=inherited,
            cwd="/",
            env={},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    async def _keep(self) -> None:
        while self._process is not None:
            status = await self._process.wait()
            _log.warning("the testament's executor ended with status %d, starting another", status)
            await asyncio.sleep(_AGAIN_SECONDS)
            await self._start()


async def draw_up(listener: UdpListener) -> Testament:
    """A testament for a listener, with its companion running. Raises `OSError` when that cannot start."""
    testament = Testament(listener)
    try:
        await testament.begin()
    except BaseException:
        await testament.close()
        raise
    return testament
