"""Codes for pairing: 8 characters, good for ten minutes and once; a try costs, whoever makes it.

A code stands for one device that exists. Using it gives that device a new secret, so what was paired before
is out. Codes are kept as hashes and found by them, so that no time tells how much of a guess was right.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webadmin import audit
from webadmin.auth import limits
from webadmin.auth.sessions import token_hash
from webadmin.models import Device, Pairing, PairingCode, Site
from webadmin.publishing import log_ins
from webadmin.publishing.log_ins import NewLogIn, NoSuchLogIn

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look alike."""

LENGTH = 8
LIFETIME = timedelta(minutes=10)
TRIES = 10
TRIES_OF_ALL = 100
"""In a quarter of an hour: 100 of 2^40 codes, with a few good ones among them."""

PairedKind = Literal["panel", "controller", "station", "agent"]
PAIRABLE = ("panel", "controller", "station")


class PairingRefused(Exception):
    """No pairing. `wait`: there were too many tries; else the code is no good, why is not told."""

    def __init__(self, wait: bool) -> None:
        super().__init__("too many tries" if wait else "no such code")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Paired:
    """What came of a code."""

    log_in: NewLogIn
    device: Device
    site: Site


def make_code(session: Session, device: Device, who: str, at: datetime) -> str:
    """A code for `device`; an older one dies.

    Raises:
        ValueError: nothing of this kind is paired.
    """
    if device.kind not in PAIRABLE:
        raise ValueError(f"a device of kind {device.kind} is not paired by a code")
    session.execute(
        delete(PairingCode).where((PairingCode.device_id == device.id) | (PairingCode.expires_at <= at))
    )
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    row = PairingCode(code_hash=_hash(code), device_id=device.id, made_by=who[:254], expires_at=at + LIFETIME)
    session.add(row)
    site = session.get_one(Site, device.site_id)
    audit.record(session, at, who, "made a pairing code", f"{site.domain} {device.ref}", site.organisation_id)
    session.flush()
    return code


def pair(
    session: Session, code: str, kind: PairedKind, public_key: str, source: str, at: datetime
) -> Paired | PairingRefused:
    """Use a code up. A refusal is a value: the tries it counts must be committed."""
    keys = ((f"pair {limits.place(source)}", TRIES), ("pair", TRIES_OF_ALL))
    if any([limits.too_many(session, at, key, most) for key, most in keys]):
        return PairingRefused(wait=True)
    row = session.get(PairingCode, _hash(code))
    device = session.get(Device, row.device_id) if row is not None and row.expires_at > at else None
    if row is None or device is None or kind not in (device.kind, "agent"):
        return PairingRefused(wait=False)
    made_by = row.made_by
    used = delete(PairingCode).where(PairingCode.code_hash == row.code_hash)
    if session.execute(used.returning(PairingCode.code_hash)).first() is None:
        return PairingRefused(wait=False)
    site = session.get_one(Site, device.site_id)
    try:
        made = log_ins.reset(session, site.domain, device.ref, at)
    except NoSuchLogIn:
        return PairingRefused(wait=False)
    session.merge(
        Pairing(device_id=device.id, kind=kind, public_key=public_key, made_by=made_by, paired_at=at)
    )
    audit.record(session, at, made_by, "paired", f"{site.domain} {device.ref}", site.organisation_id)
    limits.forget(session, keys[0][0])
    return Paired(made, device, site)


def shown(code: str) -> str:
    """A code as people read it to each other."""
    return f"{code[:4]}-{code[4:]}"


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return token_hash(f"pairing {plain}")
