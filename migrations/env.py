"""Alembic's entry: one transaction over all versions of a line, on the connection handed in."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import webadmin.models
from pbx.store import tables
from webadmin.db import Moment, Row

assert webadmin.models.Site.metadata is Row.metadata
METADATA = {"admin": Row.metadata, "pbx": tables.own}


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Versions name plain types: they must not change with the models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=METADATA[config.attributes["line"]],
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
