"""One's household: who lives in the flat, and who of them may be invited and removed by its owner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import select

from dialplan.rows import PersonRow, SiteRows
from webadmin import audit
from webadmin.accounts.service import Place, invite
from webadmin.auth.letters import send_account_link
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.delegation.invitations import accounts_of, forget_if_idle
from webadmin.delegation.service import refusal
from webadmin.guests import service as passes
from webadmin.models import Account, Person, Site, Unit
from webadmin.people import service
from webadmin.resident.acting import published, tell_pbx
from webadmin.resident.answers import Body, Problem, nothing_there, taken
from webadmin.resident.whose import Own, own_at, own_people

EMAIL = r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,40}$"


class Invited(Body):
    """Who shall live in the flat and get the app."""

    site: Annotated[str, Field(min_length=1, max_length=253)]
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
    email: Annotated[
        str, Field(max_length=254, pattern=r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,40}$")
    ]


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/household")(household)
    api.post("/household")(invite_member)
    api.delete("/household/<int:key>")(remove_member)


def household() -> ResponseReturnValue:
    """Everybody of the flats one lives in; addresses only where one looks after the flat."""
    found, may = [], []
    with lifted():
        session = db.session()
        for own in own_people():
            if own.person.unit_id is None:
                continue
            looks_after = not refusal(session, g.reach, own.person.unit_id)
            if looks_after and not refusal(session, g.reach, own.person.unit_id, more=1):
                may.append(own.site.domain)
            query = select(Person).where(Person.unit_id == own.person.unit_id).order_by(Person.position)
            for person in session.scalars(query):
                me = person.id == own.person.id
                emails = [account.email for account, _ in accounts_of(session, person.id)]
                shown = emails[0] if emails and (me or looks_after) else None
                row = {"id": person.id, "site": own.site.domain, "name": person.name, "email": shown}
                found.append({**row, "me": me, "removable": looks_after and not me})
    return {"household": found, "may_invite": may}


def invite_member() -> ResponseReturnValue:
    """Somebody moves in and is invited to the app by e-mail."""
    body, at = taken(Invited), datetime.now(UTC)
    own = own_at(body.site)
    unit = _looked_after(own, more=1)
    organisation_id, site_id, name = own.site.organisation_id, own.site.id, body.name.strip()
    made: list[str] = []

    def edit(rows: SiteRows) -> SiteRows:
        _looked_after(own, more=1)  # again under the write lock: somebody may have been quicker
        before = {person.id for person in rows.people}
        rows = service.move_in(PersonRow("", name, unit=unit), "", False)(rows)
        made[:] = [person.id for person in rows.people if person.id not in before]
        return rows

    published(site_id, edit, f"{name} moved in")
    with lifted(), writing() as session:
        where = (Person.site_id == site_id, Person.ref == made[0])
        person = session.scalars(select(Person).where(*where)).one()
        place = Place("", name, "resident", organisation_id, person_id=person.id)
        account, code = invite(session, g.account.email, name, body.email, place, at)
        address, key = account.email, person.id
    if code:
        send_account_link(address, code, "invitation")
    tell_pbx()
    return {"id": key, "sent": bool(code)}, 201


def remove_member(key: int) -> ResponseReturnValue:
    """Somebody moves out: devices, passes and log-ins end at once."""
    own, person = _member(key)
    _looked_after(own)
    site_id, ref, at = own.site.id, person.ref, datetime.now(UTC)
    with lifted():
        accounts = [account.id for account, _ in accounts_of(db.session(), key)]
    published(site_id, service.move_out(ref), f"{ref} moved out")
    with lifted(), writing() as session:
        site = session.get_one(Site, site_id)
        passes.revoke_of(session, site, [ref])
        for account_id in accounts:
            account = session.get(Account, account_id)
            if account is not None:
                forget_if_idle(session, account)
        audit.record(session, at, g.account.email, "took away the roles", ref, site.organisation_id)
    tell_pbx()
    return "", 204


def _member(key: int) -> tuple[Own, Person]:
    with lifted():
        person = db.session.get(Person, key)
    for own in own_people():
        if person is None or own.person.unit_id is None or own.person.unit_id != person.unit_id:
            continue
        if own.person.id != person.id:
            return own, person
    raise nothing_there()


def _looked_after(own: Own, more: int = 0) -> str:
    """The flat's id in its site, if one may say who lives there.

    Raises:
        Problem: one may not, or there are enough already (403).
    """
    with lifted():
        session, unit_id = db.session(), own.person.unit_id
        reason = refusal(session, g.reach, unit_id, site_id=own.site.id, more=more)
        unit = session.get(Unit, unit_id) if unit_id is not None else None
    if reason or unit is None:
        raise Problem(403, "not_left_to_you", reason or "This is not yours to change")
    return unit.ref
