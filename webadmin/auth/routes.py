"""Pages of the way in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from webadmin.auth.links import is_good, use_link
from webadmin.auth.sessions import ServerSession
from webadmin.db import db, writing

pages = Blueprint("auth", __name__)


@pages.get("/enter/<code>")
def enter(code: str) -> ResponseReturnValue:
    """Show the button: a link that only was looked at, by a mail scanner or a preview, is not used up."""
    if not is_good(db.session(), code, datetime.now(UTC)):
        return render_template("auth/stale.html"), 410
    hours = current_app.config["DOORLINE"].webadmin.session_hours
    return render_template("auth/enter.html", code=code, hours=hours)


@pages.post("/enter/<code>")
def use(code: str) -> ResponseReturnValue:
    """Use the link. The code itself keeps other sites from posting this form."""
    with writing() as database:
        used = use_link(database, code, datetime.now(UTC))
    if not used:
        return render_template("auth/stale.html"), 410
    _own().begin(role="owner")
    return redirect(url_for("overview.home"), 303)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    _own().end()
    return render_template("auth/outside.html", signed_out=True)


def _own() -> ServerSession:
    return cast(ServerSession, session)
