"""A closed app in a Firefox that subscribed by itself: it opens the letter, shows it, is tapped, joins (P14).

Here the whole way is real: the app's own key asks for the subscription; Firefox makes its keys, keeps its
connection to the push service, decrypts, wakes the service worker; its notification is tapped."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.peers.autopush import OPENED, Autopush, Channel, autopush
from tests.peers.push_service import push_service
from tests.scenarios.faces_house import HOUSE, SITE
from tests.support.firefox import PATIENCE, Firefox, firefox
from tests.support.phones import Phone, phone
from tests.support.ports import free_port
from tests.support.system import System, system
from tests.webadmin.people_of_two_houses import PASSWORD

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

EMAIL = f"kari@{SITE}"
SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration("/app/")).getNotifications())
  .map(({ title, body, tag, silent, data }) => ({ title, body, tag, silent, kind: data.kind }))"""
LEAVE = """async () => (await (await navigator.serviceWorker.getRegistration("/app/"))
  .pushManager.getSubscription()).unsubscribe()"""
NEXT = "async (words) => document.querySelector('.next p')?.textContent.includes(words)"
Record = Callable[[str, object], None]


async def wished(app: Firefox, web: str, push: Autopush) -> Channel:
    """The resident logs in and does what the app says, until this browser may be woken."""
    await app.go(f"{web}/app/")
    await app.type("input[name=email]", EMAIL)
    await app.type("input[name=password]", PASSWORD)
    await app.click("button[type=submit]")
    await app.see(".standing.good")
    await app.click(".standing")
    await app.until(NEXT, "notifications")
    await app.click(".next .primary")
    await app.until("async () => !document.querySelector('.checks li:nth-child(3).todo')")
    (channel,) = push.channels
    return channel


async def rung(panel: Phone, push: Autopush, channel: Channel) -> dict[str, Any]:
    """The visitor rings and Firefox has been given the letter; again when the PBX has not heard of it yet."""
    had = len(channel.got)
    for _ in range(8):
        said = len(panel.log)
        panel.do("call", to=f"sip:kari@{SITE}")
        try:
            await push.service.until(channel, had + 1, 6)
            return channel.got[had]
        except TimeoutError:
            if not any(one.get("state") == "DISCONNECTED" for one in panel.log[said:]):
                await hung_up(panel)
    raise AssertionError(f"nothing was pushed: {push.service.refused} {panel.said()}")


async def hung_up(panel: Phone) -> None:
    """The visitor leaves."""
    had = len(panel.log)
    panel.do("hangup")
    await panel.expect("state", state="DISCONNECTED", after=had)


async def seen(app: Firefox) -> float:
    """Wait for a notification on the screen; the moment."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := await app.alerts():
            assert found == [{"title": "Gate", "text": "Somebody rings. Tap to see who it is"}]
            return time.monotonic()
    raise AssertionError(f"no notification; {await app.run(SHOWN)}")


async def unanswered(app: Firefox, panel: Phone, push: Autopush, channel: Channel) -> float:
    """Shown, repeated, and replaced by a silent end; the seconds from taken to shown."""
    letter = await rung(panel, push, channel)
    took = await seen(app) - float(letter["at"])
    await push.service.until(channel, len(channel.got) + 1)  # ten seconds later
    (shown,) = await app.run(SHOWN)
    assert (shown["kind"], shown["silent"]) == ("ring", False)
    await hung_up(panel)
    await app.until(f"async () => (await ({SHOWN})()).every((one) => one.kind === 'ended' && one.silent)")
    await app.until(f"async () => (await ({SHOWN})()).length === 0")
    assert len({each["Topic"] for each in channel.headers}) == 1
    assert [each["Urgency"] for each in channel.headers] == ["high", "high", "normal"]
    return took


async def answered(app: Firefox, panel: Phone, push: Autopush, channel: Channel) -> None:
    """A tap on the notification opens the app, which joins the ring that goes on, and answers."""
    before = await app.tabs()
    await rung(panel, push, channel)
    await seen(app)
    await app.tap_alert()
    await app.take(await app.another_tab(before))
    await app.see(".call.ringing")
    await app.click(".round.open")
    await app.see(".call.talking")
    await panel.confirmed()
    assert await panel.hears(1000)  # Firefox's microphone
    await app.click(".round.stop")
    await panel.disconnected()


async def left(app: Firefox, panel: Phone, push: Autopush, channel: Channel, house: System) -> None:
    """The browser gave its subscription up behind the server's back: 410, once, and never asked again."""
    await app.run(LEAVE)
    await app.ask("WebDriver:CloseWindow")
    await app.take((await app.tabs())[0])
    assert house.pbx is not None
    for _ in range(2):
        asked = len(channel.answers)
        panel.do("call", to=f"sip:kari@{SITE}")
        had = len(panel.log)
        await panel.expect("state", state="DISCONNECTED", after=had)  # nobody is there, and nobody to wake
    assert channel.answers[asked - 1 :] == [410], channel.answers


async def test_a_closed_app_in_firefox(tmp_path: Path, record_property: Record) -> None:
    port = free_port()
    web = f"http://127.0.0.1:{port}"
    async with push_service(tmp_path / "push") as service, autopush(service) as push:
        settings = {
            "HTTP__PUBLIC_ORIGINS": json.dumps([web]),
            "PUSH__HOSTS": json.dumps([service.origin.removeprefix("https://")]),
            "PUSH__CA_FILE": str(service.certificate.authority),
            "WEBADMIN__PORT": str(port),
            "WEBADMIN__WORKERS": "1",
            "WEBADMIN__TLS_HOST": "",
        }
        async with (
            system(tmp_path, HOUSE, **settings) as house,
            phone(tmp_path, "panel", tone=600) as panel,
            firefox(tmp_path, dom__push__serverURL=push.url) as app,
        ):
            await house.command("-m", "tests.support.resident_account", SITE, "kari", EMAIL, "resident")
            server = await house.start("webadmin", "-m", "webadmin", "serve")
            await server.says("Listening at", seconds=40)
            await panel.register("gate", SITE, house.secrets[SITE, "gate"], house.server())
            channel = await wished(app, web, push)
            await app.go(f"{web}/static/tokens.css")  # the app is closed: only its service worker is left
            took = await unanswered(app, panel, push, channel)
            record_property("milliseconds from push accepted to notification, Firefox", took * 1000)
            await answered(app, panel, push, channel)
            assert set(channel.codes.values()) == {OPENED} and service.refused == []
            await left(app, panel, push, channel, house)
