"""A relay guard as a real process with mock pins, spoken to as the agent does."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = """
[guard]
pins = "mock"
[relays.gate]
pin = 17
max_seconds = 2
[relays.lobby]
pin = 27
fail = "safe"
[buttons.first]
pin = 5
calls = "kari"
"""


class Lines:
    """The lines of a process, each waited for with a limit."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._rest = descriptor, b""
        self.seen: list[str] = []

    def next(self, seconds: float = 10.0) -> str | None:
        """The next line, None at the end; AssertionError when it does not come in time."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._rest:
            left = max(deadline - time.monotonic(), 0)
            assert select.select([self._descriptor], [], [], left)[0], f"no line; before: {self.seen[-5:]}"
            data = os.read(self._descriptor, 65536)
            if not data:
                return None
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        self.seen.append(line.decode())
        return self.seen[-1]

    def until(self, start: str, seconds: float = 10.0) -> str:
        """The first line from here that begins with `start`."""
        while (line := self.next(seconds)) is not None:
            if line.startswith(start):
                return line
        raise AssertionError(f"ended without {start!r}: {self.seen[-5:]}")

    def rest(self) -> list[str]:
        """All lines up to the end."""
        found = []
        while (line := self.next()) is not None:
            found.append(line)
        return found


def edge_ns(line: str) -> int:
    """The moment in an `edge` line."""
    return int(line.rpartition("ns=")[2])


class RealGuard:
    """One running guard."""

    def __init__(self, process: subprocess.Popen[bytes], agent: socket.socket) -> None:
        assert process.stdout is not None
        self.process, self.agent = process, agent
        self.lines = Lines(process.stdout.fileno())

    def say(self, **command: Any) -> None:
        """Send without waiting."""
        self.agent.send(json.dumps({"id": "x", **command}).encode())

    def hear(self) -> dict[str, Any]:
        """The next packet from the guard."""
        fields = json.loads(self.agent.recv(4096))
        assert isinstance(fields, dict)
        return fields

    def ask(self, **command: Any) -> dict[str, Any]:
        """Send and wait for the answer."""
        self.say(**command)
        return self.hear()

    def pulse(self, ms: int, relay: str = "gate", before: float = 5.0) -> dict[str, Any]:
        """Ask for a pulse."""
        return self.ask(do="pulse", relay=relay, ms=ms, before_ns=time.monotonic_ns() + int(before * 1e9))


@contextmanager
def real_guard(directory: Path, settings: str = SETTINGS) -> Iterator[RealGuard]:
    """A guard that has said it is ready; gone afterwards, whatever happened."""
    path = directory / "guard.toml"
    path.write_text(settings)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(10)
    command = [sys.executable, "-m", "intercom.relay_guard", str(path)]
    with ours, subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.PIPE) as process:
        theirs.close()
        guard = RealGuard(process, ours)
        try:
            guard.lines.until("ready")
            yield guard
        finally:
            ours.close()
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
