"""The story house with its phones: what the scenarios share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.phones import Phone, phone
from tests.support.system import ROOT, System, system

SITE = "story.example"
STORY = ROOT / "tests/data/sites/story.toml"

TONES = {"gate": 440.0, "kari-phone": 700.0, "kari-app": 800.0, "ola-phone": 900.0, "per-phone": 1100.0}


@dataclass(slots=True)
class House:
    """A running system and its registered phones, by device."""

    doorline: System
    scratch: Path
    phones: dict[str, Phone] = field(default_factory=dict)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __getitem__(self, device: str) -> Phone:
        return self.phones[device]

    async def move_in(self, device: str, *options: str, transport: str = "udp") -> Phone:
        """Start a phone and register it; it rings (180) when called, unless `options` say otherwise."""
        if transport != "udp":
            options = (*options, "--transport", transport)
        if "--auto" not in options and device != "gate":
            options = (*options, "--auto", "180")
        one = await self.stack.enter_async_context(
            phone(self.scratch, device, *options, tone=TONES.get(device, 500.0))
        )
        self.phones[device] = one
        secret = self.doorline.secrets[SITE, device]
        await one.register(device, SITE, secret, self.doorline.server(transport))
        return one

    def tap(self, button: str) -> Phone:
        """The visitor taps a button at the gate."""
        self["gate"].do("call", to=f"sip:{button}@{SITE}")
        return self["gate"]


@asynccontextmanager
async def house(scratch: Path, *devices: str, **settings: str) -> AsyncIterator[House]:
    """The story house, with a panel at the gate and these phones registered."""
    async with system(scratch, STORY, **settings) as doorline, AsyncExitStack() as stack:
        one = House(doorline, scratch, stack=stack)
        for device in ("gate", *devices):
            await one.move_in(device)
        yield one
