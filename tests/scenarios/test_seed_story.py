"""The seed's story as people live it, no step by API: account, invitation, second factor, ring, open."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from tests.scenarios.faces_house import SITE, Faces, faces
from tests.support.faces import Page
from tests.support.webadmin import WebAdmin

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

NINA = "nina@faces.example"
PASSWORD = "blåbær under sju gamle graner"


async def nina_moves_in(house: Faces, admin: Page) -> None:
    """The admin writes her down, then lets her into the app."""
    assert house.doorline.pbx is not None
    after = len(house.doorline.pbx.lines)
    await admin.click("aside.side nav >> text='People'")
    await admin.click("text=Move in")
    await admin.type("#name", "Nina Nilsen")
    await admin.do("select", at="#unit", value="three")
    await admin.do("select", at="#device", value="")
    await admin.click("form[data-guard] > .bar button.action")
    await house.doorline.pbx.says(rf"{SITE} runs revision", after=after)
    await admin.click("main table.list >> text='Nina Nilsen'")
    await admin.type("#email", NINA)
    await admin.click("text=Let into the app")
    await admin.see(f"text={NINA} is invited")


def link_in(outbox: Path) -> str:
    """The link of the one letter that lies there."""
    letters = list(outbox.glob("*.eml"))
    assert len(letters) == 1, letters
    letter = email.message_from_bytes(letters[0].read_bytes(), policy=email.policy.default)
    assert letter["To"] == NINA
    body = letter.get_body()
    assert body is not None
    found = re.search(r"http\S+/choose-password/\S+", body.get_content())
    assert found is not None
    return found[0]


async def the_letter_is_opened(house: Faces) -> pyotp.TOTP:
    """At a computer: a password, and the second factor from what the page shows."""
    desk = await house.browser.open("desk", link_in(house.doorline.var / "outbox"), width=1280, height=900)
    await desk.type("#password", PASSWORD)
    await desk.click("main button.action")
    await desk.see(".qr")
    factor = pyotp.TOTP((await desk.text("code.key")).strip())
    await desk.type("#code", factor.now())
    await desk.click("main button.action")
    await desk.see(".codes")
    await desk.click("main a.action")
    await desk.see(".tabs")
    assert await desk.do("log") == []
    await desk.do("close")
    return factor


async def she_logs_in(house: Faces, factor: pyotp.TOTP) -> Page:
    """On her telephone: password, then a code; a wrong one first."""
    phone = await house.browser.open("nina", f"{house.web}/app/", width=390, height=844)
    await phone.see("input[name=email]")
    await house.judge(phone, "app, log-in")
    await phone.type("input[name=email]", NINA)
    await phone.type("input[name=password]", PASSWORD)
    await phone.click("button[type=submit]")
    await phone.type("input[name=code]", "000000")
    await phone.click("button[type=submit]")
    await phone.see(".wrong:has-text('not right')")
    await house.judge(phone, "app, code")
    assert await phone.count(".tabs") == 0
    soon = factor.at(datetime.now(UTC), counter_offset=1)  # no code is taken twice, and the next one counts
    await phone.type("input[name=code]", soon)
    await phone.click("button[type=submit]")
    await phone.see(".standing.good")
    return phone


async def the_panel_is_paired(house: Faces, admin: Page) -> Page:
    """By a code that the admin reads out."""
    await admin.click("aside.side nav >> text='Panels'")
    await admin.click("main table.list >> text='Gate'")
    await admin.click("text=Pair a device")
    await admin.click("text=Make a code")
    panel = await house.browser.open("gate", f"{house.web}/kiosk/")
    await panel.see(".pairing")
    await house.judge(panel, "panel, pairing")
    for sign in (await admin.text("dd.key")).replace("-", "").strip():
        await panel.click(f'.keys button:text-is("{sign}")')
    await panel.click(".pairing button[type=submit]")
    await panel.see(".idle")
    return panel


async def she_is_visited(house: Faces, panel: Page, phone: Page) -> None:
    """Tap, picture before the answer, talk, open: the panel says so and the relay pulses."""
    await panel.click(".touch")
    await panel.click('.row:has-text("Nina Nilsen")')
    await panel.see(".state.calling")
    await phone.see(".call.ringing")
    await phone.sees_picture()
    assert await phone.count(".call.ringing") == 1, "seen before it is answered"
    await phone.click(".round.open")
    await phone.see(".call.talking")
    await panel.see(".state.connected")
    await phone.sees_picture()
    before = len(house.agent.lines)
    await phone.hold(".hold:has-text('Front door')")
    await house.agent.says(r"edge relay=front on=1", after=before)
    await phone.see(".hold.opened")
    await panel.see(".state.open")
    assert "open" in (await panel.text(".state h1")).lower()
    await house.agent.says(r"edge relay=front on=0", after=before)
    await phone.click(".round.stop")
    await phone.see(".call.over.opened")


async def test_from_an_invitation_to_an_open_door(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    begin = time.monotonic()
    async with faces(tmp_path, WEBADMIN__SECOND_FACTOR='["resident"]') as house:
        admin = await WebAdmin(house.doorline, house.web).way_in(house.browser)
        panel = await the_panel_is_paired(house, admin)
        await nina_moves_in(house, admin)
        factor = await the_letter_is_opened(house)
        phone = await she_logs_in(house, factor)
        await she_is_visited(house, panel, phone)
        assert await admin.do("log") == []
        assert house.faults == [], "\n".join(house.faults)
    record_property("seconds from nothing to an open door", time.monotonic() - begin)
