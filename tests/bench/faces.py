"""Touch to sight: what a visitor and a resident wait for, between panel and app in one Chromium.

`python -m tests.bench.faces` prints the table and where the time goes; `make bench` has it beside the rest.
All programs share the machine with the browser that measures them.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.machine import describe
from tests.peers.push_service import PushService, push_service
from tests.scenarios.faces_house import Faces, faces
from tests.scenarios.test_asleep import ask, pushed, told
from tests.support.faces import PATIENCE, Page

VISITS = 10
PUSHES = 5
HOLD_MS = 500
"""How long the app has a key held before it opens a door: what comes after is counted."""

Row = tuple[str, str, str, str, str]
Marks = dict[str, float]


@dataclass(slots=True)
class Waits:
    """Milliseconds of each visit. `steps`: of each step between tap and picture, by its name."""

    rings: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    edges: list[float] = field(default_factory=list)
    pushed: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)


def first(marks: list[list[Any]]) -> Marks:
    """When each thing happened first."""
    found: Marks = {}
    for what, when in marks:
        found.setdefault(what, when)
    return found


def steps(panel: Marks, app: Marks) -> dict[str, float]:
    """What lies between the tap and the picture, milliseconds from the tap."""
    begin = panel["tap"]
    named = {
        "panel: INVITE sent": panel.get("sent INVITE"),
        "app: INVITE came": app.get("got INVITE"),
        "app: ringing painted": app.get("painted .call.ringing"),
        "app: preview asked": app.get("fetch"),
        "app: preview answered": app.get("fetch, done"),
        "panel: answer came": panel.get("got 183"),
        "app: preview connected": app.get("connection connected"),
        "app: picture": app.get("picture"),
    }
    return {name: when - begin for name, when in named.items() if when is not None}


async def visit(house: Faces, panel: Page, kari: Page, waits: Waits, *, counts: bool) -> None:
    """Somebody rings, is seen, and is let in without an answer."""
    await panel.click(".touch")
    await panel.see('.row:has-text("Kari")')
    await asyncio.sleep(0.5)  # as long as a finger takes to the name, at least
    for page in (panel, kari):
        await page.do("marks")
    await panel.click('.row:has-text("Kari")')
    await kari.see(".call.ringing")
    await kari.until("() => window.marks.some(([what]) => what === 'picture')")
    at_panel, at_app = first(await panel.do("marks")), first(await kari.do("marks"))
    before = len(house.agent.lines)
    await kari.hold(".hold")
    edge = await house.agent.says(r"edge relay=front on=1 ns=(\d+)", after=before)
    await kari.see(".call.over")
    held = first(await kari.do("marks"))["down"] + HOLD_MS
    opened = time.time_ns() - time.monotonic_ns() + int(edge[1])
    if counts:
        waits.rings.append(at_app["painted .call.ringing"] - at_panel["tap"])
        waits.pictures.append(at_app["picture"] - at_panel["tap"])
        waits.edges.append(opened / 1e6 - held)
        for name, took in steps(at_panel, at_app).items():
            waits.steps.setdefault(name, []).append(took)
    await kari.click(".ending .plain")
    await panel.see(".state.open")
    await panel.click(".acts .key:last-child")
    await panel.see(".idle")
    await house.agent.says(r"edge relay=front on=0", after=before)


async def pushes(panel: Page, kari: Page, service: PushService, waits: Waits) -> None:
    """The app is closed: from the moment the push service has taken a letter to the notification."""
    await kari.do("run", script="() => navigator.serviceWorker.ready.then(() => true)")
    browser, subscription = service.subscribe("kari")
    (own,) = (one for one in (await ask(kari, "GET", "devices"))["devices"] if one["kind"] == "app")
    await ask(kari, "POST", "push", {"device": own["id"], **subscription})
    await kari.do("watch")
    await kari.do("shut")
    for _ in range(PUSHES + 1):
        said = await pushed(panel, service, browser)
        waits.pushed.append(await kari.do("pushed", data=json.dumps(said), seconds=PATIENCE))
        await panel.click(".key.stop")
        await panel.see(".idle")
        await kari.do("push", data=await told(service, browser), kind="none", seconds=PATIENCE)
    del waits.pushed[0]


async def measured(visits: int, waits: Waits) -> Waits:
    """Visits to an app in sight, then some to a closed one."""
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as scratch:
        async with push_service(Path(scratch) / "push") as service:
            wake = {
                "PUSH__HOSTS": json.dumps([service.origin.removeprefix("https://")]),
                "PUSH__CA_FILE": str(service.certificate.authority),
            }
            async with faces(Path(scratch), **wake) as house:
                panel = await house.panel()
                kari = await house.resident("kari", width=390, height=844)
                for page in (panel, kari):
                    await page.do("mark")
                for number in range(visits + 1):  # the first one warms
                    await visit(house, panel, kari, waits, counts=number > 0)
                await pushes(panel, kari, service, waits)
    return waits


def measure(visits: int = VISITS) -> Waits | None:
    """All of it; None without Chromium."""
    if shutil.which("chromium") is None or shutil.which("node") is None:
        return None
    return asyncio.run(measured(visits, Waits()))


def _shown(values: list[float]) -> str:
    return f"{median(values):.0f} ms, longest {max(values):.0f} ms"


def rows(found: Waits) -> list[Row]:
    """Rows of the bench's table: measure, ours, peer, ratio, aim."""
    made: list[Row] = []
    for title, values, aim in (
        ("tap on the panel to ringing screen, warm app", found.rings, "<= 150 ms"),
        ("tap on the panel to the visitor's picture", found.pictures, "<= 300 ms"),
        ('"open" in the app to relay edge', found.edges, "<= 150 ms"),
        ("push accepted to notification, app closed", found.pushed, "<= 1500 ms"),
    ):
        if values:
            made.append((title, _shown(values), "", "", aim))
    return made


def course(found: Waits) -> str:
    """Where the time goes: medians, milliseconds from the tap."""
    return "\n".join(f"{median(values):7.0f} ms  {name}" for name, values in found.steps.items())


def main() -> None:
    """Print what was found."""
    found = measure()
    if found is None:
        sys.exit("no Chromium or no Node here")
    lines = ["| measure | Doorline | peer | ratio | aim |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(found)]
    print("\n".join([*lines, "", course(found), "", describe()]))


if __name__ == "__main__":
    main()
