"""A closed app: push in time, a late phone joins and answers, its end is told; then lost, and out at once."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector

from tests.peers.push_service import push_service
from tests.support.phones import Phone, phone
from tests.support.ports import free_port
from tests.support.system import ROOT, System, system
from tests.webadmin.people_of_two_houses import PASSWORD

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

HOUSE = ROOT / "config/sites/fjordgata.toml"
SITE = "fjordgata.example"
EMAIL = "kari@x.example"


class App:
    """The resident's API over HTTP."""

    def __init__(self, client: ClientSession, origin: str) -> None:
        self._client, self.origin, self._csrf = client, origin, ""

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"X-CSRF-Token": self._csrf}
        url = f"{self.origin}/api/v1/{path}"
        async with self._client.request(method, url, json=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def bearer(self, url: str, token: str) -> int:
        """The status of what a device asks the PBX by its token."""
        async with self._client.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            return answer.status

    async def status(self, method: str, url: str, headers: dict[str, str]) -> int:
        """The status of any request, in this session."""
        async with self._client.request(method, url, headers=headers) as answer:
            return answer.status

    async def log_in(self, email: str = EMAIL) -> None:
        assert await self.ask("POST", "login", {"email": email, "password": PASSWORD}) == {"next": "in"}
        self._csrf = (await self.ask("GET", "me"))["csrf"]


def session() -> ClientSession:
    """With cookies of its own; a connection a request, for the server ends those that rest."""
    return ClientSession(connector=TCPConnector(force_close=True), cookie_jar=CookieJar(unsafe=True))


@asynccontextmanager
async def app(doorline: System) -> AsyncIterator[App]:
    await doorline.command("-m", "tests.support.resident_account", SITE, "kari", EMAIL)
    server = await doorline.start("webadmin", "-m", "webadmin", "serve")
    await server.says("Listening at", seconds=40)
    origin = f"http://127.0.0.1:{doorline.environment['DOORLINE_WEBADMIN__PORT']}"
    async with session() as client:
        made = App(client, origin)
        await made.log_in()
        yield made


async def test_woken_joined_answered_lost(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with push_service(tmp_path / "push") as service:
        settings = {
            "PUSH__HOSTS": json.dumps([service.origin.removeprefix("https://")]),
            "PUSH__CA_FILE": str(service.certificate.authority),
            "WEBADMIN__PORT": str(free_port()),
            "WEBADMIN__WORKERS": "1",
            "WEBADMIN__TLS_HOST": "",
        }
        async with (
            system(tmp_path, HOUSE, **settings) as doorline,
            app(doorline) as resident,
            phone(tmp_path, "panel", tone=440) as panel,
            phone(tmp_path, "kari", "--auto", "180") as kari,
        ):
            made = await resident.ask("POST", "devices", {"site": SITE, "name": "Pixel", "kind": "app"})
            browser, subscription = service.subscribe("kari")
            await resident.ask("POST", "push", {"device": made["id"], **subscription})
            await panel.register("entrance", SITE, doorline.secrets[SITE, "entrance"], doorline.server())
            began = await until_pushed(panel, service, browser)
            record_property("milliseconds from call to push", (time.monotonic() - began) * 1000)
            assert await resident.bearer(f"{made['pbx']}/device/doors", made["token"]) == 200
            ring = browser.got[-1]
            assert (ring["type"], ring["label"]) == ("ring", "Kari Berg") and ring["from"]
            await kari.register(made["device"], SITE, made["secret"], doorline.server())  # the tap
            await kari.expect("incoming")
            kari.do("answer")
            await panel.confirmed()
            await service.until(browser, len(browser.got) + (browser.got[-1]["type"] != "ended"))
            assert browser.got[-1]["type"] == "ended" and service.refused == []
            receipts = await resident.ask("GET", f"receipts?device={made['id']}")
            newest = receipts["receipts"][0]
            assert newest["push"] <= newest["push_accepted"] <= newest["rang"]
            assert "answered" not in newest  # a residential site
            lost = time.monotonic()
            await resident.ask("DELETE", f"devices/{made['id']}")
            await panel.disconnected()
            await kari.disconnected()
            took = time.monotonic() - lost
            record_property("seconds from revoked to out", took)
            await dead(resident, doorline, made, kari)
            record_property("seconds from revoked to dead everywhere", time.monotonic() - lost)
            states = await resident.ask("GET", "me")
            doors = {door["id"]: door["state"] for door in states["sites"][0]["doors"]}
            assert doors == {"front": "locked", "back": "locked"}


async def dead(resident: App, doorline: System, made: dict[str, Any], kari: Phone) -> None:
    """A lost device registers no more, its token is worth nothing, and nothing is pushed to it."""
    had = len(kari.log)
    lost = {"user": made["device"], "domain": SITE, "secret": made["secret"], "server": doorline.server()}
    kari.do("register", **lost)
    refused = await kari.expect("registration", after=had)
    assert refused["code"] in (401, 403), refused
    assert await resident.bearer(f"{made['pbx']}/device/doors", made["token"]) == 401
    assert made["id"] not in {one["id"] for one in (await resident.ask("GET", "devices"))["devices"]}


async def until_pushed(panel: Any, service: Any, browser: Any) -> float:
    """Ring until the PBX knows the new device, for a push; the moment the last call began."""
    for _ in range(5):
        began = time.monotonic()
        panel.do("call", to=f"sip:kari@{SITE}")
        try:
            await service.until(browser, 1, 5)
            return began
        except TimeoutError:
            panel.do("hangup")
            await panel.disconnected()
    raise AssertionError(f"nothing was pushed: {service.refused}")
