"""Passes that a resident gives, within the bounds of the house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from flask import Blueprint, current_app, g, request
from flask.typing import ResponseReturnValue
from pydantic import AwareDatetime, ConfigDict, Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.delegation.service import Bounds, bounds_of_unit
from webadmin.guests import service
from webadmin.guests.uses import uses_of
from webadmin.models import GuestPass, Person, Site
from webadmin.resident.acting import tell_pbx
from webadmin.resident.answers import Body, Problem, nothing_there, taken
from webadmin.resident.whose import own_at, own_people

NOT_LEFT = "The admin of this house sees to passes. Ask there."
TOO_MANY = "There are too many passes already. Revoke one first."
TOO_LONG = "A pass lasts {0} days at most in this house."


class NewPass(Body):
    """Who may come, where, when, how often."""

    model_config = ConfigDict(extra="forbid", strict=False)

    site: Annotated[str, Field(min_length=1, max_length=253)]
    label: Annotated[str, Field(min_length=1, max_length=120)]
    doors: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=20)]
    start: AwareDatetime
    end: AwareDatetime
    uses: Annotated[int, Field(ge=1, le=100)] | None = None


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/guests")(guests)
    api.post("/guests")(make_guest)
    api.delete("/guests/<key>")(revoke_guest)


def guests() -> ResponseReturnValue:
    """One's own passes, of every site."""
    at, found = datetime.now(UTC), []
    pbx_url = current_app.config["DOORLINE"].database.pbx_url
    for own in own_people():
        used = uses_of(pbx_url, own.site.domain)
        with lifted():
            views = service.passes(db.session(), own.site, host=own.person.ref, at=at, used=used)
        for view in views:
            found.append(
                {
                    "id": f"{own.site.domain}:{view.ref}",
                    "site": own.site.domain,
                    "label": view.label,
                    "doors": list(view.doors),
                    "start": view.start.isoformat(),
                    "end": view.end.isoformat(),
                    "uses": view.uses,
                    "used": view.used,
                    "state": view.state,
                }
            )
    return {"guests": found}


def make_guest() -> ResponseReturnValue:
    """A pass; its link and PIN are shown now and never again."""
    body, at = taken(NewPass), datetime.now(UTC)
    own = own_at(body.site)
    doors = tuple(body.doors)
    wish = service.Wish(body.label, doors, body.start, body.end, body.uses, own.person.ref, g.account.email)
    site_id, domain, person_id = own.site.id, own.site.domain, own.person.id
    try:
        with lifted(), writing() as session:
            site = session.get_one(Site, site_id)
            _within(session, site, person_id, body, at)
            made = service.make(session, site, wish, at)
    except service.PassRefused as fault:
        field = {"window": "end", "host": None}.get(fault.field, fault.field)
        raise Problem(422, "refused", fault.reason, field) from None
    tell_pbx()
    public = current_app.config["DOORLINE"].webadmin.public_url
    link = service.share_link(public or request.host_url, made.token)
    return {"id": f"{domain}:{made.ref}", "link": link, "pin": made.pin}, 201


def revoke_guest(key: str) -> ResponseReturnValue:
    """Nothing of this pass works any more."""
    domain, _, ref = key.partition(":")
    own = own_at(domain)
    site_id, host = own.site.id, own.person.ref
    with lifted(), writing() as session:
        site = session.get_one(Site, site_id)
        done = service.revoke(session, site, ref, datetime.now(UTC), host=host)
    if not done:
        raise nothing_there()
    tell_pbx()
    return "", 204


def _within(session: Session, site: Site, person_id: int, body: NewPass, at: datetime) -> None:
    """Keep to what the house's admin allows; passes count for the whole unit.

    Raises:
        Problem: it is more than that.
    """
    person = session.get_one(Person, person_id)
    bounds = bounds_of_unit(session, person.unit_id) if person.unit_id is not None else Bounds()
    if not bounds.guests:
        raise Problem(403, "not_left_to_you", NOT_LEFT)
    living = (GuestPass.site == site.domain, GuestPass.state == "active", GuestPass.ends_at > at)
    given = select(func.count()).select_from(GuestPass).where(*living, GuestPass.host.in_(_household(person)))
    if (session.scalar(given) or 0) >= bounds.most_guests:
        raise Problem(409, "too_many", TOO_MANY)
    if body.end - max(body.start, at) > timedelta(days=bounds.guest_days):
        raise Problem(422, "too_long", TOO_LONG, "end", bounds.guest_days)


def _household(person: Person) -> Select[Any]:
    """Who shares the cap: everybody of the unit; somebody without one alone."""
    query = select(Person.ref).where(Person.site_id == person.site_id)
    if person.unit_id is None:
        return query.where(Person.id == person.id)
    return query.where(Person.unit_id == person.unit_id)
