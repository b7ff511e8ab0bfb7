"""What WebAdmin would have written, for the tests of the store."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from dialplan.compile import compile
from dialplan.document import dumps
from dialplan.plan import DialPlan
from dialplan.rows import BuildingRow, PersonRow, SiteKind, SiteRows

NOW = "2026-11-22 12:00:00"


def plan(
    site: str = "house.example", revision: int = 1, name: str = "Kari", kind: SiteKind = "residential"
) -> DialPlan:
    """A small plan."""
    made = compile(
        SiteRows(
            domain=site,
            organisation="o",
            kind=kind,
            revision=revision,
            buildings=(BuildingRow("b", "House"),),
            people=(PersonRow("kari", name),),
        )
    )
    assert isinstance(made, DialPlan), made
    return made


def add_site(path: Path, site: str, kind: SiteKind = "residential") -> None:
    """The rows that others refer to."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT OR IGNORE INTO organisation VALUES (1, 'o', 'O', ?)", (NOW,))
        database.execute(
            "INSERT OR IGNORE INTO site"
            " (organisation_id, domain, kind, name, time_zone, language, algorithm, created_at)"
            " VALUES (1, ?, ?, 'S', 'Europe/Oslo', 'nb', 'MD5', ?)",
            (site, kind, NOW),
        )


def add_revision(path: Path, made: DialPlan, document: str | None = None) -> None:
    """A published plan; `document` in place of its own."""
    add_site(path, made.site, made.kind)
    text = dumps(made) if document is None else document
    digest = hashlib.sha256(text.encode()).hexdigest()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO plan_revision (site, revision, digest, document, author, note, at)"
            " VALUES (?, ?, ?, ?, '', '', ?)",
            (made.site, made.revision, digest, text, NOW),
        )


def add_credential(
    path: Path, seq: int, device: str = "kari-app", state: str = "active", ha1: str = "0" * 32
) -> None:
    """A log-in at house.example, new or changed."""
    add_site(path, "house.example")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO credential (site, device, username, ha1, algorithm, legacy, state, seq, changed_at)"
            " VALUES ('house.example', ?, ?, ?, 'MD5', 0, ?, ?, ?)"
            " ON CONFLICT (site, device)"
            " DO UPDATE SET ha1 = excluded.ha1, state = excluded.state, seq = excluded.seq",
            (device, device, ha1, state, seq, NOW),
        )


def change(path: Path, statement: str) -> None:
    """Any other change."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)
