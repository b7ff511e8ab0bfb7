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

from tests.scenarios.faces_house import faces
from tests.support.faces import Page

REST = 50.0
"""Seconds, more than twice what the screen waits for its next touch."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds after `visits` visits. `bytes`: JavaScript, with what is compiled of it;
    `objects`: what the page's scripts keep alive."""

    visits: int
    bytes: int
    objects: int
    nodes: int
    listeners: int
    documents: int

    def __str__(self) -> str:
        return (
            f"{self.visits} visits: {self.bytes / 1e6:.2f} MB, {self.objects} objects, {self.nodes} nodes, "
            f"{self.listeners} listeners, {self.documents} documents"
        )


Step = tuple[str, ...]
TOUCHES: tuple[Step, ...] = (("see", ".idle"), ("click", ".touch"))
RINGS: tuple[Step, ...] = (*TOUCHES, ("click", ".row", "Kari"))
LEAVES: tuple[Step, ...] = (("click", ".acts .key:last-child"), ("see", ".idle"))

VISITS: tuple[tuple[tuple[Step, ...], tuple[Step, ...]], ...] = (
    # a visitor rings and soon gives up
    ((*RINGS, ("see", ".state.calling")), (("see", ".call.ringing"),)),
    ((("click", ".key.stop"), ("see", ".idle")), (("see", ".call.over"),)),
    # refused, which takes as long as nobody's answering
    ((*RINGS, ("see", ".state.nobody"), *LEAVES), (("click", ".call.ringing .round.stop"),)),
    # seen, answered, let in
    (
        (*RINGS, ("see", ".state.connected")),
        (("click", ".call.ringing .round.open"), ("see", ".call.talking")),
    ),
    ((("see", ".state.open"),), (("hold", ".hold"), ("see", ".hold.opened"))),
    ((), (("click", ".call.talking .round.stop"), ("see", ".call.over"))),
    (LEAVES, ()),
    # other language, other looks, a search, a list, and a name behind which nobody is
    (
        (
            *TOUCHES,
            ("click", ".bar .key[lang]"),
            ("click", ".bar .key[aria-pressed]:nth-of-type(2)"),
            ("click", ".bar .key[aria-pressed]:nth-of-type(3)"),
            ("click", "header .key"),
            *(("click", ".keys button", sign) for sign in "PER"),
            ("see", ".found .row", "Per"),
            ("click", ".bar .key"),
            ("click", ".row", "The board"),
            ("click", ".row", "Per Eide"),
            ("see", ".state.nobody"),
            *LEAVES,
        ),
        (),
    ),
    # a code that opens nothing; then nobody touches the screen any more
    (
        (
            *TOUCHES,
            ("click", ".bar .key", "Code"),
            *(("click", ".keys button", "7") for _ in range(4)),
            ("click", ".code .primary"),
            ("see", ".code .wrong svg"),
            ("click", ".bar .key"),
            ("see", ".directory"),
            ("see", ".idle"),
        ),
        (),
    ),
)
"""What the visitor does, and at the same time the resident; in this order, again and again."""

VISITS_A_ROUND = 5


async def rounds(panel: Page, kari: Page) -> AsyncIterator[Held]:
    """Rounds of all kinds of visits, for ever; after each what the page holds."""
    visits = 0
    while True:
        for visitor, resident in VISITS:
            async with asyncio.TaskGroup() as both:
                both.create_task(panel.do("walk", steps=visitor, seconds=REST))
                both.create_task(kari.do("walk", steps=resident, seconds=REST))
        visits += VISITS_A_ROUND
        yield Held(visits, **{name: int(value) for name, value in (await panel.do("held")).items()})


async def watched(seconds: float) -> list[Held]:
    """What is held after each round of so many seconds; printed as it comes."""
    found: list[Held] = []
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as scratch:
        async with faces(Path(scratch)) as house:
            panel = await house.panel()
            kari = await house.resident("kari", width=390, height=844)
            until = time.monotonic() + seconds
            async for held in rounds(panel, kari):
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
