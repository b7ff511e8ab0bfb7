"""Connections to the two databases: one that cannot write, one whose transactions lock at once.

SQLite connections are opened per transaction, so that a file that was removed and came back is found;
neither of them ever creates a file. On PostgreSQL the databases are the schemas `admin` and `pbx`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 2.0
"""How long a connection waits for somebody else's lock before the turn is given up."""


def open_reader(url: str) -> Engine:
    """An engine for WebAdmin's database (schema `admin`) that the database itself keeps from writing."""
    if make_url(url).get_backend_name() == "sqlite":
        return create_engine("sqlite://", creator=_sqlite(url, "ro"), poolclass=NullPool)
    return _postgresql(url, "-c search_path=admin -c default_transaction_read_only=on")


def open_writer(url: str) -> Engine:
    """An engine for the PBX's own database (schema `pbx`); a transaction begins with the write lock."""
    if make_url(url).get_backend_name() != "sqlite":
        return _postgresql(url, "-c search_path=pbx")
    engine = create_engine("sqlite://", creator=_sqlite(url, "rw"), poolclass=NullPool)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def _sqlite(url: str, mode: Literal["ro", "rw"]) -> Callable[[], sqlite3.Connection]:
    path = Path(make_url(url).database or "").absolute()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    return connect


def _postgresql(url: str, options: str) -> Engine:
    milliseconds = int(BUSY_SECONDS * 1000)
    limits = f"-c lock_timeout={milliseconds} -c statement_timeout={5 * milliseconds}"
    arguments: dict[str, Any] = {"connect_timeout": 3, "options": f"{options} {limits}"}
    return create_engine(url, pool_size=1, max_overflow=1, pool_pre_ping=True, connect_args=arguments)
