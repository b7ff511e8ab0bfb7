"""Limits on tries: by source and by what is tried, so that nobody locks others out for long (S6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

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


def forget(session: Session, key: str, some: int | None = None) -> int:
    """A try worked out: the failed ones before it no longer count; with `some` only as many of the newest.
    Returns how many those were.
    """
    mine = select(Attempt.id).where(Attempt.key_hash == token_hash(key)).order_by(Attempt.id.desc())
    gone = session.scalars(mine.limit(some)).all()
    session.execute(delete(Attempt).where(Attempt.id.in_(gone)))
    return len(gone)


def place(address: str) -> str:
    """Where a try comes from: an address, or the network that one house has (RFC 6177: a /64 at least)."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))
