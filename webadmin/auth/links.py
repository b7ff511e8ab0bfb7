"""Links that let somebody in once. Only who can run a command on the machine can make one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webadmin.auth.sessions import token_hash
from webadmin.models import SetupLink

LIFETIME = timedelta(minutes=15)


def make_link(session: Session, at: datetime) -> str:
    """The code of a new link, good for 15 minutes and once; links that are over go."""
    session.execute(delete(SetupLink).where(SetupLink.expires_at <= at))
    code = secrets.token_urlsafe(24)
    session.add(SetupLink(code_hash=token_hash(code), expires_at=at + LIFETIME))
    return code


def is_good(session: Session, code: str, at: datetime) -> bool:
    """Whether this code would let somebody in now."""
    row = session.get(SetupLink, token_hash(code))
    return row is not None and row.expires_at > at


def use_link(session: Session, code: str, at: datetime) -> bool:
    """Use a code up; False when it was used, is too old, or never was. Only one of two users at once wins."""
    good = (SetupLink.code_hash == token_hash(code), SetupLink.expires_at > at)
    used = delete(SetupLink).where(*good).returning(SetupLink.code_hash)
    return session.execute(used).first() is not None
