"""Lockdowns, written behind within 200 ms: a restart must not unlock what somebody locked."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, and_, delete, insert, select

from pbx.doors.watch import Lockdown
from pbx.store.latest import Key
from pbx.store.tables import lockdown


def write_lockdown(connection: Connection, key: Key, state: Lockdown | None) -> None:
    """Replace a door's lockdown; None: it has none any more."""
    site, door = key
    connection.execute(delete(lockdown).where(and_(lockdown.c.site == site, lockdown.c.door == door)))
    if state is not None:
        row = {"site": site, "door": door, "set_by": state.by, "until": state.until.timestamp()}
        connection.execute(insert(lockdown).values(row))


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
