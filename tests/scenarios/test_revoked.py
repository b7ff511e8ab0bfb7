"""Revoked is dead on every channel within five seconds: a device on each transport, ringing or talking; a
person, a panel, a station (issue 6, "done when" 6; passes: `test_passes.py`)."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pbx.auth import Credential
from pbx.auth.bearer import token_of
from pbx.sip import events as sip
from pbx.sip.digest import ha1
from pbx.sip.flow import Transport
from tests.peers.push_service import PushService, Subscriber, push_service
from tests.scenarios.test_closed_app import HOUSE, SITE, App, app, session
from tests.support.handset import PICTURE, Handset, handset
from tests.support.ports import free_port
from tests.support.system import Program, System, system

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(400)]

TABLE: dict[Transport, str] = {
    "udp": "talking",
    "tcp": "talking",
    "tls": "talking",
    "ws": "ringing",
    "wss": "ringing",
}
"""A device on each transport, and what it is doing when it is revoked."""

REFUSED = ("401", "403", "503")
"""503: so many have failed from this address that it must wait."""

OWNER = "ola@x.example"
Record = Callable[[str, object], None]


@dataclass(slots=True)
class Lived:
    """The house, kari's session in the app, the panel, and what is measured."""

    doorline: System
    kari: App
    panel: Handset
    agent: Program
    service: PushService
    took: dict[str, float] = field(default_factory=dict)

    @property
    def pbx(self) -> str:
        return f"http://127.0.0.1:{self.doorline.http}"

    async def until(self, status: int, method: str, path: str, token: str = "") -> None:
        """Wait until the PBX's HTTP side says so."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        end = time.monotonic() + 30
        while (said := await self.kari.status(method, self.pbx + path, headers)) != status:
            assert time.monotonic() < end, f"{path}: {said}, not {status}"

    def dead(self, what: str, began: float) -> None:
        """Every channel was found dead."""
        self.took[what] = round(time.monotonic() - began, 2)


@dataclass(slots=True)
class Own:
    """One of kari's devices."""

    made: dict[str, Any]
    line: Handset
    browser: Subscriber
    woken: int = 0

    def letters(self) -> int:
        """How often it was to be woken."""
        return sum(letter["type"] == "ring" for letter in self.browser.got)


async def moved_in(lived: Lived, stack: AsyncExitStack, transport: Transport) -> Own:
    """A device of kari's, registered, able to open, and to be woken."""
    wish = {"site": SITE, "name": transport, "kind": "app"}
    made = await lived.kari.ask("POST", "devices", wish)
    browser, subscription = lived.service.subscribe(made["device"])
    await lived.kari.ask("POST", "push", {"device": made["id"], **subscription})
    await lived.until(200, "GET", "/device/doors", made["token"])
    account = (SITE, made["device"], made["secret"])
    line = await stack.enter_async_context(handset(lived.doorline, transport, *account))
    return Own(made, line, browser)


async def refused(line: Handset) -> None:
    """What it asks by SIP is refused: to be found, to open, to call."""
    assert str((await line.ask("REGISTER")).status) in REFUSED
    assert await line.open("front") in REFUSED
    assert str(await line.refused("ola")) in REFUSED


async def lost_device(lived: Lived, own: Own, doing: str) -> None:
    """One row: the panel calls, the device rings or talks, and is revoked."""
    assert await own.line.open("front") in ("opened", "already_open")
    visit = await lived.panel.call("kari", PICTURE)
    rung = await own.line.rings()
    picture = rung.request.headers.get("Doorline-Preview")
    assert picture
    if doing == "talking":
        own.line.answer(rung)
        await lived.panel.until(sip.Answered, visit)
    else:
        await lived.until(503, "GET", f"{picture}.jpg")  # there is no camera behind it
    began = time.monotonic()
    await lived.kari.ask("DELETE", f"devices/{own.made['id']}")
    await lived.until(401, "GET", "/device/doors", own.made["token"])
    await own.line.until(sip.Ended if doing == "talking" else sip.Cancelled, rung.session)
    await lived.until(404, "GET", f"{picture}.jpg")
    if doing == "talking":
        await lived.panel.until(sip.Ended, visit)  # and with it every key that would open
    else:
        visit.cancel(lived.panel.clock())
        lived.panel.driver.drain()
        await lived.panel.until(sip.Refused, visit)
    await refused(own.line)
    lived.dead(f"{own.line.transport}, {doing}", began)
    own.woken = own.letters()
    own.line.told.clear()


async def one_more_visit(lived: Lived, left: Own) -> None:
    """Whoever is left still rings."""
    visit = await lived.panel.call("kari", PICTURE)
    await left.line.rings()
    visit.cancel(lived.panel.clock())
    lived.panel.driver.drain()
    await lived.panel.until(sip.Refused, visit)


async def moved_out(lived: Lived, own: Own) -> None:
    """Who looks after the flat takes kari away: her session, her device, its line."""
    await lived.doorline.command("-m", "tests.support.resident_account", SITE, "ola", OWNER, "unit_owner")
    async with session() as client:
        ola = App(client, lived.kari.origin)
        await ola.log_in(OWNER)
        (key,) = [
            one["id"]
            for one in (await ola.ask("GET", "household"))["household"]
            if not one["me"] and one["name"] == "Kari Berg"
        ]
        began = time.monotonic()
        await ola.ask("DELETE", f"household/{key}")
    await lived.until(401, "GET", "/device/doors", own.made["token"])
    await refused(own.line)
    assert await lived.kari.status("GET", f"{lived.kari.origin}/api/v1/me", {}) == 401
    lived.dead("person moved out", began)


async def lost_thing(lived: Lived, line: Handset, page: tuple[str, str]) -> None:
    """A panel or a station is stolen: one command of the admin's, and its line and its token are dead."""
    secret = lived.doorline.secrets[SITE, line.device]
    token = token_of(Credential(SITE, line.device, line.device, ha1(line.device, SITE, secret)))
    await lived.until(200 if page[0] == "GET" else 400, *page, token)
    await lived.doorline.command("-m", "webadmin", "credential", "revoke", SITE, line.device)
    began = time.monotonic()  # the command takes longer to start than to act
    await lived.until(401, *page, token)
    await refused(line)
    lived.dead(line.device, began)


async def test_revoked_is_dead_on_every_channel(tmp_path: Path, record_property: Record) -> None:
    async with push_service(tmp_path / "push") as service, AsyncExitStack() as stack:
        web = free_port()
        settings = {
            "HTTP__TLS_HOST": "127.0.0.1",
            "HTTP__TLS_PORT": str(free_port()),
            "HTTP__PUBLIC_ORIGINS": json.dumps([f"http://127.0.0.1:{web}"]),
            "PUSH__HOSTS": json.dumps([service.origin.removeprefix("https://")]),
            "PUSH__CA_FILE": str(service.certificate.authority),
            "WEBADMIN__PORT": str(web),
            "WEBADMIN__WORKERS": "1",
            "WEBADMIN__TLS_HOST": "",
        }
        doorline = await stack.enter_async_context(system(tmp_path, HOUSE, **settings))
        kari = await stack.enter_async_context(app(doorline))
        agent = await doorline.start_agent(SITE, "house-controller", ["front", "back"])

        async def line(transport: Transport, device: str) -> Handset:
            secret = doorline.secrets[SITE, device]
            return await stack.enter_async_context(handset(doorline, transport, SITE, device, secret))

        lived = Lived(doorline, kari, await line("udp", "entrance"), agent, service)
        station = await line("tls", "h0101-station")
        devices = {transport: await moved_in(lived, stack, transport) for transport in TABLE}
        left = await moved_in(lived, stack, "tcp")
        for transport, doing in TABLE.items():
            await lost_device(lived, devices[transport], doing)
        await one_more_visit(lived, left)
        await moved_out(lived, left)
        await lost_thing(lived, station, ("GET", "/device/doors"))
        await lost_thing(lived, lived.panel, ("POST", "/panels/code"))
        for own in devices.values():  # later visits rang and woke others
            assert own.letters() == own.woken
            assert not any(isinstance(each, sip.InviteReceived) for each in own.line.told)
        assert service.refused == []
        for what, seconds in lived.took.items():
            record_property(f"seconds until dead everywhere: {what}", seconds)
        assert max(lived.took.values()) < 30, lived.took
