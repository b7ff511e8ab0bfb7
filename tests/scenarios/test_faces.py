"""Panel and app, pages in one Chromium: tap a name, be seen before anybody answers, talk, open (P1-P5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.faces_house import SITE, Faces, faces
from tests.support.faces import Page

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]


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
    await house.judge(kari, "app, ringing")
    assert await kari.count(".call.ringing") == 1, "seen before it is answered"
    await kari.click(".round.open")
    await kari.see(".call.talking")
    await panel.see(".state.connected")
    await kari.sees_picture()
    await house.judge(kari, "app, talking")
    await house.judge(panel, "panel, talking")
    before = len(house.agent.lines)
    await kari.hold(".hold")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await kari.see(".hold.opened")
    await panel.see(".state.open")
    await house.judge(panel, "panel, open")
    await kari.click(".round.stop")
    await kari.see(".call.over.opened")
    await house.judge(kari, "app, opened")
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


async def refused_by_the_first_of_a_row(panel: Page, kari: Page, ola: Page) -> None:
    await ring(panel, "In turn")
    await ola.see(".call.ringing")
    assert await kari.count(".call") == 0
    await ola.click(".round.stop")
    await panel.see(".state.next")
    await kari.see(".call.ringing")
    await ola.click(".ending .plain")
    await kari.click(".round.open")
    await panel.see(".state.connected")
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await panel.see(".idle")


async def a_name_of_a_list(house: Faces, panel: Page, kari: Page, ola: Page) -> None:
    """The fourth kind: one name of the list is rung, and nobody else; behind another one there is nobody."""
    await panel.click(".touch")
    await panel.click('.row:has-text("The board")')
    assert await panel.count(".row") == 3
    await house.judge(panel, "panel, names of a list")
    await panel.click('.row:has-text("Ola")')
    await panel.see(".state.calling")
    await ola.see(".call.ringing")
    await ola.sees_picture()
    assert await kari.count(".call") == 0
    await ola.click(".round.open")
    await ola.see(".call.talking")
    await panel.see(".state.connected")
    before = len(house.agent.lines)
    await ola.hold(".hold")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await panel.see(".state.open")
    await ola.click(".round.stop")
    await ola.click(".ending .plain")
    await home(panel)
    await panel.click(".touch")
    await panel.click('.row:has-text("The board")')
    await panel.click('.row:has-text("Per Eide")')
    await panel.see(".state.nobody")
    await house.judge(panel, "panel, nobody")
    await home(panel)


async def the_caretaker_is_always_in_sight(house: Faces, panel: Page, kari: Page, ola: Page) -> None:
    """By what the site says, not by what the key is called; among the names it is not. Nobody takes it."""
    await panel.click(".touch")
    await panel.see(".row")
    assert await panel.count('.row:has-text("Help desk")') == 0
    await panel.click(".caretaker:has-text('Help desk')")
    await panel.see(".state.calling")
    await ola.see(".call.ringing")
    assert await kari.count(".call") == 0
    await panel.see(".state.nobody")  # when the ring is over
    await ola.gone(".call")
    await in_norwegian(house, kari)
    await panel.see(".idle")


async def the_next_visitor_begins_anew(house: Faces, panel: Page, kari: Page) -> None:
    """Language, contrast and height are those of one visitor; the search forgives spelling."""
    await panel.click(".touch")
    await panel.click(".bar .key[lang=nb]")
    await panel.see("h1:has-text('Hvem skal du besøke?')")
    await panel.see(".camera:has-text('Ingenting lagres')")
    await panel.click(".bar .key:has-text('Lavere')")
    await house.judge(panel, "panel, directory in Norwegian")
    await panel.click("header .key")
    for sign in "ODEGORD":
        await panel.click(f'.keys button:text-is("{sign}")')
    await panel.see('.rows li:first-child:has-text("Ola Ødegård")')
    assert await panel.count('.row:has-text("Kari")') == 0
    await panel.see(".kiosk.low")
    await every_tab_is_for_everybody(house, kari)
    await panel.see(".idle")  # nobody has touched it for the site's seconds
    await panel.see(".touch:has-text('Touch to ring')")
    assert await panel.count(".kiosk.low") == 0


async def hidden_is_not_on_the_panel(panel: Page, kari: Page) -> None:
    await panel.click(".touch")
    await panel.see('.row:has-text("Kari Berg")')
    await kari.click(".tabs button:has-text('My button')")
    await kari.click("button:has-text('Hide my button')")
    await kari.see("text=Your button is hidden")
    await panel.gone('.row:has-text("Kari Berg")')
    await kari.click("button:has-text('Show my button')")
    await panel.see('.row:has-text("Kari Berg")')


async def every_tab_is_for_everybody(house: Faces, kari: Page) -> None:
    for at in range(1, 1 + await kari.count(".tabs button")):
        await kari.click(f".tabs button:nth-child({at})")
        await kari.see(f".tabs button:nth-child({at})[aria-current=page]")
        await house.judge_dark(kari, f"app, tab {at}", 390, 844)
    await kari.click(".tabs button:first-child")


async def in_norwegian(house: Faces, kari: Page) -> None:
    """The app's pages once more in the other language, and back."""
    await kari.click(".tabs button:last-child")
    await kari.click(".plain[lang=nb]")
    await kari.see("h1:has-text('Mer')")
    for at in range(1, 1 + await kari.count(".tabs button")):
        await kari.click(f".tabs button:nth-child({at})")
        await house.judge(kari, f"app, tab {at} in Norwegian")
    await kari.click(".plain[lang=en]")
    await kari.click(".tabs button:first-child")


async def the_panel_is_for_everybody(house: Faces, panel: Page) -> None:
    await panel.see(".row")
    await house.judge_dark(panel, "panel, directory", 800, 1280)
    await panel.click(".bar .key:has-text('Contrast')")
    await house.judge(panel, "panel, directory in high contrast")
    await panel.click("header .key")
    await panel.click('.keys button:text-is("B")')
    await house.judge(panel, "panel, search")
    await panel.click(".bar .key:has-text('Code')")
    await panel.see(".code")
    await house.judge(panel, "panel, code")
    await panel.click(".bar .key:has-text('Contrast')")
    await panel.click(".bar .key:has-text('Back')")


async def test_visitors_and_residents_in_a_browser(tmp_path: Path) -> None:
    async with faces(tmp_path) as house:
        panel = await house.panel()
        await house.judge_dark(panel, "panel, idle", 800, 1280)
        kari = await house.resident("kari", width=390, height=844)
        await the_next_visitor_begins_anew(house, panel, kari)
        await seen_then_answered(house, panel, kari)
        await refused_looks_like_nobody(panel, kari)
        await opened_without_answering(house, panel, kari)
        await words_on_the_panel(panel, kari)
        ola = await house.resident("ola", width=390, height=844)
        await first_answer_wins(panel, kari, ola)
        await refused_by_the_first_of_a_row(panel, kari, ola)
        await a_name_of_a_list(house, panel, kari, ola)
        await the_caretaker_is_always_in_sight(house, panel, kari, ola)
        await hidden_is_not_on_the_panel(panel, kari)
        await the_panel_is_for_everybody(house, panel)
        assert house.faults == [], "\n".join(house.faults)


async def test_a_station_on_the_wall(tmp_path: Path) -> None:
    async with faces(tmp_path) as house:
        panel = await house.panel()
        wall = await house.station("wall", width=1280, height=800)
        await house.judge(wall, "station, at rest")
        before = len(house.agent.lines)
        await wall.hold(".hold:has-text('Front door')")
        await house.agent.says(r"edge relay=front on=1", after=before)
        await house.network_lost()
        await wall.see(".rest .wait")
        await house.doorline.start_pbx()
        await wall.see(".rest .good")
        await wall.do("reload")
        await wall.see(".rest .good")
        await panel.see(".kiosk[data-line=registered]")
        await ring(panel, "Kari")
        await wall.see(".call.ringing.station")
        await wall.sees_picture()
        await house.judge(wall, "station, ringing")
        await wall.click(".round.open")
        await wall.see(".call.talking")
        await house.judge(wall, "station, talking")
        await panel.see(".state.connected")
        await wall.hold(".hold")
        await panel.see(".state.open")
        await wall.click(".round.stop")
        await wall.see(".rest .clock")
        await house.doorline.command("-m", "webadmin", "credential", "revoke", SITE, "wall")
        await wall.see(".pairing .wrong")
        await house.judge(wall, "station, pairing")
        assert house.faults == [], "\n".join(house.faults)
