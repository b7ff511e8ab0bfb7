"""From tables to rows: everything, in order, in a number of queries that does not grow."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import event, select

from tests.webadmin.conftest import HOUSE, OFFICE
from webadmin.db import db
from webadmin.models import Site
from webadmin.publishing.rows import site_rows
from webadmin.site_file.reader import read


def test_rows_are_what_the_files_declared(published: Flask) -> None:
    for path in (HOUSE, OFFICE):
        declared = read(path.read_bytes()).rows
        site = db.session.scalars(select(Site).where(Site.domain == declared.domain)).one()
        assert site_rows(db.session(), site) == declared


def test_the_number_of_queries_does_not_grow_with_the_site(published: Flask) -> None:
    counts = []
    for domain in ("fjordgata.example", "kontor.example"):
        site = db.session.scalars(select(Site).where(Site.domain == domain)).one()
        queries: list[str] = []

        def count(
            connection: object, cursor: object, statement: str, *rest: object, into: list[str] = queries
        ) -> None:
            into.append(statement)

        event.listen(db.engine, "before_cursor_execute", count)
        site_rows(db.session(), site)
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 34
