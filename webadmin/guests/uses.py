"""How often passes were used: the PBX counts, WebAdmin only looks."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webadmin.pbx_database import reading


def uses_of(pbx_url: str, site: str) -> Mapping[str, int]:
    """The counts of a site's passes; empty while the PBX's database cannot be read."""
    engine = reading(pbx_url)
    query = text("SELECT pass, used FROM pass_use WHERE site = :site")
    try:
        with engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query, {"site": site})}
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()
