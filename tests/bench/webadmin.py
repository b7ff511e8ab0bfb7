"""`python -m tests.bench.webadmin`: WebAdmin with 100 buildings and 10,000 people, 4 workers, 20 requests/s.

Lists, searches and saves in turn for some seconds on SQLite and, where a server is installed, PostgreSQL;
then a list of 5,000 people is previewed. Prints 50th and 95th percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from aiohttp import ClientSession, CookieJar

from dialplan.rows import BuildingRow, ButtonRow, DeviceRow, PersonRow, SiteRows, UnitRow
from migrations.lines import upgrade
from tests.support.databases import make_sqlite, postgresql
from tests.support.ports import free_port
from webadmin.app import create_app
from webadmin.auth.entering import make_first
from webadmin.auth.links import make_link
from webadmin.db import db, writing
from webadmin.models import Site
from webadmin.publishing.publish import publish
from webadmin.settings import Ami, Database, Paths, Settings
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SiteFile

SITES, BUILDINGS, UNITS, HOUSEHOLD = 20, 5, 50, 2
RATE, WORKERS, LINES = 20.0, 4, 5000
Measured = dict[str, list[float]]


def rows(number: int) -> SiteRows:
    """One site: 5 buildings, 250 units, 500 people with an app and a button each."""
    buildings = tuple(BuildingRow(f"b{b}", f"Gata {b}") for b in range(BUILDINGS))
    units = tuple(
        UnitRow(f"u{b}-{u}", f"b{b}", f"H{b}{u:02}") for b in range(BUILDINGS) for u in range(UNITS)
    )
    people = tuple(
        PersonRow(f"p{unit.id}-{n}", f"Person {number} {unit.name} {n}", unit=unit.id)
        for unit in units
        for n in range(HOUSEHOLD)
    )
    return SiteRows(
        domain=f"s{number}.example",
        organisation=f"o{number}",
        kind="residential",
        buildings=buildings,
        units=units,
        people=people,
        devices=tuple(DeviceRow(f"{each.id}-app", "app", person=each.id) for each in people),
        buttons=tuple(ButtonRow(f"{each.id}-button", person=each.id) for each in people),
    )


def fill(settings: Settings) -> tuple[str, int]:
    """All sites and an owner; a way in, and the key of the first site."""
    app = create_app(settings)
    at = datetime.now(UTC)
    with app.app_context():
        for number in range(SITES):
            with writing() as session:
                declared = SiteFile(rows(number), f"O{number}", f"S{number}", "MD5", frozenset(), {})
                publish(session, import_site(session, declared, at), author="bench", note="", at=at)
        with writing() as session:
            make_first(session, "Bench", "bench@x.example", "en lang setning om dører", at)
            code = make_link(session, at)
        first = db.session.query(Site.id).order_by(Site.id).limit(1).scalar() or 0
        db.session.remove()
        db.engine.dispose()
    return code, first


@contextmanager
def served(var: Path, admin: str, pbx: str) -> Iterator[tuple[str, str, int]]:
    """WebAdmin under gunicorn: its address, a way in, the first site."""
    settings = Settings(
        database=Database(admin_url=admin, pbx_url=pbx), paths=Paths(var=var), ami=Ami(port=1)
    )
    code, first = fill(settings)
    port = free_port()
    words = {
        "DOORLINE_DATABASE__ADMIN_URL": admin,
        "DOORLINE_DATABASE__PBX_URL": pbx,
        "DOORLINE_PATHS__VAR": str(var),
        "DOORLINE_AMI__PORT": "1",
        "DOORLINE_WEBADMIN__PORT": str(port),
        "DOORLINE_WEBADMIN__TLS_HOST": "",
        "DOORLINE_WEBADMIN__WORKERS": str(WORKERS),
        "DOORLINE_WEBADMIN__SECOND_FACTOR": "[]",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "webadmin", "serve"],
        env={**os.environ, **words},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", code, first
    finally:
        process.terminate()
        process.wait(30)


class Admin:
    """Somebody at work in a browser without script."""

    def __init__(self, web: ClientSession, url: str, site: int) -> None:
        self.web, self.url, self.site = web, url, site
        self.turn = 0

    async def enter(self, code: str) -> None:
        """Wait for the server, then come in."""
        until = time.monotonic() + 60
        while True:
            try:
                async with self.web.get(f"{self.url}/health"):
                    break
            except OSError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.2)
        async with self.web.post(f"{self.url}/enter/{code}") as answer:
            assert answer.status == 200, answer.status

    async def get(self, path: str) -> str:
        """A page."""
        async with self.web.get(self.url + path) as answer:
            assert answer.status == 200, (path, answer.status)
            return await answer.text()

    async def list(self) -> None:
        """People, or units, of one site."""
        await self.get(("/people", "/units", "/buttons")[self.turn % 3] + f"?site={self.site}")

    async def search(self) -> None:
        """Over everything, and within people."""
        everywhere, here = f"/search?q=H{self.turn % 5}1", f"/people?site={self.site}&q=H2{self.turn % 10}"
        await self.get(everywhere if self.turn % 2 else here)


async def measure(url: str, code: str, site: int, seconds: float) -> Measured:
    """Requests at `RATE`, whatever the answers take; seconds by kind."""
    found: Measured = {"list": [], "search": [], "save": [], "csv": []}
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as web:
        admin = Admin(web, url, site)
        await admin.enter(code)
        people = re.findall(r"/people/(\d+)", await admin.get(f"/people?site={site}"))
        people = people[: max(2, int(seconds * RATE / 10))]
        forms = [await admin.get(f"/people/{key}/edit") for key in people]
        saves = iter(zip(people, forms, strict=False))

        async def save() -> None:
            key, page = next(saves)
            address, data = f"{url}/people/{key}/edit", changed(page)
            async with web.post(address, data=data, allow_redirects=False) as answer:
                assert answer.status == 303, answer.status

        async with asyncio.TaskGroup() as group:
            begun = time.monotonic()
            for number in range(int(seconds * RATE)):
                await asyncio.sleep(max(0.0, begun + number / RATE - time.monotonic()))
                kind = "save" if number % 10 == 9 else "search" if number % 3 == 0 else "list"
                act = {"save": save, "search": admin.search, "list": admin.list}[kind]
                admin.turn = number
                group.create_task(timed(act, found[kind]))
        page = await admin.get("/people/import")
        lines = ["id,name,alias,unit,number", *(f",Ny {n},,u{n % 5}-{n % 50}," for n in range(LINES))]
        data = {"csrf_token": token(page), "content": "\n".join(lines)}
        began = time.monotonic()
        async with web.post(f"{url}/people/import", data=data) as answer:
            assert answer.status == 200 and "Ny 4999" in await answer.text(), answer.status
        found["csv"].append(time.monotonic() - began)
    return found


def token(page: str) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def changed(page: str) -> dict[str, str]:
    """A person's form with another alias."""
    version = re.search(r'name="version"[^>]*value="([^"]+)"', page)
    name = re.search(r'name="name"[^>]*value="([^"]+)"', page)
    unit = re.search(r'<option selected value="([^"]+)"', page)
    assert version and name and unit
    alias = f"Alias {time.monotonic_ns() % 10**9}"
    form = {"csrf_token": token(page), "version": version[1], "alias": alias}
    return {**form, "name": name[1], "unit": unit[1]}


async def timed(act: Callable[[], Awaitable[None]], into: list[float]) -> None:
    """Do it and note how long it took."""
    began = time.monotonic()
    await act()
    into.append(time.monotonic() - began)


def said(kind: str, values: list[float]) -> str:
    """One line of the table."""
    if len(values) < 2:
        return f"| {kind} | {len(values)} | {values[0] * 1000:.0f} | |" if values else f"| {kind} | 0 | | |"
    cuts = quantiles(values, n=100, method="inclusive")
    return f"| {kind} | {len(values)} | {cuts[49] * 1000:.0f} | {cuts[94] * 1000:.0f} |"


def run(name: str, var: Path, admin: str, pbx: str, seconds: float) -> None:
    """Measure on one database and print it."""
    with served(var, admin, pbx) as (url, code, first):
        found = asyncio.run(measure(url, code, first, seconds))
    print(f"\n{name}\n| | requests | p50 ms | p95 ms |\n|---|---|---|---|")
    for kind, values in found.items():
        print(said(kind, values))


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.webadmin", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="on each database")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory() as scratch:
            run("SQLite", Path(scratch), *make_sqlite(Path(scratch)), options.seconds)
    there = shutil.which("postgres") or list(Path("/usr/lib/postgresql").glob("*"))
    if options.only != "sqlite" and there:
        with tempfile.TemporaryDirectory() as scratch, postgresql() as url:
            upgrade("admin", url)
            upgrade("pbx", url)
            run("PostgreSQL", Path(scratch), url, url, options.seconds)


if __name__ == "__main__":
    main()
