"""Panel and app, pages in one Chromium: tap a name, be seen before anybody answers, talk, open (P1-P5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.faces_house import Faces, faces
from tests.support.faces import Page

pytestmark = [pytest.mark.peer, pytest.mark.timeout(240)]


async def ring(panel: Page, name: str) -> None:
    """A visitor touches the panel and taps a name."""
    await panel.click(".touch")
    await panel.click(f'.row:has-text("{name}")')
    await panel.see(".state.calling")


async def home(panel: Page) -> None:
    """The visitor is done."""
    await panel.click(".acts .key:last-child")
    await panel.see(".idle")


async def seen_then_answered(house: Faces, panel: Page, kari: Page) -> None:
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await kari.sees_picture()
    assert await kari.count(".call.ringing") == 1, "seen before it is answered"
    await kari.click(".round.open")
    await kari.see(".call.talking")
    await panel.see(".state.connected")
    await kari.sees_picture()
    before = len(house.agent.lines)
    await kari.hold(".hold")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await kari.see(".hold.opened")
    await panel.see(".state.open")
    await kari.click(".round.stop")
    await kari.see(".call.over.opened")
    await kari.click(".ending .plain")
    await home(panel)


async def refused_looks_like_nobody(panel: Page, kari: Page) -> None:
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await kari.click(".round.stop")
    await kari.see(".call.over.refused")
    await kari.click(".ending .plain")
    await panel.see(".state.nobody")
    await home(panel)


async def opened_without_answering(house: Faces, panel: Page, kari: Page) -> None:
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    before = len(house.agent.lines)
    await kari.hold(".hold")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await kari.see(".call.over.opened")
    await kari.click(".ending .plain")
    await panel.see(".state.open")
    await home(panel)


async def words_on_the_panel(panel: Page, kari: Page) -> None:
    await ring(panel, "Kari")
    await kari.see(".call.ringing")
    await kari.click(".round:has-text('Quick answer')")
    await kari.click(".quick .plain:has-text('Leave the parcel')")
    await panel.see(".said:has-text('Leave the parcel by the door')")
    await kari.see(".sent")
    await panel.click(".key.stop")
    await kari.see(".call.over.missed")
    await kari.click(".ending .plain")
    await panel.see(".idle")


async def first_answer_wins(panel: Page, kari: Page, ola: Page) -> None:
    await ring(panel, "Everybody")
    await kari.see(".call.ringing")
    await ola.see(".call.ringing")
    await ola.click(".round.open")
    await ola.see(".call.talking")
    await kari.see(".call.over.elsewhere")
    await kari.click(".ending .plain")
    await panel.see(".state.connected")
    await ola.click(".round.stop")
    await ola.click(".ending .plain")
    await panel.see(".idle")


async def test_visitors_and_residents_in_a_browser(tmp_path: Path) -> None:
    async with faces(tmp_path) as house:
        panel = await house.panel()
        kari = await house.resident("kari", width=390, height=844)
        await panel.see(".touch")
        await seen_then_answered(house, panel, kari)
        await refused_looks_like_nobody(panel, kari)
        await opened_without_answering(house, panel, kari)
        await words_on_the_panel(panel, kari)
        ola = await house.resident("ola", width=390, height=844)
        await first_answer_wins(panel, kari, ola)
