"""The agent's side of `relay_guard`: starts it, speaks to it, notices when it is dead or hung, and starts
the next."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

PING_SECONDS = 1.0
# Pings without an answer, not seconds: when it was we who stood still, the guard is not to blame.
MAX_UNANSWERED = 3
LONGEST_PAUSE = 10.0
_STEADY_SECONDS = 10.0
_MAX_PACKET = 1024


class GuardLink:
    """One guard process at a time.

    Args:
        config: the file the guard reads its bounds from.
        on_answer: gets each answer to a command (`id`, `result` ...).
        on_button: gets the name of a button that was pressed.
        on_lost: told when the guard is gone; what was asked of it will not be answered.
        on_input: gets each input's name and state, at the guard's start and whenever it changes.
    """

    def __init__(
        self,
        config: Path,
        *,
        on_answer: Callable[[Mapping[str, Any]], None],
        on_button: Callable[[str], None],
        on_lost: Callable[[], None],
        on_input: Callable[[str, bool], None] = lambda name, on: None,
    ) -> None:
        self._config, self._on_input = config, on_input
        self._on_answer, self._on_button, self._on_lost = on_answer, on_button, on_lost
        self._socket: socket.socket | None = None
        self._unanswered = 0
        self.starts = 0
        self.pid: int | None = None

    async def run(self) -> None:
        """Keep a guard alive until cancelled; its relays are at rest and it has ended when this returns."""
        loop = asyncio.get_running_loop()
        pause = 0.0
        while True:
            started = loop.time()
            try:
                await self._run_once()
            except OSError as error:  # no process, no socket: the machine is short of something
                _log.error("relay guard cannot be started: %s", error)
                self._on_lost()
            # The first restart is immediate: pins that a killed guard left on must come to rest.
            pause = 0.0 if loop.time() - started > _STEADY_SECONDS else min(pause * 2 or 0.5, LONGEST_PAUSE)
            if self.starts > 1 and pause:
                await asyncio.sleep(pause)

    def pulse(self, id: str, relay: str, ms: int, before_ns: int) -> bool:
        """Ask for one pulse; False if there is nobody to ask."""
        return self._send({"do": "pulse", "id": id, "relay": relay, "ms": ms, "before_ns": before_ns})

    def hold(self, id: str, relay: str) -> bool:
        """Ask for a lease of 30 s, or its renewal; False if there is nobody to ask."""
        return self._send({"do": "hold", "id": id, "relay": relay})

    def release(self, id: str, relay: str) -> bool:
        """End the lease; False if there is nobody to ask, and so no lease."""
        return self._send({"do": "release", "id": id, "relay": relay})

    def play(self, name: str, on: bool) -> bool:
        """Switch an input of a guard with mock pins."""
        return self._send({"do": "set", "id": "set", "input": name, "on": on})

    def press(self, button: str) -> bool:
        """Press a button of a guard with mock pins."""
        return self._send({"do": "press", "id": "press", "button": button})

    async def _run_once(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        self.starts += 1
        with ours:
            with theirs:
                command = (sys.executable, "-m", "intercom.relay_guard", str(self._config))
                process = await asyncio.create_subprocess_exec(*command, stdin=theirs.fileno())
            self.pid = process.pid
            self._socket, self._unanswered = ours, 0
            loop.add_reader(ours, self._readable)
            try:
                await self._watch(process)
            finally:
                loop.remove_reader(ours)
                self._socket, self.pid = None, None
                ours.close()
                await _end(process)
        _log.warning("relay guard ended with %s", process.returncode)
        self._on_lost()

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        while self._unanswered < MAX_UNANSWERED:
            self._send({"do": "ping", "id": "ping"})
            self._unanswered += 1
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await process.wait()
                return
        _log.error("relay guard hangs: killing it")
        process.kill()

    def _send(self, command: Mapping[str, object]) -> bool:
        if self._socket is None:
            return False
        try:
            self._socket.send(json.dumps(command, separators=(",", ":")).encode() + b"\n")
        except OSError:
            return False
        return True

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
            self._unanswered = 0
            self._take(packet)

    def _take(self, packet: bytes) -> None:
        try:
            fields = json.loads(packet)
        except ValueError:
            return
        if fields.get("event") == "button":
            self._on_button(str(fields.get("button")))
        elif fields.get("event") == "input":
            self._on_input(str(fields.get("input")), fields.get("on") is True)
        elif fields.get("result") != "pong":
            self._on_answer(fields)


def deadline_ns(deadline: float, now: float) -> int:
    """A moment of the loop's clock as the nanoseconds that both processes share."""
    return time.monotonic_ns() + int((deadline - now) * 1e9)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Its command stream is closed, so it ends by itself; one that hangs is killed."""
    try:
        async with asyncio.timeout(1.0):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
