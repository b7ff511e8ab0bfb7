"""How often passes were used: the PBX counts, WebAdmin only looks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError


def uses_of(pbx_url: str, site: str) -> Mapping[str, int]:
    """The counts of a site's passes; empty while the PBX's database cannot be read."""
    url = make_url(pbx_url)
    if url.get_backend_name() == "sqlite":
        path = quote(str(Path(url.database or "").absolute()))
        engine = create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    else:
        options = {"connect_timeout": 3, "options": "-c search_path=pbx -c default_transaction_read_only=on"}
        engine = create_engine(url, poolclass=NullPool, connect_args=options)
    query = text("SELECT pass, used FROM pass_use WHERE site = :site")
    try:
        with engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query, {"site": site})}
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()
