"""Lockdowns, written behind within 200 ms: a restart must not unlock what somebody locked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, and_, delete, insert, select

from pbx.doors.watch import Lockdown
from pbx.store.tables import lockdown

Key = tuple[str, str]


class LockdownJournal:
    """Collects the newest state of each door. `wake` wakes the writer."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._pending: dict[Key, Lockdown | None] = {}
        self._batch: dict[Key, Lockdown | None] = {}

    def put(self, site: str, door: str, state: Lockdown | None) -> None:
        """A door's lockdown, or that it has none any more."""
        with self._lock:
            self._pending[site, door] = state
        self._wake()

    def waiting(self) -> int:
        """How many are not written yet."""
        with self._lock:
            return len(self._pending) + len(self._batch)

    def write(self, connection: Connection) -> int:
        """Write what waits: delete each door's row, insert what lasts."""
        with self._lock:
            self._batch, self._pending = self._pending, {}
        for (site, door), state in self._batch.items():
            connection.execute(delete(lockdown).where(and_(lockdown.c.site == site, lockdown.c.door == door)))
            if state is not None:
                row = {"site": site, "door": door, "set_by": state.by, "until": state.until.timestamp()}
                connection.execute(insert(lockdown).values(row))
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


def restore_lockdowns(engine: Engine, at: datetime) -> list[Lockdown]:
    """The lockdowns that last beyond `at`.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    with engine.connect() as connection:
        rows = connection.execute(select(lockdown).where(lockdown.c.until > at.timestamp()))
        return [
            Lockdown(row.site, row.door, datetime.fromtimestamp(row.until, UTC), row.set_by) for row in rows
        ]
