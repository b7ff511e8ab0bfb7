"""WebAdmin reads the PBX's database and cannot write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.support.databases import make_sqlite
from webadmin.pbx_database import reading


def test_reading_only(tmp_path: Path) -> None:
    _, pbx = make_sqlite(tmp_path)
    engine = reading(pbx)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM visit")).scalar() == 0
        with pytest.raises(OperationalError):
            connection.execute(text("DELETE FROM visit"))
    engine.dispose()
