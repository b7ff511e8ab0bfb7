"""Pages of the way in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import segno
from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from webadmin import audit
from webadmin.auth import entering, limits, second_factor
from webadmin.auth.arriving import come_in
from webadmin.auth.forms import CodeForm, FirstAccountForm, ForgotForm, PasswordForm, SignInForm
from webadmin.auth.letters import send_account_link
from webadmin.auth.links import is_good, use_link
from webadmin.auth.reach import lifted
from webadmin.auth.sessions import ServerSession
from webadmin.auth.wall import EVERYBODY, open_to
from webadmin.db import db, writing
from webadmin.models import Account
from webadmin.sealing import Sealer

pages = Blueprint("auth", __name__)


@pages.get("/enter/<code>")
def enter(code: str) -> ResponseReturnValue:
    """Show the button: a link that only was looked at, by a mail scanner or a preview, is not used up."""
    if not is_good(db.session(), code, datetime.now(UTC)):
        return render_template("auth/stale.html", machine=True), 410
    hours = current_app.config["DOORLINE"].webadmin.session_hours
    return render_template("auth/enter.html", code=code, hours=hours)


@pages.post("/enter/<code>")
def use(code: str) -> ResponseReturnValue:
    """Use the link: who holds the machine becomes its first owner, or comes in as that one."""
    at = datetime.now(UTC)
    with lifted(), writing() as database:
        used = use_link(database, code, at)
        owner = next(iter(entering.owners(database)), None)
        owner_id = owner.id if owner is not None else 0
        if used and owner is not None:
            audit.record(database, at, owner.email, "came in by a link of the machine", owner.email)
    if not used:
        return render_template("auth/stale.html", machine=True), 410
    if not owner_id:
        _own().begin(stage="first")
        return redirect(url_for("auth.first"), 303)
    _own().begin(stage="in", account=str(owner_id))
    return redirect(url_for("overview.home"), 303)


@pages.get("/first-account")
def first() -> ResponseReturnValue:
    """The form of the first account."""
    return render_template("auth/first.html", form=FirstAccountForm(formdata=None))


@pages.post("/first-account")
def make_first() -> ResponseReturnValue:
    """Make the system owner."""
    form = FirstAccountForm()
    form.account_email = form.text("email")
    if not form.validate():
        return render_template("auth/first.html", form=form), 422
    with lifted(), writing() as database:
        account = entering.make_first(
            database, form.text("name"), form.text("email"), form.text("password"), datetime.now(UTC)
        )
        account_id = account.id if account is not None else 0
    if not account_id:
        abort(409)
    return _go_on(account_id)


@pages.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form of everybody else."""
    return render_template("auth/sign_in.html", form=SignInForm(formdata=None))


@pages.post("/sign-in")
def try_sign_in() -> ResponseReturnValue:
    """Check the password."""
    form = SignInForm()
    if not form.validate():
        return render_template("auth/sign_in.html", form=form), 422
    with lifted(), writing() as database:
        at, address = datetime.now(UTC), form.text("email")
        found = entering.sign_in(database, address, form.text("password"), _source(), at)
        account_id = 0 if isinstance(found, entering.Refusal) else found.id
    if isinstance(found, entering.Refusal):
        return render_template("auth/sign_in.html", form=form, refusal_text=found.reason), 401
    return _go_on(account_id)


@pages.get("/second-factor")
def second() -> ResponseReturnValue:
    """Ask for the code."""
    return render_template("auth/second.html", form=CodeForm(formdata=None))


@pages.post("/second-factor")
def try_second() -> ResponseReturnValue:
    """Check the code."""
    form, at = CodeForm(), datetime.now(UTC)
    key = f"second {session['account']} {_source()}"
    with lifted(), writing() as database:
        account = database.get_one(Account, int(session["account"]))
        refused = limits.too_many(database, at, key, entering.TRIES)
        right = not refused and second_factor.check(database, _sealer(), account, form.text("code"), at)
        if right:
            limits.forget(database, key)
            come_in(database, account, at)
    if right:
        _own().begin(stage="in", account=str(session["account"]))
        return redirect(url_for("overview.home"), 303)
    reason = entering.WAIT.reason if refused else "That code is not right. It changes every 30 seconds."
    return render_template("auth/second.html", form=form, refusal_text=reason), 401


@pages.get("/second-factor/set-up")
@open_to(*EVERYBODY)
def enrol() -> ResponseReturnValue:
    """Show a secret as a QR code."""
    with lifted():
        account = db.session.get(Account, int(session["account"]))
    if account is None:
        abort(404)
    return _show_enrolment(account.email, CodeForm(formdata=None), "")


@pages.post("/second-factor/set-up")
@open_to(*EVERYBODY)
def try_enrol() -> ResponseReturnValue:
    """Take the secret when a code proves that the app has it."""
    form, at = CodeForm(), datetime.now(UTC)
    secret = session.get("secret", "")
    step = second_factor.step_of(secret, form.text("code"), at) if secret else None
    with lifted(), writing() as database:
        account = database.get_one(Account, int(session["account"]))
        email = account.email
        codes: list[str] = []
        if step is not None:
            codes = second_factor.enrol(database, _sealer(), account, secret, step)
            come_in(database, account, at)
            audit.record(database, at, email, "set up a second factor", email)
    if step is None:
        return _show_enrolment(email, form, "That code is not right. It changes every 30 seconds.")
    _own().begin(stage="in", account=str(session["account"]))
    return render_template("auth/codes.html", codes=codes)


@pages.get("/forgotten-password")
def forgot() -> ResponseReturnValue:
    """Ask for the address."""
    return render_template("auth/forgot.html", form=ForgotForm(formdata=None))


@pages.post("/forgotten-password")
def send_link() -> ResponseReturnValue:
    """Send a link if there is such an account, and say the same if there is not."""
    form, at = ForgotForm(), datetime.now(UTC)
    if not form.validate():
        return render_template("auth/forgot.html", form=form), 422
    address = form.text("email").lower()
    with lifted(), writing() as database:
        refused = limits.too_many(database, at, f"forgot {_source()}", TRIES_TO_FORGET)
        refused = limits.too_many(database, at, f"forgot {address}", 3) or refused
        account = database.scalars(select(Account).where(Account.email == address)).one_or_none()
        code = ""
        if account is not None and not account.blocked and not refused:
            code = entering.make_account_link(database, account, "password", at)
    if code:
        send_account_link(address, code, "password")
    return render_template("auth/forgot.html", form=form, sent=True)


TRIES_TO_FORGET = 5


@pages.get("/choose-password/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Ask for a password; looking does not use the link up."""
    with lifted():
        account = entering.account_of_link(db.session(), code, datetime.now(UTC))
    if account is None:
        return render_template("auth/stale.html", machine=False), 410
    return render_template("auth/choose.html", form=PasswordForm(formdata=None), email=account.email)


@pages.post("/choose-password/<code>")
def set_password(code: str) -> ResponseReturnValue:
    """Set the password and come in."""
    form, at = PasswordForm(), datetime.now(UTC)
    with lifted():
        account = entering.account_of_link(db.session(), code, at)
        form.account_email = account.email if account is not None else ""
    if account is None:
        return render_template("auth/stale.html", machine=False), 410
    if not form.validate():
        return render_template("auth/choose.html", form=form, email=form.account_email), 422
    with lifted(), writing() as database:
        account = entering.choose_password(database, code, form.text("password"), at)
        account_id = account.id if account is not None else 0
    if not account_id:
        return render_template("auth/stale.html", machine=False), 410
    return _go_on(account_id)


@pages.post("/sign-out")
@open_to(*EVERYBODY)
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    _own().end()
    return render_template("auth/outside.html", signed_out=True)


def _go_on(account_id: int) -> ResponseReturnValue:
    """The password was right: what is next?"""
    forced = current_app.config["DOORLINE"].webadmin.second_factor
    with lifted(), writing() as database:
        account = database.get_one(Account, account_id)
        if account.totp_secret is not None:
            stage = "second"
        elif entering.needs_second_factor(database, account, forced):
            stage = "enrol"
        else:
            stage = "in"
            come_in(database, account, datetime.now(UTC))
    _own().begin(stage=stage, account=str(account_id))
    return redirect("/", 303)


def _show_enrolment(email: str, form: CodeForm, refusal: str) -> ResponseReturnValue:
    if not session.get("secret"):
        session["secret"] = second_factor.new_secret()
    secret = session["secret"]
    picture = segno.make(second_factor.address(secret, email), error="m", micro=False)
    svg = Markup(picture.svg_inline(scale=5, border=2, dark="#000", light="#fff"))  # made from our own text
    page = render_template("auth/enrol.html", form=form, picture=svg, secret=secret, refusal_text=refusal)
    return page, 401 if refusal else 200


def _source() -> str:
    return limits.place(request.remote_addr or "")


def _sealer() -> Sealer:
    sealer: Sealer = current_app.extensions["doorline.sealer"]
    return sealer


def _own() -> ServerSession:
    return cast(ServerSession, session)
