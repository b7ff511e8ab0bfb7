"""`python -m tests.bench.webadmin`: WebAdmin with 100 buildings and 10,000 people, 4 workers, 20 requests/s.

Lists, searches and saves in turn for some seconds on SQLite and, where a server is installed, on PostgreSQL;
then a list of 5,000 people is previewed. Then the same with a tenth of it. Last, saves in a site of 500 units
until the PBX runs them. Requests begin when they are due, whatever the answers take.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from math import inf
from pathlib import Path

from aiohttp import ClientSession, CookieJar, TCPConnector

from migrations.lines import upgrade
from tests.bench import webadmin_save
from tests.bench.machine import calibrate, cpu_seconds, describe, quantile
from tests.bench.webadmin_client import Admin
from tests.bench.webadmin_data import fill
from tests.support.databases import make_sqlite, postgresql
from tests.support.ports import free_port
from webadmin.settings import Ami, Database, Paths, Settings

SIZES = {"100 buildings, 10,000 people": 20, "10 buildings, 1,000 people": 2}
"""Sites by what they hold."""
RATE, WORKERS, LINES = 20.0, 4, 5000
AIMS = {"list": 0.15, "search": 0.15, "save": 0.15, "preview of 5,000 lines": 5.0, "save to PlanLoaded": 0.5}
Measured = dict[str, list[float]]


@contextmanager
def served(var: Path, urls: tuple[str, str], sites: int) -> Iterator[tuple[str, str, int]]:
    """WebAdmin under gunicorn: its address, a way in, its process."""
    admin, pbx = urls
    settings = Settings(
        database=Database(admin_url=admin, pbx_url=pbx), paths=Paths(var=var), ami=Ami(port=1)
    )
    began = time.monotonic()
    code = fill(settings, sites)
    sys.stderr.write(f"filled in {time.monotonic() - began:.0f} s\n")
    port = free_port()
    words = {
        "DATABASE__ADMIN_URL": admin,
        "DATABASE__PBX_URL": pbx,
        "PATHS__VAR": str(var),
        "AMI__PORT": "1",
        "WEBADMIN__PORT": str(port),
        "WEBADMIN__TLS_HOST": "",
        "WEBADMIN__WORKERS": str(WORKERS),
        "WEBADMIN__SECOND_FACTOR": "[]",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "webadmin", "serve"],
        env={**os.environ, **{f"DOORLINE_{name}": value for name, value in words.items()}},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}", code, process.pid
    finally:
        process.terminate()
        process.wait(30)


async def measure(url: str, code: str, pid: int, seconds: float) -> tuple[Measured, float]:
    """Seconds by kind, and the processor time of one request on average."""
    found: Measured = {"list": [], "search": [], "save": [], "preview of 5,000 lines": []}
    fresh = TCPConnector(force_close=True)  # a kept one may be closed just when it is used again
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), connector=fresh) as web:
        admin = Admin(web, url)
        await admin.enter(code)
        keys = (await admin.people())[: max(2, int(seconds * RATE / 10))]
        forms = iter([(key, await admin.form(key)) for key in keys])
        used = cpu_seconds(pid)
        async with asyncio.TaskGroup() as group:
            begun = time.monotonic()
            for number in range(int(seconds * RATE)):
                await asyncio.sleep(max(0.0, begun + number / RATE - time.monotonic()))
                if number % 10 == 9:
                    act, kind = admin.save(*next(forms)), "save"
                elif number % 3 == 0:
                    act, kind = admin.search(number), "search"
                else:
                    act, kind = admin.list(number), "list"
                group.create_task(timed(act, found[kind]))
        used = (cpu_seconds(pid) - used) / (seconds * RATE)
        await timed(admin.preview(LINES), found["preview of 5,000 lines"])
    return found, used


async def timed(act: Awaitable[None], into: list[float]) -> None:
    """Do it and note how long it took; what was refused, as for a lock not had in time, took for ever."""
    began = time.monotonic()
    try:
        await act
    except AssertionError:
        into.append(inf)
    else:
        into.append(time.monotonic() - began)


def said(kind: str, database: str, size: str, values: list[float]) -> str:
    """One line of the table."""
    aim = f"{AIMS[kind] * 1000:,.0f}" if kind in AIMS else ""
    failed = values.count(inf)
    p50, p95 = (quantile(values, share) * 1000 for share in (0.5, 0.95))
    return f"| {kind} | {database} | {size} | {len(values)} | {failed} | {p50:,.0f} | {p95:,.0f} | {aim} |"


def run(database: str, var: Path, urls: tuple[str, str], size: str, seconds: float) -> list[str]:
    """Requests to one database of one size."""
    with served(var, urls, SIZES[size]) as where:
        found, used = asyncio.run(measure(*where, seconds))
    sys.stderr.write(f"{database}, {size}: {used * 1000:.0f} ms of a core a request\n")
    return [said(kind, database, size, values) for kind, values in found.items()]


def run_saves(database: str, var: Path, urls: tuple[str, str]) -> list[str]:
    """Saves until the PBX runs them."""
    answers, loads = asyncio.run(webadmin_save.measure(var, *urls))
    size = "a site of 500 units"
    return [
        said("save to answer", database, size, answers),
        said("save to PlanLoaded", database, size, loads),
    ]


@contextmanager
def empty(database: str) -> Iterator[tuple[Path, tuple[str, str]]]:
    """A scratch directory and migrated databases."""
    with tempfile.TemporaryDirectory() as scratch:
        if database == "SQLite":
            yield Path(scratch), make_sqlite(Path(scratch))
            return
        with postgresql() as url:
            upgrade("admin", url)
            upgrade("pbx", url)
            yield Path(scratch), (url, url)


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.webadmin", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of requests, each time")
    parser.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    parser.add_argument("--what", choices=("requests", "saves"))
    parser.add_argument("--size", choices=tuple(SIZES), action="append")
    options = parser.parse_args()
    there = shutil.which("postgres") or list(Path("/usr/lib/postgresql").glob("*"))
    databases = [options.only] if options.only else ["SQLite", *(["PostgreSQL"] if there else [])]
    loops = [calibrate()]
    lines = []
    for database in databases:
        for size in (options.size or SIZES) if options.what != "saves" else ():
            with empty(database) as (var, urls):
                lines += run(database, var, urls, size, options.seconds)
            loops.append(calibrate())
        if options.what != "requests":
            with empty(database) as (var, urls):
                lines += run_saves(database, var, urls)
            loops.append(calibrate())
    print("| | database | size | requests | refused | p50 ms | p95 ms | aim ms |")
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(lines))
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, {describe()}; fixed loop {min(loops):.1f}-{max(loops):.1f} ms.")


if __name__ == "__main__":
    main()
