"""One's devices: a browser gets a log-in of its own; a lost one is revoked at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import select

from dialplan.rows import SiteRows
from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.editing.act import STALE
from webadmin.models import Credential, Device, Person, Site, Unit
from webadmin.people import service
from webadmin.publishing import log_ins
from webadmin.publishing.log_ins import NewLogIn, NoSuchLogIn
from webadmin.resident.acting import published, tell_pbx
from webadmin.resident.answers import Body, Problem, taken
from webadmin.resident.bearer import token_of
from webadmin.resident.whose import own_at, own_device, own_devices, site_of
from webadmin.talking import addresses

MOST_DEVICES = 20
"""Devices of one person; more is a mistake or mischief."""


class NewDevice(Body):
    """A browser that wants to be rung."""

    site: Annotated[str, Field(min_length=1, max_length=253)]
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]
    kind: Literal["app", "station"]


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/devices")(devices)
    api.post("/devices")(make_device)
    api.delete("/devices/<int:key>")(revoke_device)


def devices() -> ResponseReturnValue:
    """One's devices."""
    return {"devices": [_shown(device) for device in own_devices(db.session())]}


def make_device() -> ResponseReturnValue:
    """A device with a log-in of its own; the secret is shown now and never again."""
    body = taken(NewDevice)
    own = own_at(body.site)
    site_id, person, unit_id = own.site.id, own.person.ref, own.person.unit_id
    with lifted():
        unit = db.session.get(Unit, unit_id).ref if unit_id is not None else ""  # type: ignore[union-attr]
    if body.kind == "station" and not unit:
        raise Problem(422, "no_unit", "A station belongs to a flat, and you have none here.", "kind")
    if sum(device.site_id == site_id for device in own_devices(db.session())) >= MOST_DEVICES:
        raise Problem(409, "too_many", "You have too many devices. Remove one you no longer use.", "name")
    name = body.name.strip()

    def edit(rows: SiteRows) -> SiteRows:
        before = {device.id for device in rows.devices}
        rows = service.add_device(person, body.kind, name)(rows)
        if body.kind != "station":
            return rows
        return replace(
            rows,
            devices=tuple(
                row if row.id in before else replace(row, person="", unit=unit) for row in rows.devices
            ),
        )

    made = published(site_id, edit, f"a device of {person}: {name}")
    key = next(iter(made), None)
    if key is None:
        raise Problem(409, "stale", STALE)
    tell_pbx()
    return {**_with_secret(site_id, key), **_reachable()}, 201


def revoke_device(key: int) -> ResponseReturnValue:
    """Take a device's log-in away, then the device itself where nothing else stands on it."""
    device = own_device(db.session(), key)
    site, ref, at = site_of(device), device.ref, datetime.now(UTC)
    site_id, domain = site.id, site.domain
    with lifted(), writing() as database:
        with suppress(NoSuchLogIn):
            log_ins.revoke(database, domain, ref, at)
        audit.record(
            database, at, g.account.email, "revoked a device", f"{domain} {ref}", site.organisation_id
        )
    with suppress(Problem):
        published(site_id, service.remove_device(ref), f"a device is gone: {ref}")
    tell_pbx()
    return "", 204


def _with_secret(site_id: int, made: NewLogIn) -> dict[str, Any]:
    with lifted():
        where = (Device.site_id == site_id, Device.ref == made.device)
        row = db.session.scalars(select(Device).where(*where)).one()
        credential = credential_of(made.site, made.device)
    assert credential is not None
    return {
        "id": row.id,
        "device": made.device,
        "username": made.username,
        "secret": made.secret,
        "site": made.site,
        "token": token_of(credential),
    }


def credential_of(domain: str, ref: str) -> Credential | None:
    """A device's log-in, in whatever state."""
    with lifted():
        where = (Credential.site == domain, Credential.device == ref)
        return db.session.scalars(select(Credential).where(*where)).one_or_none()


def _reachable() -> dict[str, Any]:
    where = addresses()
    return {"server": where["wss"], "pbx": where["pbx"], "ice": []}


def _shown(device: Device) -> dict[str, Any]:
    with lifted():
        site = db.session.get_one(Site, device.site_id)
        credential = credential_of(site.domain, device.ref)
        person = db.session.get(Person, device.person_id) if device.person_id is not None else None
    return {
        "id": device.id,
        "site": site.domain,
        "device": device.ref,
        "kind": device.kind,
        "name": device.name or device.ref,
        "person": person.name if person is not None else None,
        "active": credential is not None and credential.state == "active",
        "push": credential is not None and credential.push_subscription is not None,
    }
