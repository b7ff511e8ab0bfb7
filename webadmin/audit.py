"""Writes who changed what. Each entry carries a digest over the one before, so that a gap shows (S23)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webadmin.models import AuditEntry


def record(
    session: Session,
    at: datetime,
    who: str,
    action: str,
    subject: str = "",
    organisation_id: int | None = None,
) -> None:
    """Add an entry, inside the transaction of what it tells about.

    Args:
        action: an English phrase that `languages` knows, such as "invited".
    """
    entry = AuditEntry(
        at=at, organisation_id=organisation_id, who=who[:254], action=action, subject=subject[:254]
    )
    last = session.scalars(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)).first()
    entry.digest = _digest(last or "", entry)
    session.add(entry)
    session.flush()


def is_whole(session: Session) -> bool:
    """Whether no entry was changed or taken out of the middle."""
    last = ""
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.digest != _digest(last, entry):
            return False
        last = entry.digest
    return True


def _digest(last: str, entry: AuditEntry) -> str:
    parts = (last, entry.at.isoformat(), entry.organisation_id, entry.who, entry.action, entry.subject)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
