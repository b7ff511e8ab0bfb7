"""Runs the versions of a line against a database, from a program or from the command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, get_args

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text
from sqlalchemy.engine import URL, make_url

Line = Literal["admin", "pbx"]
LINES: tuple[Line, ...] = get_args(Line)

HERE = Path(__file__).parent


def upgrade(line: Line, url: str, revision: str = "head") -> None:
    """Bring a database to `revision`, making it where there is none. A failure changes nothing."""
    _create(line, make_url(url))
    _run(line, url, lambda config: command.upgrade(config, revision))


def downgrade(line: Line, url: str, revision: str) -> None:
    """Take a database back to `revision`; "base" leaves it empty."""
    _run(line, url, lambda config: command.downgrade(config, revision))


def current(line: Line, url: str) -> str | None:
    """The revision a database is at; None for an empty one."""
    engine = open_engine(line, url)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head(line: Line) -> str:
    """The newest revision of a line."""
    found = ScriptDirectory.from_config(configuration(line)).get_current_head()
    if found is None:
        raise LookupError(f"the line {line} has no versions")
    return found


def configuration(line: Line) -> Config:
    """Alembic's configuration for one line."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(HERE / line / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["line"] = line
    return config


def open_engine(line: Line, url: str) -> Engine:
    """An engine whose changes of tables are transactions, on SQLite too."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, poolclass=NullPool, connect_args={"options": f"-c search_path={line}"})
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})

    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
    return engine


def _run(line: Line, url: str, task: Any) -> None:
    config = configuration(line)
    engine = open_engine(line, url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            task(config)
    finally:
        engine.dispose()


def _create(line: Line, url: URL) -> None:
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {line}"))
