"""A tap from the command line: asks the agent that runs here, over its own socket, to call somebody.

The socket is `agent.sock` in the agent's state directory, mode 0600. One JSON line goes in (`{"calls":
"kari"}`), the panel's states come back, one line each; the connection ends with the call, and closing it
hangs up. With mock pins `{"input": "gate-contact", "on": true}` plays an input instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

SOCKET_NAME = "agent.sock"
MAX_LINE = 512


class Tapping(asyncio.Protocol):
    """One connection of a caller on the command line; `tap` takes it and its call's name, `play` an input's
    name and state."""

    def __init__(
        self,
        tap: Callable[[Tapping, str], None],
        left: Callable[[Tapping], None],
        play: Callable[[str, bool], object] = lambda name, on: None,
    ) -> None:
        self._tap, self._left, self._play = tap, left, play
        self._transport: asyncio.Transport | None = None
        self._line = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._line += data
        if len(self._line) > MAX_LINE:
            self.end()
        elif self._line.endswith(b"\n"):
            fields, self._line = _fields(self._line), b""
            if calls := _calls(fields):
                self._tap(self, calls)
                return
            if isinstance(name := fields.get("input"), str):
                self._play(name, fields.get("on") is True)
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._left(self)

    def tell(self, line: str) -> None:
        """One line back."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(line.encode() + b"\n")

    def end(self) -> None:
        """Nothing more follows."""
        if self._transport is not None:
            self._transport.close()


async def listen(
    directory: Path,
    tap: Callable[[Tapping, str], None],
    left: Callable[[Tapping], None],
    play: Callable[[str, bool], object] = lambda name, on: None,
) -> asyncio.Server:
    """Open the socket. Raises OSError when another agent already runs with this state directory."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    path = directory / SOCKET_NAME
    if await _answers(path):
        raise OSError(f"{path}: another agent is running")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    before = os.umask(0o177)
    try:
        loop = asyncio.get_running_loop()
        return await loop.create_unix_server(lambda: Tapping(tap, left, play), str(path))
    finally:
        os.umask(before)


async def ask(directory: Path, calls: str, output: TextIO) -> bool | None:
    """Have the running agent call `calls`, copying its lines to `output`.

    True when the call was answered, False when not, None when no agent runs here.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(str(directory / SOCKET_NAME))
    except OSError:
        return None
    answered = False
    try:
        writer.write(json.dumps({"calls": calls}).encode() + b"\n")
        await writer.drain()
        while line := await reader.readline():
            answered = answered or b"state=connected" in line
            output.write(line.decode())
            output.flush()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return answered


async def _answers(path: Path) -> bool:
    try:
        _, writer = await asyncio.open_unix_connection(str(path))
    except OSError:
        return False
    writer.close()
    return True


def _fields(line: bytes) -> dict[str, object]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _calls(fields: dict[str, object]) -> str:
    calls = fields.get("calls")
    return calls if isinstance(calls, str) and calls.isascii() and calls.replace("-", "").isalnum() else ""
