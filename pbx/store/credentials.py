"""Log-ins of all devices: a watch that reads what changed, and the book that answers in memory.

Rows carry a `seq` that rises with every change, so that a log-in or a revoked phone costs one row.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, select

from pbx.auth.account import Algorithm, Credential
from pbx.store.copies import Copies
from pbx.store.tables import credential

log = logging.getLogger("doorline.store")

Key = tuple[str, str]
"""Site and user name."""


class CredentialBook:
    """What `pbx.auth` asks: credentials by site and user name, from memory. Lives on the loop."""

    def __init__(self) -> None:
        self._by_key: dict[Key, Credential] = {}
        self._by_device: dict[Key, Credential] = {}
        self._algorithms: dict[str, Algorithm] = {}

    def find(self, site: str, username: str) -> Credential | None:
        """The credential of this user name, revoked ones too; None when there never was one."""
        return self._by_key.get((site, username))

    def of_device(self, site: str, device: str) -> Credential | None:
        """The credential of a device, whatever its user name."""
        return self._by_device.get((site, device))

    def revoked(self, site: str, device: str) -> bool:
        """Whether this device had a log-in, and has none any more."""
        known = self.of_device(site, device)
        return known is not None and known.state != "active"

    def algorithm(self, site: str) -> Algorithm:
        """The digest algorithm of the site, which all its credentials share; MD5 for an unknown site."""
        return self._algorithms.get(site, "MD5")

    def take(self, changed: Iterable[Credential]) -> list[Credential]:
        """Remember the new state of some credentials; those by which what was granted holds no more: revoked
        ones, and ones with another secret.
        """
        over = []
        for item in changed:
            before = self._by_key.get((item.site, item.username))
            if item.state != "active" or (before is not None and before.ha1 != item.ha1):
                over.append(item)
            self._by_key[item.site, item.username] = item
            known = self._by_device.get((item.site, item.device))
            if known is None or item.seq >= known.seq:  # an older user name of the device may go afterwards
                self._by_device[item.site, item.device] = item
            if item.state == "active":
                self._algorithms[item.site] = item.algorithm
        return over

    def __len__(self) -> int:
        return len(self._by_key)


class CredentialWatch:
    """Compares the credential table with what was handed out.

    A row that vanished (a database restored from a backup) is handed out as revoked. An empty table
    counts as a database that has lost its content: nobody is thrown out for that.

    Args:
        engine: from `open_reader`.
        copies: where the rows are kept for a start without the database.
        on_change: gets the credentials that are new or different, in the thread that polls.
    """

    def __init__(self, engine: Engine, copies: Copies, on_change: Callable[[list[Credential]], None]) -> None:
        self._engine = engine
        self._copies = copies
        self._on_change = on_change
        self._known: dict[Key, Credential] = {}
        self._count = 0
        self._last_seq = -1

    def poll(self) -> None:
        """Look for changes once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is away; nothing changed here.
        """
        with self._engine.connect() as connection:
            count, last_seq = connection.execute(select(func.count(), func.max(credential.c.seq))).one()
            if count == 0 or (count, last_seq) == (self._count, self._last_seq):
                return
            grown = count >= self._count and last_seq > self._last_seq
            changed = self._read(connection, self._last_seq if grown else None)
            if not grown or len(self._known.keys() | changed.keys()) != count:
                changed = self._read(connection, None)
                for key in self._known.keys() - changed.keys():
                    changed[key] = replace(self._known[key], state="revoked")
        self._count, self._last_seq = count, last_seq
        self._hand_out(changed)
        self._copies.keep_credentials([_as_dict(item) for item in self._known.values()])

    def recall(self) -> None:
        """Hand out the local copy: the database was away when the PBX started."""
        try:
            rows = [Credential(**row) for row in self._copies.credentials()]
        except TypeError as fault:
            log.warning("the local copy of the credentials is of another version: %s", fault)
            return
        self._hand_out({(row.site, row.username): row for row in rows})

    def _read(self, connection: Connection, after: int | None) -> dict[Key, Credential]:
        query = select(credential)
        if after is not None:
            query = query.where(credential.c.seq > after)
        found = (_as_credential(row) for row in connection.execute(query).mappings())
        return {(item.site, item.username): item for item in found}

    def _hand_out(self, changed: dict[Key, Credential]) -> None:
        news = [item for key, item in changed.items() if self._known.get(key) != item]
        self._known.update(changed)
        if news:
            self._on_change(news)


_FIELDS = ("site", "device", "username", "ha1", "ha1_sha256", "algorithm", "legacy", "state", "seq")


def _as_credential(row: RowMapping) -> Credential:
    push = row["push_subscription"]
    known = {name: row[name] for name in _FIELDS}
    return Credential(**known, push=json.dumps(push) if isinstance(push, dict) else "")


def _as_dict(item: Credential) -> dict[str, Any]:
    return {name: getattr(item, name) for name in (*_FIELDS, "push")}
