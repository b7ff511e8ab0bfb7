from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from intercom.tap import MAX_LINE, SOCKET_NAME, Tapping, ask, listen


class Desk:
    """An agent as far as taps go."""

    def __init__(self) -> None:
        self.taps: list[tuple[Tapping, str]] = []
        self.left: list[Tapping] = []
        self.changed = asyncio.Event()

    def tap(self, tapping: Tapping, calls: str) -> None:
        self.taps.append((tapping, calls))
        self.changed.set()

    def leave(self, tapping: Tapping) -> None:
        self.left.append(tapping)
        self.changed.set()

    async def until(self, taps: int = 0, left: int = 0) -> None:
        async with asyncio.timeout(10):
            while len(self.taps) < taps or len(self.left) < left:
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def desk(directory: Path) -> AsyncIterator[Desk]:
    made = Desk()
    server = await listen(directory, made.tap, made.leave)
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()


async def test_a_tap_and_its_lines(tmp_path: Path) -> None:
    async with desk(tmp_path / "state") as made:
        output = io.StringIO()
        asking = asyncio.get_running_loop().create_task(ask(tmp_path / "state", "kari", output))
        await made.until(taps=1)
        tapping, calls = made.taps[0]
        assert calls == "kari"
        tapping.tell("panel state=connected door_open=0")
        tapping.tell("panel state=ended door_open=0")
        tapping.end()
        assert await asking is True
        assert output.getvalue().count("\n") == 2
        tapping.tell("too late")


async def test_a_call_nobody_answered(tmp_path: Path) -> None:
    async with desk(tmp_path) as made:
        asking = asyncio.get_running_loop().create_task(ask(tmp_path, "kari", io.StringIO()))
        await made.until(taps=1)
        made.taps[0][0].end()
        assert await asking is False
        await made.until(left=1)


async def test_no_agent_here(tmp_path: Path) -> None:
    assert await ask(tmp_path, "kari", io.StringIO()) is None


@pytest.mark.parametrize(
    "line",
    [b"kari\n", b"{}\n", b'{"calls":7}\n', b'{"calls":"a b"}\n', b"[" * 400 + b"\n", b"x" * (MAX_LINE + 1)],
)
async def test_what_is_no_tap_ends_the_connection(tmp_path: Path, line: bytes) -> None:
    async with desk(tmp_path) as made:
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / SOCKET_NAME))
        writer.write(line)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        await made.until(left=1)
        assert not made.taps


async def test_the_socket_is_ours_alone_and_one_agent_at_a_time(tmp_path: Path) -> None:
    async with desk(tmp_path) as made:
        assert (tmp_path / SOCKET_NAME).stat().st_mode & 0o777 == 0o600
        with pytest.raises(OSError, match="another agent"):
            await listen(tmp_path, made.tap, made.leave)
        await made.until(left=1)  # the second one's look whether somebody answers
    async with desk(tmp_path):
        pass  # what a dead agent left behind is no hindrance


async def test_a_mock_input_is_played_from_outside(tmp_path: Path) -> None:
    played: list[tuple[str, bool]] = []
    made = Desk()
    server = await listen(tmp_path, made.tap, made.leave, lambda name, on: played.append((name, on)))
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / SOCKET_NAME))
    writer.write(b'{"input":"door","on":true}\n')
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()
    assert (played, made.taps) == ([("door", True)], [])
