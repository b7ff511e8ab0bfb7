"""From the tap on Save to `PlanLoaded`: one site of 500 units, WebAdmin and the PBX as real processes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from tests.bench.webadmin_client import Admin
from tests.bench.webadmin_data import fill
from tests.support.system import system
from tests.support.webadmin import settings, start_webadmin
from webadmin.settings import Database, Paths, Settings

SAVES, BUILDINGS, UNITS = 20, 10, 50
SITE = "s0.example"


async def measure(var: Path, admin: str, pbx: str) -> tuple[list[float], list[float]]:
    """Seconds from sending the form to WebAdmin's answer, and to the PBX's line about the new revision."""
    urls = {"DATABASE__ADMIN_URL": admin, "DATABASE__PBX_URL": pbx}
    declared = Settings(database=Database(admin_url=admin, pbx_url=pbx), paths=Paths(var=var))
    answers: list[float] = []
    loads: list[float] = []
    async with system(var, **urls, **settings()) as doorline:
        code = await asyncio.to_thread(fill, declared, 1, BUILDINGS, UNITS)
        webadmin = await start_webadmin(doorline)
        assert doorline.pbx is not None
        await doorline.pbx.says(f"{SITE} runs revision 1")
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as web:
            at_work = Admin(web, webadmin.url)
            await at_work.enter(code)
            for key in (await at_work.people())[:SAVES]:
                form = await at_work.form(key)
                before, began = len(doorline.pbx.lines), time.monotonic()
                async with asyncio.TaskGroup() as group:
                    group.create_task(_until(at_work.save(key, form), began, answers))
                    said = doorline.pbx.says(f"{SITE} runs revision", after=before)
                    group.create_task(_until(said, began, loads))
    return answers, loads


async def _until(done: Awaitable[object], began: float, into: list[float]) -> None:
    await done
    into.append(time.monotonic() - began)
