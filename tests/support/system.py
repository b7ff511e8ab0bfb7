"""The whole system for scenarios: databases, a published site, the PBX and agents, each a real process."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
MADE = ("admin.db*", "pbx.db*", "secrets.txt", "*.secret")


@dataclass(slots=True)
class Program:
    """A process of ours and the lines it has written."""

    name: str
    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def read(self) -> None:
        """Collect lines until the output closes."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip())
            self.news.set()
        self.closed = True
        self.news.set()

    async def says(self, pattern: str, *, seconds: float = 25.0, after: int = 0) -> re.Match[str]:
        """Wait for a line that matches."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for line in self.lines[after:]:
                        if found := re.search(pattern, line):
                            return found
                    if self.closed:
                        raise TimeoutError  # it says nothing any more
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            tail = "\n".join(self.lines[-20:])
            raise AssertionError(f"{self.name}: no line like {pattern!r} in {seconds} s:\n{tail}") from None

    async def often(self, pattern: str, count: int, *, seconds: float = 25.0, after: int = 0) -> None:
        """Wait until so many lines match."""
        for _ in range(count):
            await self.says(pattern, seconds=seconds, after=after)
            after = 1 + next(n for n in range(after, len(self.lines)) if re.search(pattern, self.lines[n]))

    def said(self, pattern: str) -> list[re.Match[str]]:
        """Every line so far that matches."""
        return [found for line in self.lines if (found := re.search(pattern, line))]


@dataclass(slots=True)
class System:
    """A running Doorline. `secrets`: (site, device) -> secret; `environment`: what its processes are told."""

    var: Path
    environment: dict[str, str]
    udp: int
    tcp: int
    tls: int
    ami: int
    http: int
    secrets: dict[tuple[str, str], str] = field(default_factory=dict)
    pbx: Program | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def server(self, transport: str = "udp") -> str:
        """host:port of the PBX for a transport."""
        return f"127.0.0.1:{getattr(self, transport)}"

    async def command(self, *arguments: str) -> str:
        """Run one of our commands to its end; its output. Fails the test when it fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, f"{arguments}: {output.decode()}"
        return output.decode()

    async def publish(self, *files: Path) -> None:
        """Publish site files and learn the secrets of new log-ins."""
        secrets = str(self.var / "secrets.txt")
        await self.command("-m", "webadmin", "publish", *map(str, files), "--secrets", secrets)
        self.read_secrets()

    def read_secrets(self) -> None:
        """Learn the log-ins that publishing has written down."""
        for line in (self.var / "secrets.txt").read_text().splitlines():
            if line and not line.startswith("#"):
                site, device, _, secret = line.split()
                self.secrets[site, device] = secret

    async def start_pbx(self) -> Program:
        """Start (or start again) the PBX; returns when it answers."""
        self.pbx = await self.start("pbx", "-m", "pbx")
        await self.pbx.says("ready", seconds=40)
        return self.pbx

    async def start(self, name: str, *arguments: str) -> Program:
        """Start a program of ours that ends with the system."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=ROOT,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        program = Program(name, process)
        reading = asyncio.get_running_loop().create_task(program.read())
        self._stack.push_async_callback(_end, program, reading)
        return program

    async def start_agent(
        self, site: str, device: str, relays: Sequence[str], *, more: str = "", transport: str = "udp"
    ) -> Program:
        """Start an intercom agent for a panel or controller; returns when it is registered."""
        directory = self.var / f"agent-{device}"
        directory.mkdir(mode=0o700)
        secret = directory / "secret"
        secret.touch(mode=0o600)
        secret.write_text(self.secrets[site, device])
        text = [
            f'state_directory = "{directory}"',
            f'[server]\nsite = "{site}"\naddress = "{self.server(transport)}"\ntransport = "{transport}"',
            f'ca_file = "{self.var}/tls/ca.pem"',
            f'[account]\nusername = "{device}"\nsecret_file = "{secret}"\nname = "{device}"',
        ]
        if relays:
            text.append(f'[orders]\nkey_file = "{self.var}/keys/order_ed25519.pub"\n[guard]\npins = "mock"')
            text += [f"[relays.{relay}]\npin = {17 + index}" for index, relay in enumerate(relays)]
        file = directory / "intercom.toml"
        file.write_text("\n".join([*text, more]))
        agent = await self.start(f"agent {device}", "-m", "intercom", "--config", str(file))
        await agent.says("line state=registered", seconds=40)
        return agent

    async def aclose(self) -> None:
        """End everything, last first."""
        await self._stack.aclose()


async def _end(program: Program, reading: asyncio.Task[None]) -> None:
    """SIGTERM, then insist; nothing outlives its test."""
    if program.process.returncode is None:
        program.process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(10):
                await program.process.wait()
        except TimeoutError:
            program.process.kill()
            await program.process.wait()
    await reading


_TEMPLATES: dict[tuple[bytes, ...], Path] = {}
_TEMPLATE_ROOT = tempfile.TemporaryDirectory(prefix="doorline-tests-")


async def _published(running: System, sites: Sequence[Path]) -> None:
    """Databases with these sites in them: made once a session by our own commands, then copied."""
    key = tuple(site.read_bytes() for site in sites)
    template = _TEMPLATES.get(key)
    if template is None:
        await running.command("-m", "migrations", "upgrade")
        if sites:
            await running.publish(*sites)
        template = Path(_TEMPLATE_ROOT.name) / str(len(_TEMPLATES))
        template.mkdir()
        for name in MADE:
            for file in running.var.glob(name):
                shutil.copy2(file, template / file.name)
        _TEMPLATES[key] = template
        return
    for file in template.iterdir():
        shutil.copy2(file, running.var / file.name)
    if sites:
        running.read_secrets()


@asynccontextmanager
async def system(var: Path, *sites: Path, **settings: str) -> AsyncIterator[System]:
    """Doorline on loopback with these site files published. `settings`: SIP__UDP_PORT="..." and the like."""
    ports = {"udp": free_port("udp"), **{name: free_port() for name in ("tcp", "tls", "ami", "http")}}
    first = 21000 + (os.getpid() * 40 + ports["udp"]) % 30 * 200  # media's own tests begin at 28000
    environment = {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "DOORLINE_SIP__UDP_HOST": "127.0.0.1",
        "DOORLINE_SIP__UDP_PORT": str(ports["udp"]),
        "DOORLINE_SIP__TCP_HOST": "127.0.0.1",
        "DOORLINE_SIP__TCP_PORT": str(ports["tcp"]),
        "DOORLINE_SIP__TLS_HOST": "127.0.0.1",
        "DOORLINE_SIP__TLS_PORT": str(ports["tls"]),
        "DOORLINE_HTTP__PORT": str(ports["http"]),
        "DOORLINE_HTTP__TLS_HOST": "",
        "DOORLINE_AMI__PORT": str(ports["ami"]),
        "DOORLINE_CALLS__DRAIN_SECONDS": "0",
        "DOORLINE_MEDIA__BIND_ADDRESS": "127.0.0.1",
        "DOORLINE_MEDIA__WEBRTC_PORT": "0",
        "DOORLINE_MEDIA__PORT_FIRST": str(first),
        "DOORLINE_MEDIA__PORT_LAST": str(first + 999),
        "DOORLINE_DATABASE__ADMIN_URL": f"sqlite:///{var}/admin.db",
        "DOORLINE_DATABASE__PBX_URL": f"sqlite:///{var}/pbx.db",
        "DOORLINE_PATHS__VAR": str(var),
        **{f"DOORLINE_{name}": value for name, value in settings.items()},
    }
    running = System(
        var, environment, ports["udp"], ports["tcp"], ports["tls"], ports["ami"], ports["http"]
    )
    try:
        await _published(running, sites)
        await running.start_pbx()
        yield running
    finally:
        await running.aclose()
