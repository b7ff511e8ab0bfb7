"""Links by which a telephone fetches its log-in once, within fifteen minutes; the log-in is made then, so no
secret waits anywhere.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webadmin.models.provisioning_link import ProvisioningLink

LIFE = timedelta(minutes=15)


def make_link(session: Session, domain: str, device: str, at: datetime) -> str:
    """A code for this device; codes it had before, and old ones, are gone."""
    code = secrets.token_urlsafe(16)
    same = (ProvisioningLink.site == domain) & (ProvisioningLink.device == device)
    session.execute(delete(ProvisioningLink).where(same | (ProvisioningLink.expires_at <= at)))
    row = ProvisioningLink(code_hash=_hash(code), site=domain, device=device, expires_at=at + LIFE)
    session.add(row)
    return code


def use_link(session: Session, code: str, at: datetime) -> tuple[str, str] | None:
    """The domain and device a code is for, once; None for one that is unknown, used or too old."""
    where = ProvisioningLink.code_hash == _hash(code)
    row = session.scalars(select(ProvisioningLink).where(where)).one_or_none()
    if row is None:
        return None
    found = (row.site, row.device) if row.expires_at > at else None
    session.delete(row)
    session.flush()
    return found


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
