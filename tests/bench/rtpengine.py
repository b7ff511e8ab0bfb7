"""rtpengine in user space as the relay to be measured against: started, asked for calls, ended."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any


def bencode(value: Any) -> bytes:
    """The encoding of rtpengine's ng protocol."""
    if isinstance(value, dict):
        return b"d" + b"".join(bencode(name) + bencode(value[name]) for name in sorted(value)) + b"e"
    if isinstance(value, list):
        return b"l" + b"".join(bencode(one) for one in value) + b"e"
    data = value.encode() if isinstance(value, str) else value
    return str(len(data)).encode() + b":" + data


class Rtpengine:
    """One process on one thread, ports 40000-47999."""

    def __init__(self, program: str, control: int) -> None:
        self._program = program
        self._control = control
        self._process: asyncio.subprocess.Process | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._cookie = 0

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            self._program, "--table=-1", "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{self._control}",
            "--config-file=none", "--foreground", "--log-stderr", "--log-level=1", "--num-threads=1",
            "--port-min=40000", "--port-max=47999", "--pidfile=/dev/null",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        self._socket.settimeout(0.25)
        for _ in range(40):
            try:
                self.ask({"command": "ping"})
                return
            except OSError:
                await asyncio.sleep(0.05)
        raise RuntimeError("rtpengine does not answer")

    def ask(self, request: dict[str, Any]) -> bytes:
        """One request and its raw answer. Raises OSError when none comes."""
        self._cookie += 1
        cookie = b"%d " % self._cookie
        self._socket.sendto(cookie + bencode(request), ("127.0.0.1", self._control))
        while True:
            answer = self._socket.recv(65_535)
            if answer.startswith(cookie):
                return answer[len(cookie):]

    def open(self, call: str, a: bytes, b: bytes) -> tuple[int, int]:
        """A call between two descriptions; the ports that a and b are to send to."""
        common = {"call-id": call, "replace": ["origin"], "flags": ["trust-address"], "ICE": "remove"}
        offer = self.ask({"command": "offer", "from-tag": "a", "sdp": a, **common})
        answer = self.ask({"command": "answer", "from-tag": "a", "to-tag": "b", "sdp": b, **common})
        return _port(answer), _port(offer)

    async def stop(self) -> None:
        self._socket.close()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 3)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


def _port(answer: bytes) -> int:
    return int(answer.partition(b"m=audio ")[2].split(b" ", 1)[0])


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used with all its threads, to the nanosecond."""
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        total += int(path.read_text().split()[0])
    return total / 1e9
