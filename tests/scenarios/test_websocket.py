"""A resident's app over a WebSocket: JsSIP rings beside PJSIP phones, talks, opens the door (Done when 2)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, TONES, House, house
from tests.support.jssip import ORIGIN, app
from tests.support.phones import Event, Phone
from tests.support.ports import free_port

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]

ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'
APP = "kari-app"


def url(home: House) -> str:
    """Where apps connect."""
    return f"ws://127.0.0.1:{home.doorline.http}/ws"


async def signed_in(home: House, one: Phone, server: str = "") -> None:
    """Register Kari's app."""
    await one.register(APP, SITE, home.doorline.secrets[SITE, APP], server or url(home))


def is_request(method: str, way: str = "in") -> Callable[[Event], bool]:
    """Fits a request that a phone received or sent."""
    return lambda e: e.get("text", "").startswith(f"{method} ") and e.get("way", "in") == way


def answers(method: str) -> Callable[[Event], bool]:
    """Fits a 200 to a request that a phone sent."""
    return lambda e: (
        e.get("text", "").startswith("SIP/2.0 200 ")
        and e.get("way", "in") == "in"
        and re.search(rf"^CSeq: \d+ {method}\r$", e["text"], re.MULTILINE) is not None
    )


async def bindings(home: House) -> int:
    """Registrations that the PBX knows now."""
    reader, writer = await asyncio.open_connection("127.0.0.1", home.doorline.http)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    text = (await reader.read()).decode()
    writer.close()
    found = re.search(r"^doorline_bindings_bindings ([\d.]+)", text, re.MULTILINE)
    assert found is not None, text
    return int(float(found[1]))


@asynccontextmanager
async def app_house(
    scratch: Path, *devices: str, options: tuple[str, ...] = (), **settings: str
) -> AsyncIterator[tuple[House, Phone]]:
    """The story house with these phones and Kari's app, all registered."""
    origins = json.dumps([ORIGIN])
    settings = {"MEDIA__WEBSOCKET_PROFILE": "plain", **settings}   # Node has no WebRTC
    async with (
        house(scratch, *devices, HTTP__PUBLIC_ORIGINS=origins, **settings) as home,
        app(scratch, APP, *options, tone=TONES[APP]) as kari,
    ):
        await signed_in(home, kari)
        yield home, kari


async def test_the_app_answers_both_hear_and_five_opens_the_right_door(tmp_path: Path) -> None:
    async with app_house(tmp_path, "ola-phone") as (home, kari):
        agent = await home.doorline.start_agent(SITE, "controller", ["front"])
        gate = home.tap("1")
        await kari.expect("incoming")
        await home["ola-phone"].expect("incoming")
        await gate.expect("state", state="EARLY")
        kari.do("answer")
        await gate.confirmed()
        await kari.confirmed()
        await home["ola-phone"].disconnected()
        cancel = await home["ola-phone"].find(is_request("CANCEL"), 1.0, "CANCEL")
        assert f"Reason: {ELSEWHERE}" in cancel["text"]
        assert await gate.hears(TONES[APP])
        assert await kari.hears(TONES["gate"])
        kari.do("info", digits="75")
        edge = await agent.says(r"edge relay=(\w+) on=1")
        assert edge[1] == "front"
        kari.do("hangup")
        await gate.disconnected()
        await asyncio.sleep(0.2)
        assert len(agent.said("edge relay=.* on=1")) == 1
        digits = [said["text"] for said in kari.log if is_request("INFO", "out")(said)]
        assert [re.search(r"Signal=(\d)", text)[1] for text in digits] == ["7", "5"]  # type: ignore[index]


async def test_answered_elsewhere_is_no_missed_call(tmp_path: Path) -> None:
    async with app_house(tmp_path, "ola-phone") as (home, kari):
        gate = home.tap("1")
        await kari.expect("incoming")
        await home["ola-phone"].expect("incoming")
        home["ola-phone"].do("answer")
        await gate.confirmed()
        ended = await kari.disconnected()
        assert (ended["cause"], ended["reason"]) == ("Canceled", ELSEWHERE)
        assert (ended["elsewhere"], ended["missed"]) == (True, False)
        gate.do("hangup")
        await home["ola-phone"].disconnected()
        after = len(kari.log)
        gate.do("call", to=f"sip:kari@{SITE}")
        await kari.expect("incoming", after=after)
        gate.do("hangup")
        given_up = await kari.expect("state", state="DISCONNECTED", after=after)
        assert (given_up["elsewhere"], given_up["missed"]) == (False, True)


async def test_jssip_refreshes_its_session_of_ninety_seconds(tmp_path: Path) -> None:
    async with app_house(tmp_path, "ola-phone", options=("--refresh", "1500")) as (home, kari):
        kari.do("call", to=f"sip:ola@{SITE}")
        await home["ola-phone"].expect("incoming")
        home["ola-phone"].do("answer")
        await kari.confirmed()
        invite = await kari.find(is_request("INVITE", "out"), 1.0, "INVITE")
        assert "\r\nSession-Expires: 90\r\n" in invite["text"]
        agreed = await kari.find(answers("INVITE"), 1.0, "200")
        assert "\r\nSession-Expires: 90;refresher=uac\r\n" in agreed["text"]
        for _ in range(2):
            after = len(kari.log)
            update = await kari.find(is_request("UPDATE", "out"), 5.0, "UPDATE", after)
            assert "\r\nSession-Expires: 90;refresher=uac\r\n" in update["text"]
            refreshed = await kari.find(answers("UPDATE"), 2.0, "200", after)
            assert "\r\nSession-Expires: 90;refresher=uac\r\n" in refreshed["text"]
        assert await kari.hears(TONES["ola-phone"])
        assert await home["ola-phone"].hears(TONES[APP])
        home["ola-phone"].do("hangup")
        assert (await kari.disconnected())["cause"] == "Terminated"


async def test_an_app_that_lost_its_connection_is_gone_and_joins_when_it_is_back(tmp_path: Path) -> None:
    async with app_house(tmp_path, "ola-phone") as (home, kari):
        assert await bindings(home) == 3
        after = len(kari.log)
        kari.do("lose")
        async with asyncio.timeout(20):
            while await bindings(home) != 2:
                await asyncio.sleep(0.02)
        gate = home.tap("1")
        rang = await home["ola-phone"].expect("incoming")
        back = await kari.expect("registration", code=200, after=after)
        joined = await kari.expect("incoming", after=after)
        assert rang["ns"] < back["ns"] < joined["ns"]
        kari.do("answer")
        await gate.confirmed()
        await home["ola-phone"].disconnected()
        assert await gate.hears(TONES[APP])


async def test_a_strange_or_missing_origin_is_refused(tmp_path: Path) -> None:
    async with app_house(tmp_path) as (home, _):
        secret = home.doorline.secrets[SITE, APP]
        for origin in ("", "https://elsewhere.example", "null", f"{ORIGIN}.elsewhere.example"):
            async with app(tmp_path, "stranger", origin=origin) as stranger:
                stranger.do("register", user=APP, domain=SITE, secret=secret, server=url(home))
                assert (await stranger.expect("refused"))["code"] == 403
                assert not stranger.saw("connected")


async def test_a_native_app_over_tls_with_the_local_authority(tmp_path: Path) -> None:
    port = free_port()
    settings = {
        "HTTP__TLS_HOST": "127.0.0.1",
        "HTTP__TLS_PORT": str(port),
        "HTTP__NATIVE_WEBSOCKET_CLIENTS": "true",
        "MEDIA__WEBSOCKET_PROFILE": "plain",  # Node has no WebRTC
    }
    async with house(tmp_path, **settings) as home:
        authority = ("--ca", str(tmp_path / "tls/ca.pem"))
        async with app(tmp_path, APP, *authority, tone=TONES[APP], origin="") as kari:
            await signed_in(home, kari, f"wss://localhost:{port}/ws")
            assert (await kari.expect("connected"))["protocol"] == "sip"
            gate = home.tap("kari")
            await kari.expect("incoming")
            kari.do("answer")
            await gate.confirmed()
            assert await gate.hears(TONES[APP])
            assert await kari.hears(TONES["gate"])
            gate.do("hangup")
            await kari.disconnected()
        async with app(tmp_path, "untrusting", origin="") as stranger:
            secret = home.doorline.secrets[SITE, APP]
            stranger.do("register", user=APP, domain=SITE, secret=secret, server=f"wss://localhost:{port}/ws")
            assert "certificate" in (await stranger.expect("fault"))["text"]
