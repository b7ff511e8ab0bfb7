"""The wall: nothing answers without a session except what stands in one short list."""

from __future__ import annotations

from flask import Flask, abort, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

OPEN_TO_ALL = frozenset({"health", "static", "auth.enter", "auth.use"})

csrf = CSRFProtect()


def build(app: Flask) -> None:
    """Put the wall in front of every route of `app`, also of those that do not exist."""

    def guard() -> ResponseReturnValue | None:
        if request.endpoint in OPEN_TO_ALL or session.get("role"):
            return None
        if getattr(session, "unknown", False):
            abort(503)
        return render_template("auth/outside.html", signed_out=False), 401

    app.before_request(guard)
    csrf.init_app(app)
    csrf.exempt("webadmin.auth.routes.use")
