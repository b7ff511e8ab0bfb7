"""Letting a resident into the app, and out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from flask import abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from wtforms import BooleanField

from webadmin import audit
from webadmin.accounts.service import Place, invite
from webadmin.auth import entering
from webadmin.auth.letters import link_address, send_account_link
from webadmin.auth.reach import lifted
from webadmin.auth.wall import open_to
from webadmin.db import db, writing
from webadmin.delegation.routes import pages
from webadmin.delegation.service import refusal, runs
from webadmin.editing.act import nudge
from webadmin.forms import Form, LineField, email, needed
from webadmin.models import Account, AccountLink, Device, Membership, Person
from webadmin.post import Post
from webadmin.publishing import log_ins
from webadmin.publishing.log_ins import NoSuchLogIn
from webadmin.shell import here, note


class AppForm(Form):
    """Who shall log in to the app as this person."""

    email = LineField("E-mail", [needed, email], render_kw={"inputmode": "email", "autocomplete": "off"})
    owner = BooleanField("Looks after the unit", description="May do what you leave to unit owners.")


def accounts_of(session: Session, person_id: int) -> Sequence[tuple[Account, str]]:
    """Who logs in as a person, each with the role; for the server's own use (`lifted`)."""
    query = select(Account, Membership.role).join(Membership, Membership.account_id == Account.id)
    found = session.execute(query.where(Membership.person_id == person_id).order_by(Account.id))
    return [(account, role) for account, role in found]


@pages.post("/people/<int:key>/app")
@open_to("unit_owner")
def let_in(key: int) -> ResponseReturnValue:
    """Invite a person to the app; an admin may make them the unit's owner too."""
    person, form = _found(key), AppForm()
    site = here(person.site_id)
    if not form.validate_on_submit():
        note("Write an e-mail address such as kari@example.no.")
        return redirect(url_for("people.show", key=key), 303)
    owner = bool(form.owner.data) and person.unit_id is not None
    if owner and not runs(db.session(), g.reach, person.unit_id):
        abort(403)
    role, unit_id = ("unit_owner", person.unit_id) if owner else ("resident", None)
    place = Place("", person.name, role, site.organisation_id, unit_id=unit_id, person_id=key)
    with lifted(), writing() as session:
        account, code = invite(
            session, g.account.email, person.name, form.text("email"), place, datetime.now(UTC)
        )
        address = account.email
    if not code:
        nudge()
        note("{0} has an account already and can log in.", address)
        return redirect(url_for("people.show", key=key), 303)
    sent = send_account_link(address, code, "invitation")
    post: Post = current_app.extensions["doorline.post"]
    back = url_for("people.show", key=key)
    return render_template(
        "accounts/invited.html",
        address=address,
        link=link_address(code),
        sent=sent,
        local=post.is_local,
        back=back,
    )


@pages.post("/people/<int:key>/app/<int:account_id>/end")
@open_to("unit_owner")
def let_out(key: int, account_id: int) -> ResponseReturnValue:
    """Somebody no longer logs in as this person; the apps of one as whom nobody does are out as well."""
    person, at = _found(key), datetime.now(UTC)
    domain = here(person.site_id).domain
    with lifted(), writing() as session:
        mine = (Membership.person_id == key, Membership.account_id == account_id)
        account = session.get(Account, account_id)
        if account is None or session.scalars(select(Membership).where(*mine)).first() is None:
            abort(404)
        address = account.email
        session.execute(delete(Membership).where(*mine))
        if not accounts_of(session, key):
            _revoke_apps(session, domain, key, at)
        forget_if_idle(session, account)
        audit.record(session, at, g.account.email, "took away the roles", address)
    nudge()
    note("{0} can no longer log in as {1}.", address, person.name)
    return redirect(url_for("people.show", key=key), 303)


def _revoke_apps(session: Session, domain: str, person_id: int, at: datetime) -> None:
    """An app keeps the log-in it was given: without this it would go on to ring, and to open doors."""
    for device in session.scalars(select(Device).where(Device.person_id == person_id, Device.kind == "app")):
        with suppress(NoSuchLogIn):
            log_ins.revoke(session, domain, device.ref, at)


def forget_if_idle(session: Session, account: Account) -> None:
    """End the log-ins of an account, and erase it when no role is left."""
    entering.end_sessions(session, account.id)
    left = select(func.count()).select_from(Membership).where(Membership.account_id == account.id)
    if not session.scalar(left):
        session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
        session.delete(account)


def _found(key: int) -> Person:
    person = db.session.get(Person, key)
    if person is None:
        abort(404)
    if refusal(db.session(), g.reach, person.unit_id, site_id=person.site_id):
        abort(403)
    return person
