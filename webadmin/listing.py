"""Long lists a page at a time: what a request asks for of a query, and how much there is in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, or_, select

from webadmin.db import db

SIZE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list. `page` counts from 1; `total` is over all pages."""

    rows: Sequence[Any]
    total: int
    page: int
    words: str

    @property
    def first(self) -> int:
        """The number of the first row of the page."""
        return (self.page - 1) * SIZE + 1

    @property
    def last(self) -> int:
        """The number of the last row of the page."""
        return min(self.page * SIZE, self.total)

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.page * SIZE < self.total


def listed(query: Select[*tuple[Any, ...]], columns: Sequence[Any]) -> Listing:
    """The page that `?page=` asks for, of those rows that hold every word of `?q=` in one of `columns`.

    Two queries, whatever the size. `query`: joined and ordered; every row of it is one of the list.
    """
    words = request.args.get("q", "")[:80].strip()
    for word in words.split():
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    wanted = request.args.get("page", 1, type=int)
    page = min(max(1, wanted), max(1, -(-total // SIZE)))
    rows = db.session.execute(query.offset((page - 1) * SIZE).limit(SIZE)).all()
    return Listing(rows, total, page, words)
