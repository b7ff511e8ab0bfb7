"""A tap from the command line: asks the agent that runs here, over its own socket, to call somebody.

The socket is `agent.sock` in the agent's state directory, mode 0600. One JSON line goes in (`{"calls":
"kari"}`), the panel's states come back, one line each; the connection ends with the call, and closing it
hangs up.
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
    """One connection of a caller on the command line; `tap` takes it and its call's name."""

    def __init__(self, tap: Callable[[Tapping, str], None], left: Callable[[Tapping], None]) -> None:
        self._tap, self._left = tap, left
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
            calls, self._line = _calls(self._line), b""
            if calls:
                self._tap(self, calls)
            else:
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
    directory: Path, tap: Callable[[Tapping, str], None], left: Callable[[Tapping], None]
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
        return await asyncio.get_running_loop().create_unix_server(lambda: Tapping(tap, left), str(path))
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


def _calls(line: bytes) -> str:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    calls = fields.get("calls") if isinstance(fields, dict) else None
    return calls if isinstance(calls, str) and calls.isascii() and calls.replace("-", "").isalnum() else ""
