"""What must survive a power cut at a door, in one SQLite file: written through to the disk before anything
is called kept (`synchronous=FULL`, https://sqlite.org/pragma.html#pragma_synchronous).

Documents (the directory, papers, each with its ETag), the states of inputs, wrong codes, and events that the
PBX has not taken yet. An event's number never comes back, and `epoch` names this file: together they are the
event's idempotency key.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

NAME = "agent.db"
MOST_EVENTS = 10_000
"""Kept at once; the oldest go first."""

_log = logging.getLogger(__name__)

_TABLES = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS document (name TEXT PRIMARY KEY, etag TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS input (name TEXT PRIMARY KEY, is_on INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
"""


class Store:
    """The file in `directory`. One thread at a time; every method returns after the disk has it.

    Raises sqlite3.Error where the disk fails, and OSError when the file cannot be made.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / NAME
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=2000"):
            self._file.execute(f"PRAGMA {pragma}").close()
        self._file.executescript(f"BEGIN;{_TABLES}COMMIT;")
        self._file.execute("INSERT OR IGNORE INTO fact VALUES ('epoch', ?)", (secrets.token_hex(8),))
        self.epoch = self.fact("epoch")

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def whole(self) -> bool:
        """Whether SQLite finds the file in order."""
        return bool(self._file.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    def fact(self, name: str) -> str:
        """A small value; "" when it was never kept."""
        row = self._file.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row is not None else ""

    def keep_fact(self, name: str, value: str) -> None:
        """Keep a small value."""
        self._file.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def document(self, name: str) -> tuple[str, str]:
        """ETag and body of what was fetched last; both "" when nothing was."""
        row = self._file.execute("SELECT etag, body FROM document WHERE name = ?", (name,)).fetchone()
        return (str(row[0]), str(row[1])) if row is not None else ("", "")

    def keep_document(self, name: str, etag: str, body: str) -> None:
        """Keep what was fetched."""
        self._file.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (name, etag, body))

    def inputs(self) -> dict[str, bool]:
        """The states of the inputs as they were last."""
        return {str(name): bool(on) for name, on in self._file.execute("SELECT name, is_on FROM input")}

    def add(self, event: Mapping[str, object], inputs: Mapping[str, bool] | None = None) -> int:
        """Keep an event that the PBX is to be told, and with it states of inputs; its number."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            for name, on in (inputs or {}).items():
                self._file.execute("INSERT OR REPLACE INTO input VALUES (?, ?)", (name, int(on)))
            body = json.dumps(event, separators=(",", ":"))
            number = self._file.execute("INSERT INTO event (body) VALUES (?)", (body,)).lastrowid or 0
            self._file.execute("DELETE FROM event WHERE number <= ?", (number - MOST_EVENTS,))
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:  # a full disk has ended it already
                self._file.execute("ROLLBACK")
            raise
        return number

    def events(self) -> list[tuple[int, dict[str, object]]]:
        """What the PBX has not taken yet, oldest first."""
        rows = self._file.execute("SELECT number, body FROM event ORDER BY number")
        return [(int(number), json.loads(body)) for number, body in rows]

    def told(self, number: int) -> None:
        """The PBX has taken every event up to this one."""
        self._file.execute("DELETE FROM event WHERE number <= ?", (number,))


class Keeper:
    """The store for a loop that must not wait for a disk: in order, in one thread of its own."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, "store")

    async def do(self, work: Callable[[], T], otherwise: T) -> T:
        """Run `work` after all that came before; a disk that fails is logged and costs only durability."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as fault:
            _log.error("the store failed: %s", fault)
            return otherwise

    def close(self) -> None:
        """Write what waits, then close."""
        self._thread.shutdown(wait=True)
        self.store.close()


def open_store(directory: Path) -> Store:
    """The store of this directory; a file that is no database any more is put aside, for a door must work.

    Raises OSError.
    """
    try:
        store = Store(directory)
        if store.whole():
            return store
        store.close()
    except sqlite3.DatabaseError as fault:
        _log.error("%s: %s", directory / NAME, fault)
    _log.error("%s is damaged and put aside", directory / NAME)
    _put_aside(directory / each for each in (NAME, f"{NAME}-wal", f"{NAME}-shm"))
    return Store(directory)


def _put_aside(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.exists():
            path.replace(path.with_name(f"damaged-{path.name}"))
