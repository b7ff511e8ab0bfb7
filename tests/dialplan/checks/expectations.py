"""What the tests of checks share: spoil one row of a demonstration site, and see what is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dialplan.checks.tables import ids_of
from dialplan.errors import PlanError
from dialplan.rows import SiteRows

Check = Callable[[SiteRows], Iterator[PlanError]]


def changed(rows: SiteRows, table: str, id_: str, **changes: Any) -> SiteRows:
    """The site with this row changed so."""
    before = getattr(rows, table)
    assert id_ in ids_of(rows, table)
    spoilt: Any = {
        table: tuple(
            replace(row, **changes) if known == id_ else row
            for known, row in zip(ids_of(rows, table), before, strict=True)
        )
    }
    return replace(rows, **spoilt)


def said(check: Check, rows: SiteRows) -> list[tuple[str, str]]:
    """Place and message of every error, each of which has a hint too."""
    errors = list(check(rows))
    assert all(error.hint for error in errors)
    return [(error.where, error.message) for error in errors]
