"""Trunks out of WebAdmin's database, with their passwords opened; and what sites have spent on them."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, Engine, delete, insert, select

from pbx.store.copies import Copies
from pbx.store.latest import Key
from pbx.store.tables import trunk, trunk_use
from pbx.trunks.guard import Use
from pbx.trunks.trunk import Trunk

log = logging.getLogger("doorline.store")


class TrunkWatch:
    """Reads all trunks anew whenever one is different; they are few. Local copies keep passwords sealed.

    Args:
        engine: from `open_reader`.
        copies: where they are kept for a start without the database.
        key_file: the key that WebAdmin seals with; there may be none yet.
        on_change: gets those that are switched on, in their order, in the thread that polls.
    """

    def __init__(
        self, engine: Engine, copies: Copies, key_file: Path | None, on_change: Callable[[list[Trunk]], None]
    ) -> None:
        self._engine = engine
        self._copies = copies
        self._key_file = key_file
        self._on_change = on_change
        self._seen: list[dict[str, Any]] = []

    def poll(self) -> None:
        """Look for changes once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is away; nothing changed here.
        """
        with self._engine.connect() as connection:
            found = connection.execute(select(trunk).order_by(trunk.c.position, trunk.c.id))
            rows = [dict(row) for row in found.mappings()]
        if rows != self._seen:
            self._seen = rows
            self._hand_out(rows)
            self._copies.keep_trunks(rows)

    def recall(self) -> None:
        """Hand out the local copy: the database was away when the PBX started."""
        try:
            self._hand_out(self._copies.trunks())
        except (KeyError, TypeError, ValueError) as fault:
            log.warning("the local copy of the trunks is of another version: %s", fault)

    def _hand_out(self, rows: list[dict[str, Any]]) -> None:
        self._on_change([self._as_trunk(row) for row in rows if row["enabled"]])

    def _as_trunk(self, row: Mapping[str, Any]) -> Trunk:
        password = self._opened(row["sealed_password"])
        if password is None:
            log.error("trunk %s: its password was sealed with another key: set it anew", row["ref"])
        plain = {name: row[name] for name in _PLAIN}
        addresses = row["addresses"] if isinstance(row["addresses"], list) else json.loads(row["addresses"])
        return Trunk(
            **plain,
            realm=row["realm"] or row["host"],
            from_domain=row["from_domain"] or row["host"],
            password=password or "",
            addresses=tuple(addresses),
        )

    def _opened(self, sealed: str) -> str | None:
        """The password that WebAdmin sealed (`webadmin.sealing`); None when it cannot be opened."""
        if not sealed:
            return ""
        try:
            key = self._key_file.read_text(encoding="utf-8").strip() if self._key_file is not None else ""
            box = Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))
            return box.decrypt(sealed.encode()).decode()
        except (OSError, InvalidToken):
            return None


_PLAIN = (
    *("ref", "name", "kind", "host", "port", "transport", "username", "listen_port"),
    *("srtp", "number_format", "caller_id", "expires", "options_seconds"),
)


def write_spent(connection: Connection, key: Key, use: Use | None) -> None:
    """Replace what a site has used today."""
    connection.execute(delete(trunk_use).where(trunk_use.c.site == key[0]))
    if use is not None:
        row = {"site": use.site, "day": use.day, "minutes": use.minutes, "money": use.money}
        connection.execute(insert(trunk_use).values({**row, "alarmed": use.alarmed}))


def restore_spent(engine: Engine) -> list[Use]:
    """What each site had used on the last day it used anything.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away.
    """
    with engine.connect() as connection:
        return [Use(*row) for row in connection.execute(select(trunk_use))]
