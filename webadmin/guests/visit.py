"""`/g/TOKEN`: the page of a guest without an app. The link is the permission; it opens doors, and shows its
own PIN and QR code for the panel. Whatever is wrong with it, the page says the same.
"""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from dialplan.passes import token_digest, token_of
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.guests import service
from webadmin.models import GuestPass, Site
from webadmin.talking import addresses, talking

pages = Blueprint("guest", __name__)
SECONDS = 4.0
LARGEST_ANSWER = 64 * 1024
OUTCOMES = {
    "opened": "The door is open.",
    "failed": "The door did not open. Try once more.",
    "denied": "This door cannot be opened now.",
    "away": "The door server does not answer. Ring at the panel.",
}


@pages.get("/g/<token>")
def show(token: str) -> ResponseReturnValue:
    """The doors of the pass, and its codes."""
    with lifted():
        row = _row(token)
        site = db.session.scalars(select(Site).where(Site.domain == row.site)).one() if row else None
    if row is None or site is None:
        return _nothing()
    at = datetime.now(UTC)
    worth = _ask("/guest/standing", {"token": token})
    if row.ends_at <= at:
        return _nothing()
    link = request.base_url
    page = render_template(
        "guests/visit.html",
        token=token,
        site=site,
        row=row,
        early=at < row.starts_at,
        away=worth is None,
        doors=(worth or {}).get("doors", []),
        uses=(worth or {}).get("uses"),
        pin=service.unseal_pin(row, token),
        picture=Markup(service.qr_svg(link)),
        outcome=OUTCOMES.get(request.args.get("outcome", "")),
        good=request.args.get("outcome") == "opened",
        may_call=bool(row.host and worth) and row.starts_at <= at,
    )
    answer = make_response(page)
    answer.headers.update(talking())
    return answer


@pages.post("/g/<token>")
def open_door(token: str) -> ResponseReturnValue:
    """Open one door."""
    with lifted():
        row = _row(token)
    if row is None:
        return _nothing()
    answer = _ask("/guest/open", {"token": token, "door": request.form.get("door", "")[:64]})
    outcome = str(answer.get("result")) if answer is not None else "away"
    return redirect(url_for("guest.show", token=token, outcome=outcome), 303)


@pages.post("/g/<token>/line")
def line(token: str) -> ResponseReturnValue:
    """A log-in with which this browser, and no other, may call the host for a few minutes."""
    with lifted():
        row = _row(token)
    found = _ask("/guest/line", {"token": token}) if row is not None else None
    if not found:
        return {"error": "denied"}, 403
    return {**found, "server": addresses()["wss"]}, 200, {"Cache-Control": "no-store"}


def _row(token: str) -> GuestPass | None:
    if token_of(token) != token:
        return None
    where = (GuestPass.token == token_digest(token), GuestPass.state == "active")
    return db.session.scalars(select(GuestPass).where(*where)).one_or_none()


def _nothing() -> ResponseReturnValue:
    return render_template("guests/nothing.html"), 404


def _ask(path: str, body: dict[str, str]) -> dict[str, Any] | None:
    """One question to the PBX; {} when the link is worth nothing there, None when it does not answer."""
    side = current_app.config["DOORLINE"].http
    host = "127.0.0.1" if side.host in ("", "0.0.0.0", "::", "localhost") else side.host
    connection = http.client.HTTPConnection(host, side.port, timeout=SECONDS)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = json.loads(answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    if not isinstance(found, dict):
        return None
    return found if answer.status == 200 else {}
