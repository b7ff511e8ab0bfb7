"""Visits are read as the PBX wrote them, also when a row is odd."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.support.databases import make_sqlite
from webadmin.privacy.visits import visits


def test_visits(tmp_path: Path) -> None:
    _, pbx = make_sqlite(tmp_path)
    engine = create_engine(pbx)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO site_privacy (site, kind) VALUES ('a', 'commercial')"))
        for call, doors in (("1", '["glass"]'), ("2", "nonsense")):
            connection.execute(
                text(
                    "INSERT INTO visit (site, site_kind, call, at, panel, button, result, answered_by, "
                    "doors, ring_seconds, talk_seconds) "
                    "VALUES ('a', 'commercial', :call, '2026-11-22 10:00:00', 'street', "
                    "'desk', 'answered', NULL, :doors, 1, 2)"
                ),
                {"call": call, "doors": doors},
            )
    engine.dispose()
    found = visits(pbx, "a")
    assert sorted(visit.doors for visit in found) == [(), ("glass",)]
    assert found[0].at == datetime(2026, 11, 22, 10, tzinfo=UTC) and found[0].answered_by == ""
    assert visits(pbx, "b") == []
