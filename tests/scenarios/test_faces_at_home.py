"""What a resident sees to in the app: passes, household, button, receipts, one's data and its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.faces_house import SITE, Faces, faces
from tests.support.faces import Page
from tests.support.qr_picture import hold_up
from tests.support.system import ROOT
from tests.webadmin.people_of_two_houses import PASSWORD

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

OFFICE = ROOT / "tests/data/sites/office.toml"
KNOWN = "async () => (await (await fetch(location.href)).text()).includes('Openings left: 2')"
LISTED = """([name, there]) => {
  document.querySelector(".kiosk").dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
  const rows = [...document.querySelectorAll(".row .name")].map((one) => one.textContent);
  return rows.length > 0 && rows.includes(name) === there;
}"""
FETCHED = "async (path) => { const got = await fetch(path); return got.ok ? await got.text() : '' }"


async def tab(app: Page, name: str) -> None:
    """One of the pages."""
    await app.click(f".tabs button:has-text('{name}')")


async def on_the_panel(panel: Page, name: str, there: bool = True) -> None:
    """A visitor looks for the name, with a finger on the screen, until it is there, or not there any more."""
    await panel.until(LISTED, [name, there])


async def two_houses_under_one_log_in(house: Faces) -> Page:
    """Kari works in the office, too: doors of both, each by a line of its own."""
    email = f"kari@{SITE}"
    await house.doorline.command("-m", "tests.support.resident_account", "office.example", "bo", email)
    box = await house.doorline.start_agent("office.example", "box", ["glass"])
    kari = await house.resident("kari", role="unit_owner", width=390, height=844)
    for door, agent in (("Front door", house.agent), ("Glass door", box)):
        before = len(agent.lines)
        await kari.hold(f".hold:has-text('{door}')")
        relay = "front" if agent is house.agent else "glass"
        await agent.says(rf"edge relay={relay} on=1", after=before)
        await kari.see(f".hold.opened:has-text('{door}')")
    await house.judge(kari, "app, doors of two houses")
    return kari


async def a_pass_is_made(house: Faces, kari: Page, label: str, uses: str) -> tuple[str, str]:
    """Link and PIN of a new pass for the front door."""
    await tab(kari, "Guests")
    await kari.click("button:has-text('Make a pass')")
    await kari.see("label:has-text('House')")
    await kari.do("select", at="form select", value=SITE)
    await kari.type("input[name=label]", label)
    await kari.do("check", at="form fieldset input")
    await kari.do("select", at="form label:has-text('How many') select", value=uses)
    await house.judge(kari, "app, a new pass")
    await kari.click("form button[type=submit]")
    await kari.see("h2:has-text('The pass is ready')")
    await kari.see(".qr path")
    await house.judge(kari, "app, pass ready")
    link, pin = await kari.text("section.card a"), await kari.text(".pin")
    await kari.click("section.card button:has-text('Close')")
    await kari.see(f".list li:has-text('{label}'):has-text('Valid')")
    return link.strip(), pin.strip()


async def by_its_code(house: Faces, panel: Page, guest: Page, dead: str, link: str, pin: str) -> None:
    """The code of a pass that was revoked opens nothing, that of a living one the door."""
    await guest.do("goto", url=link)
    await guest.until(KNOWN)  # and what was revoked before it is known, too
    await panel.click(".touch")
    await panel.click(".bar .key:has-text('Code')")
    await typed(panel, dead)
    await panel.see(".wrong:has-text('opens nothing now')")
    before = len(house.agent.lines)
    await typed(panel, pin)
    await panel.see(".state.open:has-text('Front door')")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await house.judge(panel, "panel, opened by a code")
    await house.agent.says(r"edge relay=front on=0", after=before)


async def typed(panel: Page, code: str) -> None:
    for digit in code:
        await panel.click(f'.code .keys button:text-is("{digit}")')
    await panel.click(".code .key.primary")


async def by_its_picture(house: Faces, panel: Page, picture: Path, link: str) -> None:
    """The link as a QR code, held up to the panel's camera."""
    hold_up(picture, link)
    await panel.do("reload")  # a camera that was closed sees what is held up when it wakes
    await panel.see(".idle")
    before = len(house.agent.lines)
    await panel.click(".touch")
    await panel.click(".bar .key:has-text('Code')")
    await panel.see(".state.open:has-text('Front door')")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await house.agent.says(r"edge relay=front on=0", after=before)
    await panel.do("reload")
    await panel.see(".idle")


async def by_its_link(house: Faces, link: str) -> Page:
    """The guest's own page, in any browser: opens, and counts."""
    guest = await house.browser.open("guest", link, width=390, height=844)
    await guest.until(KNOWN)  # the door server hears of a new pass a moment later
    await guest.do("goto", url=link)
    await guest.see("text=Openings left: 2")
    await house.judge(guest, "guest's page")
    before = len(house.agent.lines)
    await guest.click("button:has-text('Open Front door')")
    await guest.see("text=The door is open")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await guest.see("text=Openings left: 1")
    await house.agent.says(r"edge relay=front on=0", after=before)
    return guest


async def calls_the_host(guest: Page, kari: Page) -> None:
    """From the same page: she sees who it is before she answers, and is never seen."""
    call = "button:has-text('Call your host')"
    await guest.click(call)
    await kari.see(".call.ringing:has-text('Guest')")
    await kari.sees_picture()
    await kari.click(".round.open")
    await kari.see(".call.talking")
    await guest.see("text=You are connected")
    assert await guest.count("video") == 0
    await kari.click(".round.stop")
    await guest.see("text=The call is over")
    await kari.click(".ending .plain")
    await guest.click(call)
    await kari.see(".call.ringing")


async def revoked(kari: Page, guest: Page, link: str) -> None:
    """Its page is gone, and calls nobody any more."""
    row = ".list li:has-text('Painter')"
    await kari.see(f"{row}:has-text('used 1/2 times')")
    await kari.click(f"{row} button:has-text('Revoke')")
    await kari.click(f"{row} .sure button.stop")
    await kari.see(f"{row}:has-text('Revoked')")
    await guest.click("button:has-text('Call your host')")
    await guest.see("text=You cannot call now")
    await guest.do("goto", url=link)
    await guest.gone("button")


async def the_household(house: Faces, kari: Page) -> None:
    """Somebody is invited by mail, and taken away again."""
    await tab(kari, "Household")
    await kari.type("form label:has-text('Name') input", "Tor Berg")
    await kari.type("form input[type=email]", "tor@faces.example")
    await kari.click("form button[type=submit]")
    await kari.see(".list li:has-text('tor@faces.example')")
    assert len(list((house.doorline.var / "outbox").glob("*.eml"))) == 1
    await kari.click(".list li:has-text('Tor Berg') button")
    await house.judge(kari, "app, somebody is taken away")
    await kari.click(".list li:has-text('Tor Berg') .sure button.stop")
    await kari.gone(".list li:has-text('Tor Berg')")


async def the_button(kari: Page, panel: Page) -> None:
    """Hidden until a time, then another name: the panel follows."""
    await tab(kari, "My button")
    await on_the_panel(panel, "Kari Berg")
    await kari.type("input[type=datetime-local]", "2099-12-24T18:00")
    await kari.click("form button:text-is('Hide')")
    await kari.see("text=Hidden until 24 Dec 2099")
    await on_the_panel(panel, "Kari Berg", False)
    await kari.click("button:has-text('Show my button')")
    await kari.gone("text=Hidden until")
    await on_the_panel(panel, "Kari Berg")
    await kari.type("form label:has-text('Name on the panel') input", "Berg, 1st floor")
    await kari.click("form:has-text('Name on the panel') button")
    await on_the_panel(panel, "Berg, 1st floor")


async def rings_by_itself(house: Faces, kari: Page) -> None:
    """Ring me now, and what became of it; the manual, to read and to take along."""
    await tab(kari, "More")
    await kari.click("button:has-text('Ring me now')")
    await kari.see(".call.ringing")
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await tab(kari, "More")
    await kari.see(".list small:has-text('it rang')")
    assert "The resident's manual" in await kari.do("run", script=FETCHED, argument="/app/manual-en.html")
    assert "bruksanvisning" in await kari.do("run", script=FETCHED, argument="/app/manual-nb.html")
    assert await kari.count("a[download][href*=manual]") == 1
    kept = await kari.do("run", script=FETCHED, argument="/api/v1/me/export")
    assert "Kari Berg" in kept and "office.example" in kept


async def the_end(house: Faces, kari: Page, panel: Page) -> None:
    """Erased, and moved out: no log-in, no button, no line."""
    await tab(kari, "More")
    await kari.click("button:has-text('Delete my account')")
    await kari.do("check", at=".erasure input[type=checkbox]")
    await kari.type(".erasure input[type=password]", "something else")
    await house.judge(kari, "app, the end")
    await kari.click(".erasure button.stop")
    await kari.see(".erasure .wrong:has-text('not right')")
    await kari.type(".erasure input[type=password]", PASSWORD)
    await kari.click(".erasure button.stop")
    await kari.see("input[name=email]")
    await on_the_panel(panel, "Berg, 1st floor", False)
    await kari.type("input[name=email]", f"kari@{SITE}")
    await kari.type("input[name=password]", PASSWORD)
    await kari.click("button[type=submit]")
    await kari.see(".wrong:has-text('not')")
    assert await kari.count(".tabs") == 0


async def test_what_a_resident_sees_to(tmp_path: Path) -> None:
    picture = tmp_path / "camera.y4m"
    hold_up(picture, "")
    async with faces(tmp_path, OFFICE) as house:
        panel = await house.panel()
        kari = await two_houses_under_one_log_in(house)
        link, pin = await a_pass_is_made(house, kari, "Painter", "2")
        guest = await by_its_link(house, link)
        await calls_the_host(guest, kari)
        await kari.click(".round.stop")
        await kari.click(".ending .plain")
        await guest.see("text=Nobody answers")
        await revoked(kari, guest, link)
        link, living = await a_pass_is_made(house, kari, "Aunt", "2")
        await by_its_code(house, panel, guest, pin, link, living)
        await by_its_picture(house, panel, picture, link)
        await the_button(kari, panel)
        await the_household(house, kari)
        await rings_by_itself(house, kari)
        await the_end(house, kari, panel)
        assert house.faults == [], "\n".join(house.faults)
