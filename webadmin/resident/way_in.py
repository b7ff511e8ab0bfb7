"""In and out by JSON: the same checks, limits and sessions as the pages have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, cast

from flask import Blueprint, current_app, request, session
from flask.typing import ResponseReturnValue
from pydantic import Field

from webadmin import audit
from webadmin.auth import entering, limits, second_factor
from webadmin.auth.arriving import come_in
from webadmin.auth.reach import lifted
from webadmin.auth.sessions import ServerSession
from webadmin.db import db, writing
from webadmin.models import Account
from webadmin.resident.answers import Body, Problem, taken
from webadmin.sealing import Sealer

WRONG_CODE = "That code is not right. It changes every 30 seconds."


class LogIn(Body):
    """E-mail and password."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=400)]


class Code(Body):
    """A code of the second factor, or a recovery code."""

    code: Annotated[str, Field(min_length=6, max_length=40)]


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.post("/login")(login)
    api.post("/login/totp")(totp)
    api.get("/login/enrol")(enrol)
    api.post("/login/enrol")(take_enrolment)
    api.post("/logout")(logout)


def login() -> ResponseReturnValue:
    """Check the password; says what is next."""
    body, at = taken(LogIn), datetime.now(UTC)
    with lifted(), writing() as database:
        found = entering.sign_in(database, body.email, body.password, request.remote_addr or "", at)
        account_id = 0 if isinstance(found, entering.Refusal) else found.id
    if isinstance(found, entering.Refusal):
        wait = found is entering.WAIT
        raise Problem(429 if wait else 401, "too_many_tries" if wait else "wrong", found.reason)
    forced = current_app.config["DOORLINE"].webadmin.second_factor
    with lifted(), writing() as database:
        account = database.get_one(Account, account_id)
        stage = "second" if account.totp_secret is not None else "in"
        if stage == "in" and entering.needs_second_factor(database, account, forced):
            stage = "enrol"
        if stage == "in":
            come_in(database, account, at)
    _own().begin(stage=stage, account=str(account_id))
    return {"next": {"second": "totp", "enrol": "enrol"}.get(stage, "in")}


def totp() -> ResponseReturnValue:
    """Check the second factor."""
    body, at, account_id = taken(Code), datetime.now(UTC), _on_the_way("second")
    key = f"second {account_id} {limits.place(request.remote_addr or '')}"
    with lifted(), writing() as database:
        account = database.get_one(Account, account_id)
        refused = limits.too_many(database, at, key, entering.TRIES)
        right = not refused and second_factor.check(database, _sealer(), account, body.code, at)
        if right:
            limits.forget(database, key)
            come_in(database, account, at)
    if refused:
        raise Problem(429, "too_many_tries", entering.WAIT.reason)
    if not right:
        raise Problem(401, "wrong", WRONG_CODE, "code")
    _own().begin(stage="in", account=str(account_id))
    return {"next": "in"}


def enrol() -> ResponseReturnValue:
    """A secret for an authenticator, as text and as the address of a QR code."""
    account_id = _enrolling()
    with lifted():
        email = db.session.get_one(Account, account_id).email
    if not session.get("secret"):
        session["secret"] = second_factor.new_secret()
    return {"secret": session["secret"], "address": second_factor.address(session["secret"], email)}


def take_enrolment() -> ResponseReturnValue:
    """Take the secret when a code proves that the authenticator has it; the recovery codes are shown once."""
    body, at, account_id = taken(Code), datetime.now(UTC), _enrolling()
    secret = session.get("secret", "")
    step = second_factor.step_of(secret, body.code, at) if secret else None
    if step is None:
        raise Problem(401, "wrong", WRONG_CODE, "code")
    with lifted(), writing() as database:
        account = database.get_one(Account, account_id)
        codes = second_factor.enrol(database, _sealer(), account, secret, step)
        come_in(database, account, at)
        audit.record(database, at, account.email, "set up a second factor", account.email)
    _own().begin(stage="in", account=str(account_id))
    return {"next": "in", "recovery_codes": codes}


def logout() -> ResponseReturnValue:
    """End the session here and on the server; whoever has none is out already."""
    _own().end()
    return "", 204


def _enrolling() -> int:
    """Whose second factor is set up: one must have it, or wants it and has none yet.

    Raises:
        Problem: nobody's (401), or there is one already (409): only an admin takes that away.
    """
    if session.get("stage") != "in":
        return _on_the_way("enrol")
    with lifted():
        account = db.session.get_one(Account, int(session["account"]))
    if account.totp_secret is not None:
        raise Problem(409, "has_one", "There is a second factor already. An admin can take it away.")
    return account.id


def _on_the_way(stage: str) -> int:
    """The account that is half inside.

    Raises:
        Problem: nobody is, by that way (401).
    """
    if session.get("stage") != stage:
        raise Problem(401, "signed_out", "You are not logged in")
    return int(session["account"])


def _own() -> ServerSession:
    return cast(ServerSession, session)


def _sealer() -> Sealer:
    return cast(Sealer, current_app.extensions["doorline.sealer"])
