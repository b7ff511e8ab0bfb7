"""What a panel's page holds after many visitors. `python -m tests.bench.kiosk --minutes 60`.

Visitors ring and are refused, let in, talked with, tired of waiting, or not answered; they search, type
codes, change language and contrast, or walk away from the screen. After each round garbage is collected
and counted.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.faces_house import Faces, faces
from tests.scenarios.test_faces import home, ring
from tests.support.faces import Page

REST = 50.0
"""Seconds, more than twice what the screen waits for its next touch."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds after `visits` visits: bytes of JavaScript, and how many nodes and listeners."""

    visits: int
    bytes: int
    nodes: int
    listeners: int
    documents: int

    def __str__(self) -> str:
        return (
            f"{self.visits} visits: {self.bytes / 1e6:.2f} MB, {self.nodes} nodes, "
            f"{self.listeners} listeners, {self.documents} documents"
        )


async def tires(panel: Page, kari: Page) -> None:
    """A visitor rings and soon gives up."""
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await panel.click(".key.stop")
    await kari.see(".call.over")
    await kari.click(".ending .plain")
    await panel.see(".idle")


async def is_let_in(house: Faces, panel: Page, kari: Page) -> None:
    """Seen, answered, let in."""
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await kari.click(".round.open")
    await kari.see(".call.talking")
    before = len(house.agent.lines)
    await kari.hold(".hold")
    await panel.see(".state.open")
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await home(panel)
    await house.agent.says(r"edge relay=front on=0", after=before)


async def is_refused(panel: Page, kari: Page) -> None:
    """Refused, which takes as long as nobody's answering."""
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await panel.see(".state.nobody")
    await home(panel)


async def searches(panel: Page) -> None:
    """Other language, other looks, a search, a list, and a name behind which nobody is."""
    await panel.click(".touch")
    await panel.click(".bar .key[lang]")
    await panel.click(".bar .key[aria-pressed] >> nth=0")
    await panel.click(".bar .key[aria-pressed] >> nth=1")
    await panel.click("header .key")
    for sign in "PER":
        await panel.click(f'.keys button:text-is("{sign}")')
    await panel.click(".bar .key >> nth=0")
    await panel.click('.row:has-text("The board")')
    await panel.click('.row:has-text("Per Eide")')
    await panel.see(".state.nobody")
    await home(panel)


async def types_a_code(panel: Page) -> None:
    """A code that opens nothing."""
    await panel.click(".touch")
    await panel.click(".bar .key:has-text('Code')")
    for _ in range(4):
        await panel.click('.keys button:text-is("7")')
    await panel.click(".code .primary")
    await panel.see(".code .wrong svg")
    await panel.click(".bar .key >> nth=0")


async def walks_away(panel: Page) -> None:
    """Nobody touches the screen any more, until it is the next visitor's."""
    await panel.see(".directory")
    await panel.do("until", script="() => document.querySelector('.idle') !== null", seconds=REST)


async def rounds(house: Faces, panel: Page, kari: Page) -> AsyncIterator[Held]:
    """Rounds of all kinds of visits, for ever; after each what the page holds."""
    visits = 0
    while True:
        await tires(panel, kari)
        await is_refused(panel, kari)
        await tires(panel, kari)
        await is_let_in(house, panel, kari)
        await searches(panel)
        await types_a_code(panel)
        await walks_away(panel)
        visits += 6
        yield Held(visits, **{name: int(value) for name, value in (await panel.do("held")).items()})


async def watched(seconds: float) -> list[Held]:
    """What is held after each round of so many seconds; printed as it comes."""
    found: list[Held] = []
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as scratch:
        async with faces(Path(scratch)) as house:
            panel = await house.panel()
            kari = await house.resident("kari", width=390, height=844)
            until = time.monotonic() + seconds
            async for held in rounds(house, panel, kari):
                found.append(held)
                sys.stdout.write(f"{until - time.monotonic():6.0f} s left, {held}\n")
                sys.stdout.flush()
                if time.monotonic() >= until:
                    return found
    raise AssertionError("rounds have no end")


def main() -> None:
    """Watch, and print what the second half has added."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    found = asyncio.run(watched(60 * parser.parse_args().minutes))
    print(f"half: {found[len(found) // 2]}\nend:  {found[-1]}")


if __name__ == "__main__":
    main()
