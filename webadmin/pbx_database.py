"""The PBX's own database, seen from WebAdmin: read, never written (ARCHITECTURE decision 3)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.engine import make_url


def reading(pbx_url: str) -> Engine:
    """An engine that cannot write; the caller disposes of it."""
    url = make_url(pbx_url)
    if url.get_backend_name() == "sqlite":
        path = quote(str(Path(url.database or "").absolute()))
        return create_engine(f"sqlite:///file:{path}?mode=ro&uri=true", poolclass=NullPool)
    options = {"connect_timeout": 3, "options": "-c search_path=pbx -c default_transaction_read_only=on"}
    return create_engine(url, poolclass=NullPool, connect_args=options)
