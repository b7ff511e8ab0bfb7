"""Passes of guests: a watch that reads them whenever one changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, func, select

from dialplan.passes import Pass
from pbx.store.copies import Copies
from pbx.store.tables import guest_pass

log = logging.getLogger("doorline.store")

Key = tuple[str, str]
"""Site and the pass's id."""


@dataclass(frozen=True, slots=True)
class Passes:
    """Every pass that is not revoked, by site; `known`: those and the others, as long as anything of them is
    kept."""

    by_site: Mapping[str, tuple[Pass, ...]]
    known: frozenset[Key]


NO_PASSES = Passes({}, frozenset())


class PassWatch:
    """Reads all passes anew whenever one changed: they are few, and a table that is empty means none.

    Args:
        engine: from `open_reader`.
        copies: where they are kept for a start without the database.
        on_change: gets all of them, in the thread that polls.
    """

    def __init__(self, engine: Engine, copies: Copies, on_change: Callable[[Passes], None]) -> None:
        self._engine = engine
        self._copies = copies
        self._on_change = on_change
        self._seen: tuple[int, int] = (0, 0)

    def poll(self) -> None:
        """Look for changes once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is away; nothing changed here.
        """
        with self._engine.connect() as connection:
            count, last = connection.execute(select(func.count(), func.max(guest_pass.c.seq))).one()
            if (count, last or 0) == self._seen:
                return
            rows = [dict(row) for row in connection.execute(select(guest_pass)).mappings()]
        self._seen = (count, last or 0)
        self._hand_out(rows)
        self._copies.keep_passes([_as_json(row) for row in rows])

    def recall(self) -> None:
        """Hand out the local copy: the database was away when the PBX started."""
        try:
            self._hand_out([_from_json(row) for row in self._copies.passes()])
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("the local copy of the passes is of another version: %s", fault)

    def _hand_out(self, rows: list[dict[str, Any]]) -> None:
        by_site: dict[str, list[Pass]] = {}
        for row in rows:
            if row["state"] == "active":
                by_site.setdefault(row["site"], []).append(_as_pass(row))
        known = frozenset((row["site"], row["ref"]) for row in rows)
        self._on_change(Passes({site: tuple(each) for site, each in by_site.items()}, known))


def _as_pass(row: Mapping[str, Any]) -> Pass:
    return Pass(
        row["ref"],
        row["host"],
        tuple(row["doors"]),
        _aware(row["starts_at"]),
        _aware(row["ends_at"]),
        row["uses"],
        row["pin"],
        row["token"],
    )


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: _aware(row[name]).isoformat() for name in ("starts_at", "ends_at")}
    return {**row, **times}


def _from_json(row: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at")}
    return {**row, **times}
