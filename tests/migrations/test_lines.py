"""Both lines go up and down, on SQLite and PostgreSQL, and agree with the models."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

import webadmin.models  # noqa: F401
from migrations.lines import LINES, Line, current, downgrade, head, open_engine, upgrade
from pbx.store import tables
from tests.support.databases import empty_postgresql, postgresql
from webadmin.db import Row

METADATA: dict[Line, MetaData] = {"admin": Row.metadata, "pbx": tables.own}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


def up_and_down(line: Line, url: str) -> None:
    upgrade(line, url)
    assert current(line, url) == head(line)
    upgrade(line, url)
    engine = open_engine(line, url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA[line]) == []
    downgrade(line, url, "base")
    assert current(line, url) is None
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(line, url)
    engine.dispose()


@pytest.mark.parametrize("line", LINES)
def test_up_and_down_on_sqlite(line: Line, tmp_path: Path) -> None:
    up_and_down(line, f"sqlite:///{tmp_path}/x.db")


@pytest.mark.peer
@pytest.mark.parametrize("line", LINES)
def test_up_and_down_on_postgresql(line: Line, server: str) -> None:
    empty_postgresql(server)
    up_and_down(line, server)


def test_each_step_down_and_up_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade("admin", url)
    downgrade("admin", url, "-1")
    assert current("admin", url) == f"admin_{int(head('admin')[-4:]) - 1:04}"
    upgrade("admin", url)
    assert current("admin", url) == head("admin")


def test_a_new_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    upgrade("admin", f"sqlite:///{tmp_path}/new/admin.db")
    made = tmp_path / "new" / "admin.db"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_a_version_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as before:
        before.execute("CREATE TABLE panel (id INTEGER)")  # in the way of the second version
    before.close()
    with pytest.raises(Exception, match="panel"):
        upgrade("admin", f"sqlite:///{path}")
    after = sqlite3.connect(path)
    names = {name for (name,) in after.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    after.close()
    assert names == {"panel"}
