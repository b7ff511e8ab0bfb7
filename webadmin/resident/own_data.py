"""What is kept about somebody, as a file; and its end (GDPR articles 15, 17 and 20)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from flask import Blueprint, g, jsonify, session
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webadmin import audit
from webadmin.auth import limits, passwords
from webadmin.auth.entering import TRIES, WAIT, end_sessions, owners
from webadmin.auth.reach import lifted
from webadmin.auth.sessions import ServerSession
from webadmin.db import db, writing
from webadmin.guests import service as passes
from webadmin.models import Account, AccountLink, Membership, RecoveryCode, Site, WebSession
from webadmin.people import service
from webadmin.privacy.service import forget_addresses
from webadmin.publishing import log_ins
from webadmin.publishing.log_ins import NoSuchLogIn
from webadmin.resident.acting import published, tell_pbx
from webadmin.resident.answers import Body, Problem, taken
from webadmin.resident.own_buttons import buttons_of
from webadmin.resident.whose import Own, own_devices, own_people

LAST_OWNER = "Somebody must own the system. Invite another owner first."


class Erasure(Body):
    """`password` proves that it is meant; `move_out`: one's name and button go as well."""

    password: Annotated[str, Field(min_length=1, max_length=400)]
    move_out: bool = False


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/me/export")(export)
    api.post("/me/erase")(erase)


def export() -> ResponseReturnValue:
    """Everything of one, in one file; secrets are not kept, so they are not in it. Nor is any visit."""
    account = g.account
    with lifted():
        begun = db.session.scalars(select(WebSession).where(WebSession.account_id == account.id)).all()
    found: dict[str, Any] = {
        "account": {
            "name": account.name,
            "email": account.email,
            "second_factor": account.totp_secret is not None,
            "made": account.created_at.isoformat(),
            "last_in": account.last_in_at.isoformat() if account.last_in_at else None,
        },
        "log_ins": [
            {"begun": each.begun_at.isoformat() if each.begun_at else None, "browser": each.browser}
            for each in begun
        ],
        "sites": [_of_site(own) for own in own_people()],
    }
    answer = jsonify(found)
    answer.headers["Content-Disposition"] = "attachment; filename=doorline.json"
    return answer


def erase() -> ResponseReturnValue:
    """End the account with its devices and passes; the last log-in was this one."""
    body, at, account_id = taken(Erasure), datetime.now(UTC), g.account.id
    with lifted(), writing() as database:
        wait = limits.too_many(database, at, f"erase {account_id}", TRIES)
        account = database.get_one(Account, account_id)
        right = not wait and passwords.matches(account.password_hash, body.password)
    if wait:
        raise Problem(429, "too_many_tries", WAIT.reason)
    if not right:
        raise Problem(403, "wrong", "That password is not right.", "password")
    _is_not_needed(db.session(), account_id)
    people = [(own.site.id, own.site.domain, own.person.ref) for own in own_people()]
    devices = [device for device in own_devices(db.session()) if device.person_id is not None]
    gone = [(device.site_id, device.ref) for device in devices]
    domains = {site_id: domain for site_id, domain, _ in people}
    with lifted(), writing() as database:
        for site_id, ref in gone:
            with suppress(NoSuchLogIn):
                log_ins.revoke(database, domains[site_id], ref, at)
        for site_id, _, ref in people:
            passes.revoke_of(database, database.get_one(Site, site_id), [ref])
    for site_id, ref in gone:
        published(site_id, service.remove_device(ref), "a device is gone")
    for site_id, _, ref in people if body.move_out else ():
        published(site_id, service.move_out(ref), "somebody moved out")
    with lifted(), writing() as database:
        _is_not_needed(database, account_id)
        account = database.get_one(Account, account_id)
        end_sessions(database, account_id)
        for table in (Membership, AccountLink, RecoveryCode):
            database.execute(delete(table).where(table.account_id == account_id))
        forget_addresses(database, [account.email])
        database.delete(account)
        audit.record(database, at, "", "erased an account", str(account_id))
    cast(ServerSession, session).end()
    tell_pbx()
    return "", 204


def _is_not_needed(database: Session, account_id: int) -> None:
    """Let nobody go without whom the system would have no owner.

    Raises:
        Problem: it is the only one (409).
    """
    with lifted():
        if [each.id for each in owners(database)] == [account_id]:
            raise Problem(409, "last_owner", LAST_OWNER)


def _of_site(own: Own) -> dict[str, Any]:
    at = datetime.now(UTC)
    with lifted():
        given = passes.passes(db.session(), own.site, host=own.person.ref, at=at)
    person = own.person
    mine = [each for each in own_devices(db.session()) if each.site_id == own.site.id]
    return {
        "site": own.site.domain,
        "person": {
            "id": person.ref,
            "name": person.name,
            "alias": person.alias,
            "number": person.number,
            "telephone": person.telephone,
            "hidden": person.hidden,
            "do_not_disturb": person.do_not_disturb,
        },
        "devices": [{"id": each.ref, "kind": each.kind, "name": each.name} for each in mine],
        "buttons": buttons_of(own),
        "passes": [
            {"label": each.label, "doors": list(each.doors), "until": each.end.isoformat(), "uses": each.uses}
            for each in given
        ],
    }
