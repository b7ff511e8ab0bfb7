"""The page at the door: codes from this very page only; no other site, no other name for this machine."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from intercom import VERSION
from intercom.codes import Say
from intercom.local import LocalPages, Told
from intercom.settings import Kiosk, load
from tests.support.ports import free_port
from tests.support.system import ROOT


class Pad:
    """Knows one code."""

    async def give(self, text: str) -> Say:
        if text == "123456":
            return Say("x", "opened", "Gate")
        return Say("x", "paused", seconds=60) if text == "again" else Say("x", "denied")


async def directory() -> str:
    return '{"buttons": []}'


@asynccontextmanager
async def pages(tmp_path: Path, kiosk: Kiosk | None = None) -> AsyncIterator[tuple[ClientSession, str]]:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("secret")
    file = tmp_path / "intercom.toml"
    file.write_text(
        '[server]\nsite = "house.example"\naddress = "127.0.0.1:5060"\n'
        f'[account]\nusername = "gate"\nsecret_file = "{secret}"\nname = "Gate"\n'
    )
    settings, port = load(file), free_port()
    told = Told(replace(settings, kiosk=kiosk or Kiosk()), lambda: True, directory)
    local = LocalPages(Pad(), told)  # type: ignore[arg-type]
    await local.listen(port)
    try:
        async with ClientSession() as client:
            yield client, f"http://127.0.0.1:{port}"
    finally:
        await local.close()


async def test_codes(tmp_path: Path) -> None:
    async with pages(tmp_path) as (client, url):

        async def give(body: Any, **headers: str) -> Any:
            async with client.post(f"{url}/local/code", json=body, headers=headers) as answer:
                return await answer.json() if answer.status == 200 else answer.status

        assert await give({"code": "123456"}) == {"result": "opened", "door": "Gate"}
        assert await give({"code": "1"}) == {"result": "denied"}
        assert await give({"code": "again"}) == {"result": "paused", "seconds": 60}
        wrong: tuple[Any, ...] = ([], {}, {"code": 7}, {"code": ""}, {"code": "x" * 600})
        for body in wrong:
            assert await give(body) == 400
        right = {"code": "123456"}
        assert await give(right, Origin=url) == {"result": "opened", "door": "Gate"}
        assert await give(right, Origin="https://evil.example") == 403
        assert await give(right, Host="evil.example") == 403
        assert await give(right, **{"Sec-Fetch-Site": "cross-site"}) == 403
        async with client.post(f"{url}/local/code", data='{"code":"123456"}') as answer:
            assert answer.status == 415  # as a form of another page would


async def test_what_a_page_may_know(tmp_path: Path) -> None:
    async with pages(tmp_path) as (client, url):
        async with client.get(f"{url}/local/state") as answer:
            said = await answer.json()
            assert (said["line"], said["device"], said["version"]) == ("registered", "gate", VERSION)
            assert answer.headers["Cache-Control"] == "no-store"
        async with client.get(f"{url}/local/directory") as answer:
            assert await answer.json() == {"buttons": []}
        async with client.get(f"{url}/local/account") as answer:
            assert answer.status == 404
    async with (
        pages(tmp_path, Kiosk(1, True, "wss://doors.example/ws")) as (client, url),
        client.get(f"{url}/local/account") as answer,
    ):
        said = await answer.json()
        assert (said["secret"], said["wss"]) == ("secret", "wss://doors.example/ws")
        assert said["token"].startswith("house.example;gate;")


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION


@pytest.mark.parametrize("name", ["../secret", "%2e%2e/secret", "local/../../x"])
async def test_no_way_out_of_its_files(tmp_path: Path, name: str) -> None:
    async with pages(tmp_path) as (client, url), client.get(f"{url}/{name}") as answer:
        assert answer.status in (403, 404)
