"""A journal of values of which the newest counts: how often a pass was used, how far an agent has come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, and_, delete, insert, select

from pbx.doors.reports import Mark
from pbx.store.tables import agent_mark, pass_use

V = TypeVar("V")

Key = tuple[str, str]
"""Site, and what the value is of."""


class LatestJournal(Generic[V]):
    """Collects the newest value of each key.

    Args:
        wake: wakes the writer.
        write: replaces one value in the database; None: there is none any more.
    """

    def __init__(
        self, wake: Callable[[], None], write: Callable[[Connection, Key, V | None], None]
    ) -> None:
        self._wake, self._write = wake, write
        self._lock = threading.Lock()
        self._pending: dict[Key, V | None] = {}
        self._batch: dict[Key, V | None] = {}

    def put(self, site: str, of: str, value: V | None) -> None:
        """A new value; None forgets it."""
        with self._lock:
            self._pending[site, of] = value
        self._wake()

    def waiting(self) -> int:
        """How many are not written yet."""
        with self._lock:
            return len(self._pending) + len(self._batch)

    def write(self, connection: Connection) -> int:
        """Write what waits."""
        with self._lock:
            self._batch, self._pending = self._pending, {}
        for key, value in self._batch.items():
            self._write(connection, key, value)
        return len(self._batch)

    def written(self) -> None:
        """Forget what is in the database now."""
        with self._lock:
            self._batch = {}

    def failed(self) -> None:
        """Wait again, except where something newer waits already."""
        with self._lock:
            self._pending = {**self._batch, **self._pending}
            self._batch = {}


def write_use(connection: Connection, key: Key, used: int | None) -> None:
    """Replace how often a pass was used."""
    table = pass_use.c
    connection.execute(delete(pass_use).where(and_(table.site == key[0], table["pass"] == key[1])))
    if used:
        connection.execute(insert(pass_use).values({"site": key[0], "pass": key[1], "used": used}))


def restore_uses(engine: Engine) -> dict[Key, int]:
    """How often each pass was used.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    with engine.connect() as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(select(pass_use))}


def write_mark(connection: Connection, key: Key, mark: Mark | None) -> None:
    """Replace how far an agent's events have come."""
    table = agent_mark.c
    connection.execute(delete(agent_mark).where(and_(table.site == key[0], table.device == key[1])))
    if mark is not None:
        row = {"site": key[0], "device": key[1], "epoch": mark[0], "number": mark[1]}
        connection.execute(insert(agent_mark).values(row))


def restore_marks(engine: Engine) -> dict[Key, Mark]:
    """How far each agent's events have come.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    with engine.connect() as connection:
        return {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(select(agent_mark))}
