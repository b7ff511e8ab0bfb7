"""Limits on tries: by source and by what is tried, so that nobody locks others out for long (S6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webadmin.auth.sessions import token_hash
from webadmin.models import Attempt

WINDOW = timedelta(minutes=15)


def too_many(session: Session, at: datetime, key: str, most: int) -> bool:
    """Count one more try at `key`; True when there were `most` in the last 15 minutes already."""
    session.execute(delete(Attempt).where(Attempt.at <= at - WINDOW))
    key_hash = token_hash(key)
    count = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.key_hash == key_hash))
    if (count or 0) >= most:
        return True
    session.add(Attempt(key_hash=key_hash, at=at))
    session.flush()
    return False


def forget(session: Session, key: str) -> None:
    """A try worked out: the failed ones before it no longer count."""
    session.execute(delete(Attempt).where(Attempt.key_hash == token_hash(key)))
