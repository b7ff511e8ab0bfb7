"""Console commands that let people and devices in: an account for a resident, a code for a panel."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from dialplan.rows import DeviceRow, SiteRows
from webadmin.auth import passwords
from webadmin.auth.entering import make_account
from webadmin.db import db, writing
from webadmin.editing.changes import change
from webadmin.editing.difference import with_row
from webadmin.models import Account, Device, Membership, Person, Site
from webadmin.pairing import service


class NotThere(Exception):
    """There is no such site, person or device; `str()` says which."""


def add_to(commands: Any) -> None:
    """Add the commands to the parser's."""
    resident = commands.add_parser("resident", help="an account for a person, for the app")
    resident.add_argument("site", help="the site's domain")
    resident.add_argument("person", help="the person's id in the site file")
    resident.add_argument("email", help="what the person logs in with")
    resident.add_argument("--owner", action="store_true", help="looks after the flat, too")
    resident.add_argument("--secrets", type=Path, metavar="FILE", help="write e-mail and password there")
    resident.set_defaults(run=let_resident_in)
    pair = commands.add_parser("pair", help="print a code that makes a browser or computer this device")
    pair.add_argument("site", help="the site's domain")
    pair.add_argument("device", help="the device's id")
    pair.add_argument("--like", default="", metavar="PANEL", help="make it, with the doors of this panel")
    pair.add_argument("--name", default="", help="what a new one is called")
    pair.set_defaults(run=print_code)


def let_resident_in(options: argparse.Namespace, app: Flask) -> int:
    """Make an account with a password of its own; an account that is there is only given the role."""
    password, email = secrets.token_urlsafe(12), options.email.strip().lower()
    with writing() as session:
        site = _site(options.site)
        where = (Person.site_id == site.id, Person.ref == options.person)
        person = session.scalars(select(Person).where(*where)).one_or_none()
        if person is None or (options.owner and person.unit_id is None):
            raise NotThere(f"{options.site} has no person {options.person} with a flat")
        account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
        made = account is None
        if account is None:
            account = make_account(session, person.name, email, datetime.now(UTC))
            account.password_hash = passwords.make_hash(password)
        mine = (Membership.account_id == account.id, Membership.person_id == person.id)
        if session.scalars(select(Membership).where(*mine)).first() is None:
            role, unit = ("unit_owner", person.unit_id) if options.owner else ("resident", None)
            row = Membership(account_id=account.id, role=role, organisation_id=site.organisation_id)
            row.person_id, row.unit_id = person.id, unit
            session.add(row)
        if made and options.secrets is not None:
            _add_line(options.secrets, f"{email} {password}")
    if made and options.secrets is None:
        sys.stdout.write(f"{email} {password}\n")
    return 0


def print_code(options: argparse.Namespace, app: Flask) -> int:
    """A pairing code; with `--like` for a panel that is made first if it is not there."""
    site = _site(options.site)
    site_id, ref = site.id, options.device
    if options.like and _device(site_id, ref) is None:
        if _device(site_id, options.like) is None:
            raise NotThere(f"{options.site} has no panel {options.like}")
        _make_panel(site_id, ref, options.like, options.name)
    with writing() as session:
        device = session.scalars(
            select(Device).where(Device.site_id == site_id, Device.ref == ref)
        ).one_or_none()
        if device is None or device.kind not in service.PAIRABLE:
            raise NotThere(f"{options.site} has no panel, controller or station {ref}")
        code = service.make_code(session, device, "console", datetime.now(UTC))
    sys.stdout.write(f"{service.shown(code)}\n")
    return 0


def _make_panel(site_id: int, ref: str, like: str, name: str) -> None:
    def edit(rows: SiteRows) -> SiteRows:
        device = next(each for each in rows.devices if each.id == like)
        panel = next((each for each in rows.panels if each.device == like), None)
        if panel is None:
            raise NotThere(f"{like} is no panel")
        made = DeviceRow(ref, "panel", name=name or ref, building=device.building)
        rows = with_row(rows, "devices", made)
        return replace(rows, panels=(*rows.panels, replace(panel, device=ref)))

    at = datetime.now(UTC)
    change(site_id, edit, who="console", account_id=None, note=f"a panel like {like}", at=at)


def _site(domain: str) -> Site:
    site = db.session.scalars(select(Site).where(Site.domain == domain)).one_or_none()
    if site is None:
        raise NotThere(f"there is no site {domain}")
    return site


def _device(site_id: int, ref: str) -> Device | None:
    where = (Device.site_id == site_id, Device.ref == ref)
    return db.session.scalars(select(Device).where(*where)).one_or_none()


def _add_line(path: Path, text: str) -> None:
    """Add a line to a file that only its owner can read; before the commit, so that no password is lost."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
