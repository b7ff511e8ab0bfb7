"""A process of the agent's own at the other end of a socket: started, spoken to, noticed when it is dead or
hung, and started again.

Its standard input is the socket (SOCK_SEQPACKET): no path leads to it, so nobody else can speak to it. One
packet is one JSON object. It answers `{"do":"ping"}` with something, and ends when our end closes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_log = logging.getLogger(__name__)

PING_SECONDS = 1.0
END_SECONDS = 1.0
"""How long it may take to end by itself."""
# Pings without an answer, not seconds: when it was we who stood still, the child is not to blame.
MAX_UNANSWERED = 3
STARTING = 20
"""Of one that has never answered: on a slow card, beside others, it takes long to load."""
LONGEST_PAUSE = 10.0
_STEADY_SECONDS = 10.0
_MAX_PACKET = 8192


class Child:
    """One process at a time.

    Args:
        name: for the log.
        command: its program and arguments.
        on_fields: gets each packet it sends.
        on_lost: told when it is gone; what was asked of it will not be answered.
        patience: pings without an answer before it is killed as hung.
        starting: the same until its first packet.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        on_fields: Callable[[Mapping[str, Any]], None],
        on_lost: Callable[[], None],
        *,
        patience: int = MAX_UNANSWERED,
        starting: int = STARTING,
    ) -> None:
        self._name, self._command = name, command
        self._patience, self._starting = patience, starting
        self._on_fields, self._on_lost = on_fields, on_lost
        self._socket: socket.socket | None = None
        self._unanswered, self._heard = 0, False
        self.starts = 0
        self.pid: int | None = None

    async def run(self) -> None:
        """Keep it alive until cancelled; it has ended when this returns."""
        loop = asyncio.get_running_loop()
        pause = 0.0
        while True:
            started = loop.time()
            try:
                await self._run_once()
            except OSError as error:  # no process, no socket: the machine is short of something
                _log.error("%s cannot be started: %s", self._name, error)
                self._on_lost()
            # The first restart is immediate: pins that a killed guard left on must come to rest.
            pause = 0.0 if loop.time() - started > _STEADY_SECONDS else min(pause * 2 or 0.5, LONGEST_PAUSE)
            if self.starts > 1 and pause:
                await asyncio.sleep(pause)

    def send(self, command: Mapping[str, object]) -> bool:
        """Tell it something; False if there is nobody to tell."""
        if self._socket is None:
            return False
        try:
            self._socket.send(json.dumps(command, separators=(",", ":")).encode() + b"\n")
        except OSError:
            return False
        return True

    async def _run_once(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        self.starts += 1
        with ours:
            with theirs:
                process = await asyncio.create_subprocess_exec(*self._command, stdin=theirs.fileno())
            self.pid = process.pid
            self._socket, self._unanswered, self._heard = ours, 0, False
            loop.add_reader(ours, self._readable)
            try:
                await self._watch(process)
            finally:
                loop.remove_reader(ours)
                self._socket, self.pid = None, None
                ours.close()
                await _end(process)
        _log.warning("%s ended with %s", self._name, process.returncode)
        self._on_lost()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        while self._unanswered < (self._patience if self._heard else self._starting):
            self.send({"do": "ping", "id": "ping"})
            self._unanswered += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await process.wait()
                return
        _log.error("%s hangs: killing it", self._name)
        _kill(process)

    def _readable(self) -> None:
        for _ in range(32):
            if self._socket is None:
                return
            try:
                packet = self._socket.recv(_MAX_PACKET)
            except OSError:
                return
            if not packet:
                # The process is about to be seen dead; until then an empty read would repeat for ever.
                asyncio.get_running_loop().remove_reader(self._socket)
                return
            self._unanswered, self._heard = 0, True
            try:
                fields = json.loads(packet)
            except ValueError:
                continue
            self._on_fields(fields)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Its command stream is closed, so it ends by itself; one that hangs is killed. Has ended when this
    returns or raises, whoever cancels us meanwhile."""
    # No asyncio.timeout: before Python 3.11.5 it becomes no TimeoutError in a task that is being cancelled.
    killing = asyncio.get_running_loop().call_later(END_SECONDS, _kill, process)
    cancelled = False
    while process.returncode is None:
        try:
            await process.wait()
        except asyncio.CancelledError:
            cancelled = True
    killing.cancel()
    if cancelled:
        raise asyncio.CancelledError


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
