"""One change of a site, from its rows before to its rows after (ARCHITECTURE decision 2).

An edit is a pure function of the site's rows. It runs under the write lock, on what holds now; the outcome
compiles and is published in the same transaction, or nothing changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.compile import compile as compile_plan
from dialplan.errors import PlanError
from dialplan.rows import SiteRows
from webadmin import audit
from webadmin.db import writing
from webadmin.editing.apply import apply_change
from webadmin.editing.difference import TABLES, Difference, between, taken_back
from webadmin.models import Device, Organisation, Site, SiteChange
from webadmin.publishing.log_ins import NewLogIn
from webadmin.publishing.publish import publish_plan
from webadmin.publishing.rows import site_rows
from webadmin.publishing.waiting import with_waiting
from webadmin.site_file.reader import SiteFile

Edit = Callable[[SiteRows], SiteRows]


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it. `change_id` 0: nothing was different."""

    change_id: int
    revision: int
    log_ins: tuple[NewLogIn, ...]


class Stale(Exception):
    """Somebody else changed the same thing after the form was opened; nothing was saved."""


class Refused(Exception):
    """The site would not compile; nothing was saved."""

    def __init__(self, errors: Sequence[PlanError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


def fingerprint(row: object) -> str:
    """Tells one state of a row from another: a form carries it, and `expect` compares."""
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16]


def expect(row: object, version: str) -> None:
    """Raise `Stale` unless the row is as it was when `version` was made."""
    if fingerprint(row) != version:
        raise Stale


def change(site_id: int, edit: Edit, *, who: str, account_id: int | None, note: str, at: datetime) -> Changed:
    """Apply `edit`, compile, publish, and remember how to take it back.

    Raises:
        Stale: `edit` found that it started from something older.
        Refused: the outcome does not compile.
    """
    with writing() as session:
        site = session.get_one(Site, site_id)
        before = site_rows(session, site)
        after = edit(before)
        difference = between(before, after)
        if not difference:
            return Changed(0, 0, ())
        plan = compile_plan(with_waiting(session, site, after))
        if isinstance(plan, list):
            raise Refused(plan)
        _apply(session, site, after, difference)
        same = "devices" not in difference
        published = publish_plan(session, site, plan, author=who, note=note, at=at, same_devices=same)
        done = SiteChange(
            site_id=site.id,
            revision=published.revision,
            account_id=account_id,
            who=who,
            at=at,
            rows=difference,
        )
        if published.changed:
            session.add(done)
            session.flush()
        audit.record(session, at, who, "changed a site", f"{site.domain}: {note}", site.organisation_id)
        return Changed(done.id or 0, published.revision, published.log_ins)


def undo(change_id: int, *, who: str, account_id: int | None, at: datetime) -> Changed:
    """Take one change back, as a new revision; what others changed since stays.

    Raises:
        Stale: the same rows were changed again since.
        Refused: without it, the site does not compile any more.
    """
    with writing() as session:
        row = session.get_one(SiteChange, change_id)
        site_id, difference, revision = row.site_id, row.rows, row.revision
    done = change(
        site_id,
        lambda rows: _without(rows, difference),
        who=who,
        account_id=account_id,
        note=f"undo of revision {revision}",
        at=at,
    )
    with writing() as session:
        session.get_one(SiteChange, change_id).undone_by = done.revision
    return done


def _without(rows: SiteRows, difference: Difference) -> SiteRows:
    found = taken_back(rows, difference)
    if found is None:
        raise Stale
    return found


def _apply(session: Session, site: Site, rows: SiteRows, difference: Difference) -> None:
    organisation = session.get_one(Organisation, site.organisation_id)
    legacy = session.scalars(select(Device.ref).where(Device.site_id == site.id, Device.legacy))
    declared = SiteFile(
        replace(rows, organisation=organisation.ref),
        organisation.name,
        site.name,
        site.algorithm,
        frozenset(legacy),
        {},
    )
    apply_change(session, site.id, declared, difference)


__all__ = ["TABLES", "Changed", "Edit", "Refused", "Stale", "change", "expect", "fingerprint", "undo"]
