"""An app that sleeps is woken: frozen with its socket open, then closed, only its service worker left (P14);
beside it an office without a panel, and somebody who may not come in there any more.

DevTools brings the service worker what the push service took and opened, but cannot tap a notification: the
worker is given a `notificationclick` made up, and the test opens the address that it wants to open."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.peers.push_service import PushService, Subscriber, push_service
from tests.scenarios.faces_house import Faces, faces
from tests.scenarios.test_faces import ring
from tests.support.faces import PATIENCE, Page
from tests.support.system import ROOT

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

OFFICE = ROOT / "tests/data/sites/office.toml"
ASK = """async ([method, path, body]) => {
  const me = await (await fetch("/api/v1/me")).json();
  const headers = { "X-CSRF-Token": me.csrf ?? "", "Content-Type": "application/json" };
  const answer = await fetch("/api/v1/" + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, ...(text ? { body: JSON.parse(text) } : {}) };
}"""
BEARER = """async ([url, token]) =>
  (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status"""
Record = Callable[[str, object], None]


async def ask(page: Page, method: str, path: str, body: object = None) -> Any:
    """What the server answers the app itself, which must be good."""
    answer = await page.do("run", script=ASK, argument=[method, path, body])
    assert answer["status"] < 300, answer
    return answer.get("body")


async def pushed(panel: Page, service: PushService, browser: Subscriber) -> dict[str, Any]:
    """The next push; the visitor tries again when the PBX has not heard of the subscription yet."""
    had = len(browser.got)
    for _ in range(4):
        await ring(panel, "Kari")
        try:
            await service.until(browser, had + 1, 8)
            break
        except TimeoutError:
            await panel.click(".key.stop")
            await panel.see(".idle")
    assert len(browser.got) > had and browser.got[had]["type"] == "ring", (browser.got[had:], service.refused)
    return browser.got[had]


async def told(service: PushService, browser: Subscriber) -> str:
    """The end of a ring, as it is pushed; others of the same ring may come before it."""
    while browser.got[-1]["type"] != "ended":
        await service.until(browser, len(browser.got) + 1)
    return json.dumps(browser.got[-1])


async def newest(page: Page, device: int) -> dict[str, Any]:
    """The receipt of the last call, in milliseconds from its beginning."""
    found: dict[str, Any] = (await ask(page, "GET", f"receipts?device={device}"))["receipts"][0]
    return found


async def stale(panel: Page, kari: Page, service: PushService, browser: Subscriber, device: int) -> float:
    """Frozen, its socket open: nobody answers the INVITE, so that it is pushed; milliseconds until then."""
    await kari.do("freeze")
    said = await pushed(panel, service, browser)
    await panel.click(".key.stop")
    await panel.see(".idle")
    over = await told(service, browser)
    await kari.do("thaw")
    (shown,) = await kari.do("push", data=json.dumps(said), kind="ring", seconds=PATIENCE)
    assert shown["silent"]  # the app is in sight and rings itself
    await kari.do("push", data=over, kind="none", seconds=PATIENCE)
    return float((await newest(kari, device))["push"])


async def unanswered(panel: Page, kari: Page, service: PushService, browser: Subscriber) -> None:
    """The page is closed: a notification with door and picture stays until the visitor has gone."""
    said = await pushed(panel, service, browser)
    (shown,) = await kari.do("push", data=json.dumps(said), kind="ring", seconds=PATIENCE)
    assert (shown["title"], shown["tag"]) == ("Gate", said["call"])
    assert shown["stays"] and not shown["silent"]
    assert shown["image"].endswith(said["picture"]) and said["picture"].endswith(".jpg")
    await panel.click(".key.stop")
    await panel.see(".idle")
    over = await told(service, browser)
    (shown,) = await kari.do("push", data=over, kind="ended", seconds=PATIENCE)
    assert (shown["tag"], shown["stays"], shown["silent"]) == (said["call"], False, True)
    assert await kari.do("notifications", kind="none", seconds=PATIENCE) == []


async def tapped(panel: Page, kari: Page, service: PushService, browser: Subscriber) -> None:
    """A tap opens the app, which registers, joins the ring that goes on, and answers."""
    said = await pushed(panel, service, browser)
    await kari.do("push", data=json.dumps(said), kind="ring", seconds=PATIENCE)
    await kari.do("tap")
    await kari.see(".call.ringing")
    await kari.click(".round.open")
    await kari.see(".call.talking")
    await panel.see(".state.connected")
    over = await told(service, browser)
    (shown,) = await kari.do("push", data=over, kind="ended", seconds=PATIENCE)
    assert shown["silent"]
    await kari.click(".round.stop")
    await kari.click(".ending .plain")
    await panel.see(".idle")


async def without_panel(house: Faces) -> Page:
    """A controller without a screen, and the app: that is all an office needs."""
    box = await house.doorline.start_agent("office.example", "box", ["glass"])
    bo = await house.resident("bo", "office.example", width=390, height=844)
    await bo.hold(".hold:has-text('Glass door')")
    await box.says(r"edge relay=glass on=1")
    await bo.see(".hold.opened")
    await box.says(r"edge relay=glass on=0")
    return bo


async def moved_out(house: Faces, bo: Page, record: Record) -> float:
    """Who looks after the rooms takes somebody away: seconds until token and log-in are dead. Then the
    app has lost its line, which it shows as soon as it has tried to come back."""
    anne = await house.resident("anne", "office.example", "unit_owner", width=390, height=844)
    other = {"site": "office.example", "name": "Tablet", "kind": "app"}
    made = await ask(bo, "POST", "devices", other)
    doors = [f"{made['pbx']}/device/doors", made["token"]]
    await bo.until(f"async (given) => (await ({BEARER})(given)) === 200", doors)
    found = (await ask(anne, "GET", "household"))["household"]
    (key,) = (one["id"] for one in found if not one["me"])
    began = time.monotonic()
    await ask(anne, "DELETE", f"household/{key}")
    record("seconds to take away", time.monotonic() - began)
    await bo.until(f"async (given) => (await ({BEARER})(given)) === 401", doors)
    await bo.until("async () => (await fetch('/api/v1/me')).status === 401")
    took = time.monotonic() - began
    await bo.until("() => !document.querySelector('.standing.good')")
    record("seconds from moved out to shown", time.monotonic() - began)
    return took


async def test_an_app_is_woken_and_an_office_opens(tmp_path: Path, record_property: Record) -> None:
    async with push_service(tmp_path / "push") as service:
        wake = {
            "PUSH__HOSTS": json.dumps([service.origin.removeprefix("https://")]),
            "PUSH__CA_FILE": str(service.certificate.authority),
        }
        async with faces(tmp_path, OFFICE, **wake) as house:
            panel = await house.panel()
            kari = await house.resident("kari", width=390, height=844)
            await kari.do("run", script="() => navigator.serviceWorker.ready.then(() => true)")
            # Chromium's own subscription would lead to its maker's service.
            browser, subscription = service.subscribe("kari")
            listed = (await ask(kari, "GET", "devices"))["devices"]
            (own,) = (one for one in listed if one["kind"] == "app")  # and the flat's station
            await ask(kari, "POST", "push", {"device": own["id"], **subscription})
            await kari.do("watch")
            waited = await stale(panel, kari, service, browser, own["id"])
            record_property("milliseconds from call to push, socket stale", waited)
            assert 650 <= waited < 3000  # receipts begin some milliseconds late
            await kari.do("shut")
            await unanswered(panel, kari, service, browser)
            await tapped(panel, kari, service, browser)
            at_once = float((await newest(kari, own["id"]))["push"])
            record_property("milliseconds from call to push, app closed", at_once)
            assert at_once < 700 and service.refused == []
            took = await moved_out(house, await without_panel(house), record_property)
            record_property("seconds from moved out to out", took)
