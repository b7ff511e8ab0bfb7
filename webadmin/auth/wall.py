"""The wall: nothing answers without a session except what stands in one short list, nothing answers fully
without the second factor where a role must have one, and every query of the request is narrowed (`reach`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from webadmin.auth.entering import reach_of
from webadmin.auth.reach import NOTHING, Reach, lifted, raise_wall
from webadmin.db import db
from webadmin.models import Account

OPEN_TO_ALL = frozenset(
    {
        *("health", "authority", "static", "auth.enter", "auth.use", "auth.sign_in", "auth.try_sign_in"),
        *("auth.forgot", "auth.send_link", "auth.choose", "auth.set_password", "devices.provision"),
        *("api.login", "api.logout", "api.pair", "faces.app_root", "faces.app_file", "faces.station"),
        *("faces.kiosk_root", "faces.kiosk_file", "guest.show", "guest.open_door", "guest.line"),
        "papers.passes",
    }
)
ON_THE_WAY = {
    "first": ("auth.first", "auth.make_first"),
    "second": ("auth.second", "auth.try_second", "api.totp"),
    "enrol": ("auth.enrol", "auth.try_enrol", "api.enrol", "api.take_enrolment"),
}
"""Pages of somebody who is only half inside, by how far."""

EVERYBODY = ("unit_owner", "resident", "guest")
View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()


def build(app: Flask) -> None:
    """Put the wall in front of every route of `app`, also of those that do not exist."""

    def guard() -> ResponseReturnValue | None:
        for name in ("site", "sites", "csrf_token"):
            g.pop(name, None)  # an application context may hold more than one request
        raise_wall(NOTHING)
        g.account = None
        _refuse_foreign_forms()
        if request.endpoint in OPEN_TO_ALL:
            return None
        if getattr(session, "unknown", False):
            abort(503)
        if request.blueprint == "api":
            _refuse_foreign_forms()
            _admit_resident()
            return None
        return _admit() or None

    app.before_request(guard)
    csrf.init_app(app)
    for name in ("use", "try_sign_in", "send_link", "set_password"):
        csrf.exempt(f"webadmin.auth.routes.{name}")
    for name in ("login", "totp", "take_enrolment", "logout"):
        csrf.exempt(f"webadmin.resident.way_in.{name}")
    csrf.exempt("webadmin.resident.pairing.pair")
    csrf.exempt("webadmin.guests.visit.open_door")
    csrf.exempt("webadmin.guests.visit.line")


def organisation_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view that admins of single buildings have no use for."""
    view.organisation_only = True  # type: ignore[attr-defined]
    return view


def system_owner_only(view: View) -> View:
    """Mark a view about the machine, which every organisation on it shares."""
    view.system_owner_only = True  # type: ignore[attr-defined]
    return view


def open_to(*roles: str) -> Callable[[View], View]:
    """Mark a view that these roles of residents may use too; without the mark only admins may."""

    def mark(view: View) -> View:
        view.open_to = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def may_use(view: object, reach: Reach) -> bool:
    """Whether a view is for somebody with this reach. What it shows is narrowed besides."""
    if getattr(view, "system_owner_only", False):
        return reach.everything
    if not reach.admin:
        return reach.role in getattr(view, "open_to", ())
    return reach.role != "building_admin" or not getattr(view, "organisation_only", False)


def _admit() -> ResponseReturnValue | None:
    stage = session.get("stage", "")
    if stage in ON_THE_WAY:
        if request.endpoint in (*ON_THE_WAY[stage], "auth.sign_out"):
            return None
        return redirect(url_for(ON_THE_WAY[stage][0]), 303)
    with lifted():
        account = db.session.get(Account, int(session.get("account") or 0)) if stage == "in" else None
        reach = reach_of(db.session(), account.id, datetime.now(UTC)) if account is not None else NOTHING
    if account is None or account.blocked or not reach.role:
        return render_template("auth/outside.html", signed_out=False), 401
    if any(request.endpoint in pages for pages in ON_THE_WAY.values()) and request.endpoint not in (
        "auth.enrol",
        "auth.try_enrol",
    ):
        return redirect("/", 303)
    g.account = account
    view = _view()
    # Whoever runs one house and lives in another must not run the other by the pages of an admin.
    raise_wall(reach.at_work() if reach.admin and not hasattr(view, "open_to") else reach)
    if request.endpoint is not None and not may_use(view, reach):
        abort(403)
    return None


def _admit_resident() -> None:
    """The API of residents: whoever runs houses besides sees there what is his own, no more."""
    stage = session.get("stage", "")
    if request.endpoint in ON_THE_WAY.get(stage, ()):
        return
    with lifted():
        account = db.session.get(Account, int(session.get("account") or 0)) if stage == "in" else None
        reach = reach_of(db.session(), account.id, datetime.now(UTC)) if account is not None else NOTHING
    if account is None or account.blocked or not reach.role:
        abort(401)
    g.account = account
    raise_wall(Reach(units=reach.units, people=reach.people, visited=reach.visited))


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def _refuse_foreign_forms() -> None:
    """A browser says where a form comes from (RFC 6454); before the log-in nothing else tells."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(400)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400)
