"""Databases for tests: freshly migrated SQLite files, copied from one made per run, and a real PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from migrations.lines import LINES, Line, upgrade
from tests.support.peers import need


def make_sqlite(directory: Path) -> tuple[str, str]:
    """Both databases, migrated and empty, as files of `directory`; their URLs, WebAdmin's first."""
    urls = []
    for line in LINES:
        path = directory / f"{line}.db"
        path.write_bytes(_migrated(line))
        urls.append(f"sqlite:///{path}")
    return urls[0], urls[1]


@cache
def _migrated(line: Line) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "template.db"
        upgrade(line, f"sqlite:///{path}")
        return path.read_bytes()


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own, on a Unix socket; yields the URL of an empty database.

    It runs as `postgres` when the tests run as root, which PostgreSQL refuses to be run by.
    """
    programs = _programs()
    user = "postgres" if os.geteuid() == 0 else None
    directory = Path(tempfile.mkdtemp(prefix="doorline-pg-", dir="/tmp"))
    try:
        if user is not None:
            shutil.chown(directory, user, user)
        data = str(directory / "data")
        initdb = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=directory, timeout=60)
        settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", str(directory)]
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", data, *settings],
            user=user,
            cwd=directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"postgresql://postgres@/postgres?host={directory}"
            _wait_for(url)
            yield url
        finally:
            server.terminate()
            server.wait(20)
    finally:
        shutil.rmtree(directory)


def empty_postgresql(url: str) -> None:
    """Drop both schemas."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for line in LINES:
            connection.execute(text(f"DROP SCHEMA IF EXISTS {line} CASCADE"))
    engine.dispose()


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return (found[-1] if found else Path(need("initdb"))).parent


def _wait_for(url: str) -> None:
    engine = create_engine(url)
    deadline = time.monotonic() + 30
    while True:
        try:
            with engine.connect():
                break
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    engine.dispose()
