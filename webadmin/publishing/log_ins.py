"""Log-ins of devices: generated secrets, kept as hashes only, shown once (RFC 7616; security goal S7)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.directory import Device
from webadmin.models import Credential, Site, next_number
from webadmin.models import Device as DeviceModel

COUNTER = "credential"


@dataclass(frozen=True, slots=True)
class NewLogIn:
    """A log-in that was just made: the only moment its secret is known."""

    site: str
    device: str
    username: str
    secret: str


class NoSuchLogIn(Exception):
    """There is no such device, or it has no log-in."""


def bring_log_ins(session: Session, site: Site, devices: Iterable[Device], at: datetime) -> list[NewLogIn]:
    """Make the log-ins of a site's devices what its plan says; returns those that are new.

    An existing one keeps its secret, and stays revoked if it was. One whose device is gone is revoked and
    its hashes are erased; a user name that changed needs a new secret, since the hashes hold it.
    """
    legacy = set(
        session.scalars(select(DeviceModel.ref).where(DeviceModel.site_id == site.id, DeviceModel.legacy))
    )
    existing = {
        row.device: row for row in session.scalars(select(Credential).where(Credential.site == site.domain))
    }
    made, touched = [], []
    for device in devices:
        row = existing.pop(device.id, None)
        if row is None or not row.ha1 or row.username != device.username:
            row = row if row is not None else _new(session, site, device.id)
            made.append(_make(site, device.username, device.id in legacy, row))
        elif (row.algorithm, row.legacy) != (site.algorithm, device.id in legacy):
            row.algorithm = site.algorithm
            row.legacy = device.id in legacy
        else:
            continue
        touched.append(row)
    for row in existing.values():
        if row.ha1:
            row.state, row.ha1, row.ha1_sha256, row.push_subscription = "revoked", "", None, None
            touched.append(row)
    _touch(session, touched, at)
    session.flush()
    return made


def reset(session: Session, domain: str, device: str, at: datetime) -> NewLogIn:
    """Give a device a new secret; what logged in with the old one is out.

    Raises:
        NoSuchLogIn: there is no such device.
    """
    row, site = _find(session, domain, device)
    made = _make(site, row.username, row.legacy, row)
    _touch(session, [row], at)
    session.flush()
    return made


def revoke(session: Session, domain: str, device: str, at: datetime) -> None:
    """Take a device's log-in away until it is reset.

    Raises:
        NoSuchLogIn: there is no such device.
    """
    row, _ = _find(session, domain, device)
    if row.state != "revoked":
        row.state = "revoked"
        _touch(session, [row], at)


def _find(session: Session, domain: str, device: str) -> tuple[Credential, Site]:
    where = (Credential.site == domain, Credential.device == device, Credential.ha1 != "")
    row = session.scalars(select(Credential).where(*where)).one_or_none()
    if row is None:
        raise NoSuchLogIn(f"{domain} has no device {device} with a log-in")
    return row, session.scalars(select(Site).where(Site.domain == domain)).one()


def _new(session: Session, site: Site, device: str) -> Credential:
    row = Credential(site=site.domain, device=device)
    session.add(row)
    return row


def _make(site: Site, username: str, legacy: bool, row: Credential) -> NewLogIn:
    secret = secrets.token_urlsafe(16)
    account = f"{username}:{site.domain}:{secret}".encode()
    row.username = username
    row.ha1 = hashlib.md5(account, usedforsecurity=False).hexdigest()
    row.ha1_sha256 = hashlib.sha256(account).hexdigest()
    row.algorithm = site.algorithm
    row.legacy = legacy
    row.push_subscription = None
    row.state = "active"
    return NewLogIn(site.domain, row.device, username, secret)


def _touch(session: Session, rows: Sequence[Credential], at: datetime) -> None:
    """Give changed rows their places in the order of changes: one look at the counter, however many."""
    if not rows:
        return
    with session.no_autoflush:
        last = next_number(session, COUNTER, len(rows))
    for seq, row in enumerate(rows, last - len(rows) + 1):
        row.seq = seq
        row.changed_at = at
