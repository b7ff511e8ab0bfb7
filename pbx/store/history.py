"""The visit log of commercial sites; of residential ones nothing is ever written (decision 14).

Three walls: a visit of any other site is refused before it is queued, the table's constraint refuses
it again, and a site that turns residential loses the log it had. Rows go after the retention time.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import DataError, IntegrityError

from pbx.store.tables import site_privacy, visit

log = logging.getLogger("doorline.store")

Kind = Literal["residential", "commercial"]

WAITING_LIMIT = 20_000
"""Visits kept in memory while the database is away; then the oldest go."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call from a panel of a commercial site, when it is over. `at`: aware; lengths in seconds."""

    site: str
    call: str
    at: datetime
    panel: str
    button: str
    result: str
    answered_by: str | None = None
    doors: tuple[str, ...] = ()
    ring_seconds: float = 0.0
    talk_seconds: float = 0.0


class VisitJournal:
    """Collects visits and the sites' types in the order they came.

    Args:
        retention_days: 1-90; older visits are deleted.
        civil: the time now, aware.
        wake: called after each change; wakes the writer.
    """

    def __init__(self, retention_days: int, civil: Callable[[], datetime], wake: Callable[[], None]) -> None:
        if not 1 <= retention_days <= 90:
            raise ValueError("visits are kept 1 to 90 days")
        self._retention = timedelta(days=retention_days)
        self._civil = civil
        self._wake = wake
        self._lock = threading.Lock()
        self._kinds: dict[str, Kind] = {}
        self._pending: deque[Visit | tuple[str, Kind]] = deque()
        self._batch: list[Visit | tuple[str, Kind]] = []
        self.lost = 0

    def set_kind(self, site: str, kind: Kind) -> None:
        """The plan that runs says what type the site is; needed before its first visit."""
        with self._lock:
            if self._kinds.get(site) == kind:
                return
            self._kinds[site] = kind
            if kind == "residential":
                self._pending = deque(
                    v for v in self._pending if not (isinstance(v, Visit) and v.site == site)
                )
            self._pending.append((site, kind))
        self._wake()

    def append(self, item: Visit) -> bool:
        """Queue a visit; False, and nothing is kept, unless its site is known to be commercial."""
        with self._lock:
            if self._kinds.get(item.site) != "commercial":
                return False
            if len(self._pending) >= WAITING_LIMIT:
                self._forget_oldest()
            self._pending.append(item)
        self._wake()
        return True

    def waiting(self) -> int:
        """How many changes are not written yet."""
        with self._lock:
            return len(self._pending) + len(self._batch)

    def write(self, connection: Connection) -> int:
        """Write what waits, in order."""
        with self._lock:
            self._batch, self._pending = list(self._pending), deque()
        together: list[Visit] = []
        for item in self._batch:
            if isinstance(item, Visit):
                together.append(item)
                continue
            self._write_visits(connection, together)
            together = []
            _write_kind(connection, *item)
        self._write_visits(connection, together)
        return len(self._batch)

    def written(self) -> None:
        """Forget what is in the database now."""
        with self._lock:
            self._batch = []

    def failed(self) -> None:
        """Wait again, before what came since."""
        with self._lock:
            self._pending.extendleft(reversed(self._batch))
            self._batch = []
            residential = {site for site, kind in self._kinds.items() if kind == "residential"}
            self._pending = deque(
                v for v in self._pending if not (isinstance(v, Visit) and v.site in residential)
            )
            while len(self._pending) > WAITING_LIMIT + len(self._kinds):
                self._forget_oldest()

    def delete_old(self, connection: Connection) -> int:
        """Delete visits older than the retention time; returns how many."""
        oldest = self._civil().astimezone(UTC) - self._retention
        return connection.execute(delete(visit).where(visit.c.at < oldest)).rowcount

    def _write_visits(self, connection: Connection, items: Sequence[Visit]) -> None:
        """All in one statement; where the database refuses that, one by one, to lose none but the bad."""
        if len(items) > 1:
            try:
                with connection.begin_nested():
                    connection.execute(insert(visit), [_row(item) for item in items])
            except (DataError, IntegrityError):
                pass
            else:
                return
        for item in items:
            self._write_visit(connection, item)

    def _write_visit(self, connection: Connection, item: Visit) -> None:
        try:
            with connection.begin_nested():
                connection.execute(insert(visit), _row(item))
        except (DataError, IntegrityError) as fault:
            self.lost += 1
            log.error("a visit to %s was refused by the database: %s", item.site, fault.orig)

    def _forget_oldest(self) -> None:
        for place, item in enumerate(self._pending):
            if isinstance(item, Visit):
                del self._pending[place]
                self.lost += 1
                return


def _row(item: Visit) -> dict[str, object]:
    return {
        "site": item.site,
        "site_kind": "commercial",
        "call": item.call,
        "at": item.at.astimezone(UTC),
        "panel": item.panel,
        "button": item.button,
        "result": item.result,
        "answered_by": item.answered_by,
        "doors": json.dumps(item.doors),
        "ring_seconds": item.ring_seconds,
        "talk_seconds": item.talk_seconds,
    }


def _write_kind(connection: Connection, site: str, kind: Kind) -> None:
    if kind == "residential":
        connection.execute(delete(visit).where(visit.c.site == site))
    change = update(site_privacy).where(site_privacy.c.site == site).values(kind=kind)
    if connection.execute(change).rowcount == 0:
        connection.execute(insert(site_privacy), {"site": site, "kind": kind})
