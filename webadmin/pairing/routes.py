"""The page that makes a code, as letters and as a QR code."""

from __future__ import annotations

from datetime import UTC, datetime

import segno
from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.models import Device, Pairing
from webadmin.pairing import service
from webadmin.shell import here

pages = Blueprint("pairing", __name__)

MINUTES = int(service.LIFETIME.total_seconds() // 60)
FACES = {"panel": "kiosk/", "station": "station"}


@pages.get("/pairing/<int:key>")
def show(key: int) -> ResponseReturnValue:
    """Whether and when this device was paired, and the button that makes a code."""
    device = _found(key)
    with lifted():
        paired = db.session.get(Pairing, key)
    return render_template("pairing/show.html", device=device, paired=paired, code="", minutes=MINUTES)


@pages.post("/pairing/<int:key>")
def make(key: int) -> ResponseReturnValue:
    """Make a code and show it this once."""
    device = _found(key)
    kind, name = device.kind, device.name or device.ref
    with lifted(), writing() as session:
        code = service.make_code(session, session.get_one(Device, key), g.account.email, datetime.now(UTC))
    address = f"{request.host_url}{FACES.get(kind, '')}"
    text = f"{address}?pair={code}" if kind in FACES else code
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=5, border=2, dark="#000", light="#fff")
    return render_template(
        "pairing/show.html",
        device={"kind": kind, "name": name, "ref": name, "id": key},
        paired=None,
        code=service.shown(code),
        picture=Markup(drawn),  # made from our own text
        address=address if kind in FACES else "",
        minutes=MINUTES,
    )


def _found(key: int) -> Device:
    device = db.session.get(Device, key)
    if device is None or device.kind not in service.PAIRABLE:
        abort(404)
    here(device.site_id)
    return device
