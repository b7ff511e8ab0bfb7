"""Pages about accounts: everybody's, one's own, and the audit."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin import audit
from webadmin.accounts import service
from webadmin.accounts.forms import InviteForm, OwnPasswordForm
from webadmin.auth import entering, limits, passwords
from webadmin.auth.letters import link_address, send_account_link
from webadmin.auth.reach import lifted
from webadmin.auth.sessions import token_hash
from webadmin.auth.wall import EVERYBODY, open_to, organisation_only
from webadmin.browsers import browser_name
from webadmin.db import db, writing
from webadmin.forms import choices
from webadmin.languages import translate
from webadmin.models import Account, AuditEntry, Membership, WebSession
from webadmin.post import Post
from webadmin.shell import note

pages = Blueprint("accounts", __name__)
ROLE_WORDS = {
    "system_owner": "The whole system",
    "organisation_admin": "Organisation: {0}",
    "building_admin": "Building: {0}",
}


@pages.get("/accounts")
@organisation_only
def index() -> ResponseReturnValue:
    """Everybody within reach."""
    listed = service.accounts(db.session(), g.reach)
    return render_template("accounts/index.html", listed=listed, words=ROLE_WORDS)


@pages.route("/accounts/invite", methods=["GET", "POST"])
@organisation_only
def invite() -> ResponseReturnValue:
    """Let somebody in."""
    form = InviteForm()
    possible = {place.key: place for place in service.places(db.session(), g.reach)}
    form.where.choices = choices(
        (place.key, translate(g.language, ROLE_WORDS[place.role], place.name)) for place in possible.values()
    )
    if not form.validate_on_submit():
        return render_template("accounts/invite.html", form=form), 422 if form.is_submitted() else 200
    who, place = g.account.email, possible[form.where.data]
    with lifted(), writing() as database:
        account, code = service.invite(
            database, who, form.text("name"), form.text("email"), place, datetime.now(UTC)
        )
        address = account.email
    if not code:
        note("{0} has an account already and can log in.", address)
        return redirect(url_for("accounts.index"), 303)
    sent = send_account_link(address, code, "invitation")
    post: Post = current_app.extensions["doorline.post"]
    return render_template(
        "accounts/invited.html", address=address, link=link_address(code), sent=sent, local=post.is_local
    )


@pages.get("/accounts/<int:account_id>")
@organisation_only
def show(account_id: int) -> ResponseReturnValue:
    """One account."""
    account = _found(account_id)
    all_of_them = service.accounts(db.session(), g.reach)
    listed = next((each for each in all_of_them if each.account is account), None)
    if listed is None:  # somebody who only lives here
        abort(404)
    return render_template("accounts/show.html", listed=listed, words=ROLE_WORDS, mine=_may_change(account))


@pages.post("/accounts/<int:account_id>/leave")
@organisation_only
def leave(account_id: int) -> ResponseReturnValue:
    """Take its roles away."""
    account, who, reach = _found(account_id), g.account.email, g.reach
    address = account.email
    try:
        with lifted(), writing() as database:
            service.leave(database, who, database.get_one(Account, account_id), reach, datetime.now(UTC))
    except service.LastOwner:
        note("Somebody must own the system. Invite another owner first.")
        return redirect(url_for("accounts.show", account_id=account_id), 303)
    note("{0} can no longer log in here.", address)
    return redirect(url_for("accounts.index"), 303)


@pages.post("/accounts/<int:account_id>/new-phone")
@organisation_only
def new_phone(account_id: int) -> ResponseReturnValue:
    """Forget its second factor."""
    account, who = _found(account_id), g.account.email
    if not _may_change(account):
        abort(403)
    with lifted(), writing() as database:
        service.forget_second_factor(database, who, database.get_one(Account, account_id), datetime.now(UTC))
    note("At the next log-in a new second factor is set up.")
    return redirect(url_for("accounts.show", account_id=account_id), 303)


@pages.get("/me")
@open_to(*EVERYBODY)
def me() -> ResponseReturnValue:
    """One's own account."""
    return _own_page(OwnPasswordForm(formdata=None))


@pages.post("/me/password")
@open_to(*EVERYBODY)
def change_password() -> ResponseReturnValue:
    """A new password; other log-ins end."""
    form = OwnPasswordForm()
    form.account_email = g.account.email
    account_id, at = g.account.id, datetime.now(UTC)
    good = form.validate_on_submit()
    if good:
        form.old.errors = _old_faults(form.text("old"), at)
        good = not form.old.errors
    if not good:
        return _own_page(form), 422
    with lifted(), writing() as database:
        account = database.get_one(Account, account_id)
        account.password_hash = passwords.make_hash(form.text("password"))
        entering.end_sessions(database, account_id, but=_token())
        audit.record(database, at, account.email, "chose a password", account.email)
    note("The new password holds. Other browsers are logged out.")
    return redirect(url_for("accounts.me"), 303)


def _old_faults(old: str, at: datetime) -> list[str]:
    """What is wrong with the password somebody says is the present one. Whoever has another's
    browser does not find it out by trying.
    """
    right, key = passwords.matches(g.account.password_hash, old), f"password {g.account.id}"
    with lifted(), writing() as database:
        if limits.too_many(database, at, key, entering.TRIES):
            return [entering.WAIT.reason]
        if right:
            limits.forget(database, key)
    return [] if right else ["That is not the password you have now."]


@pages.post("/me/end-others")
@open_to(*EVERYBODY)
def end_others() -> ResponseReturnValue:
    """End every other log-in."""
    with lifted(), writing() as database:
        entering.end_sessions(database, g.account.id, but=_token())
    note("Other browsers are logged out.")
    return redirect(url_for("accounts.me"), 303)


@pages.get("/audit")
@organisation_only
def entries() -> ResponseReturnValue:
    """Who changed what about accounts and sites."""
    newest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(200)
    return render_template("accounts/audit.html", entries=db.session.scalars(newest).all())


def _own_page(form: OwnPasswordForm) -> str:
    with lifted():
        browsers = db.session.scalars(
            select(WebSession).where(WebSession.account_id == g.account.id).order_by(WebSession.begun_at)
        ).all()
    names = {each.token_hash: browser_name(g.language, each.browser) for each in browsers}
    return render_template("accounts/me.html", form=form, browsers=browsers, names=names, token=_token())


def _found(account_id: int) -> Account:
    account = db.session.get(Account, account_id)
    if account is None:
        abort(404)
    return account


def _may_change(account: Account) -> bool:
    """Whether everything the account may do lies within one's own reach."""
    with lifted():
        rows = db.session.scalars(select(Membership).where(Membership.account_id == account.id)).all()
    return g.reach.everything or all(row.organisation_id in g.reach.organisations for row in rows)


def _token() -> str:
    return token_hash(getattr(session, "token", "") or "")
