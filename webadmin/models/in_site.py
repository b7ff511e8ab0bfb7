"""What the things of a site share: a name in its file and plan, and a place in their order."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column


class InSite:
    """Columns of a thing that a site has. `ref` is its id in the site file and in the compiled plan."""

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]


def unique_ref() -> UniqueConstraint:
    """The constraint that goes with `InSite`."""
    return UniqueConstraint("site_id", "ref")


def cascading(column: str) -> ForeignKey:
    """A reference to the thing a row is part of: it goes when that thing goes."""
    return ForeignKey(column, ondelete="CASCADE")


def exactly_one(*columns: str) -> str:
    """The condition that one of these columns has a value, for a check."""
    return " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " = 1"
