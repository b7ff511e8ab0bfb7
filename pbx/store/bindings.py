"""Registered UDP contacts, written behind within 200 ms and restored at the next start (RFC 3261 10.3).

Contacts bound to a connection are not kept: the connection is gone with the process.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, and_, bindparam, delete, insert, select

from pbx.registrar.binding import StoredBinding
from pbx.store.tables import binding

KEY_LIMIT = 512
TEXT_LIMIT = 256
NUMBER_LIMIT = 2**31

Key = tuple[str, str, str]
"""Site, device id, and what the registrar tells bindings of one device apart by."""


class BindingJournal:
    """Collects the newest state of each binding; what is asked twice is written once.

    Args:
        civil: the time now, aware: the only clock that goes on across a restart.
        wake: called after each change; wakes the writer.
    """

    def __init__(self, civil: Callable[[], datetime], wake: Callable[[], None]) -> None:
        self._civil = civil
        self._wake = wake
        self._lock = threading.Lock()
        self._pending: dict[Key, StoredBinding | None] = {}
        self._expiry: dict[Key, float] = {}
        self._batch: dict[Key, StoredBinding | None] = {}

    def put(self, stored: StoredBinding) -> None:
        """Keep this binding, in place of what its key held.

        One with an extravagant field is not kept: its phone registers again after a restart.
        """
        if not _fits(stored):
            self.remove(stored.site, stored.device, stored.key)
            return
        key = (stored.site, stored.device, stored.key)
        with self._lock:
            self._pending[key] = stored
            self._expiry[key] = self._civil().timestamp() + stored.seconds
        self._wake()

    def remove(self, site: str, device: str, key: str) -> None:
        """The binding is gone."""
        if not _storable(key, KEY_LIMIT):
            return
        with self._lock:
            self._pending[site, device, key] = None
        self._wake()

    def waiting(self) -> int:
        """How many bindings are not written yet."""
        with self._lock:
            return len(self._pending) + len(self._batch)

    def write(self, connection: Connection) -> int:
        """Write what waits: delete each key, insert what lives."""
        with self._lock:
            self._batch, self._pending = self._pending, {}
            rows = [_row(item, self._expiry[key]) for key, item in self._batch.items() if item is not None]
        if self._batch:
            keys = [{"b_site": site, "b_device": device, "b_key": key} for site, device, key in self._batch]
            connection.execute(_DELETE, keys)
        if rows:
            connection.execute(insert(binding), rows)
        return len(self._batch)

    def written(self) -> None:
        """Forget what is in the database now."""
        with self._lock:
            for key in self._batch.keys() - self._pending.keys():
                self._expiry.pop(key, None)
            self._batch = {}

    def failed(self) -> None:
        """Wait again, except where something newer waits already."""
        with self._lock:
            self._pending = {**self._batch, **self._pending}
            self._batch = {}


_DELETE = delete(binding).where(
    and_(
        binding.c.site == bindparam("b_site"),
        binding.c.device == bindparam("b_device"),
        binding.c.key == bindparam("b_key"),
    )
)


def _storable(text: str, limit: int) -> bool:
    return len(text) <= limit and "\0" not in text


def _fits(item: StoredBinding) -> bool:
    """Whether the columns of every database take it."""
    long = (item.key, item.contact)
    short = (item.instance, item.call_id, item.user_agent)
    path = sum(map(len, item.path)) <= 8 * KEY_LIMIT and "\0" not in "".join(item.path)
    numbers = 0 <= item.cseq <= NUMBER_LIMIT and 0 <= (item.reg_id or 0) < NUMBER_LIMIT
    texts = all(_storable(text, KEY_LIMIT) for text in long) and all(
        _storable(text, TEXT_LIMIT) for text in short
    )
    return texts and path and numbers


def restore(engine: Engine, at: datetime) -> list[StoredBinding]:
    """Bindings that live longer than `at`.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    wall = at.timestamp()
    with engine.connect() as connection:
        rows = connection.execute(select(binding).where(binding.c.expires_at > wall)).mappings()
        return [_stored(row, wall) for row in rows]


def _row(item: StoredBinding, expires_at: float) -> dict[str, Any]:
    return {
        "site": item.site,
        "device": item.device,
        "key": item.key,
        "aor": item.aor,
        "contact": item.contact,
        "local_host": item.local[0],
        "local_port": item.local[1],
        "remote_host": item.remote[0],
        "remote_port": item.remote[1],
        "instance": item.instance,
        "reg_id": item.reg_id,
        "call_id": item.call_id,
        "cseq": item.cseq,
        "user_agent": item.user_agent,
        "path": json.dumps(item.path),
        "expires_at": expires_at,
    }


def _stored(row: RowMapping, wall: float) -> StoredBinding:
    same = ("site", "device", "key", "aor", "contact", "instance", "reg_id", "call_id", "cseq", "user_agent")
    return StoredBinding(
        **{name: row[name] for name in same},
        local=(row["local_host"], row["local_port"]),
        remote=(row["remote_host"], row["remote_port"]),
        path=tuple(json.loads(row["path"])),
        seconds=row["expires_at"] - wall,
    )
