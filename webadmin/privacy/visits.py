"""The log of visits to commercial sites, which the PBX keeps: read here, never written (decision 14)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from webadmin.pbx_database import reading

MOST = 500


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit; ids as in the plan of that time."""

    at: datetime
    panel: str
    button: str
    result: str
    answered_by: str
    doors: tuple[str, ...]


def visits(pbx_url: str, site: str) -> Sequence[Visit]:
    """The newest visits of a site, at most `MOST`.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the PBX's database is away.
    """
    engine = reading(pbx_url)
    query = text(
        "SELECT at, panel, button, result, answered_by, doors FROM visit "
        "WHERE site = :site ORDER BY at DESC LIMIT :most"
    )
    try:
        with engine.connect() as connection:
            rows = connection.execute(query, {"site": site, "most": MOST}).all()
    finally:
        engine.dispose()
    return [_visit(*row) for row in rows]


def _visit(at: object, panel: str, button: str, result: str, answered_by: str | None, doors: str) -> Visit:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    opened: list[object] = []
    with suppress(ValueError):
        opened = json.loads(doors) or []
    return Visit(moment, panel, button, result, answered_by or "", tuple(str(each) for each in opened))
