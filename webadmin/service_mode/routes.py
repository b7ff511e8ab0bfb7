"""The page of a panel's service mode: begin it, ask for a picture, end it; each is written into the audit."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit, offers
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.models import Device
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.service_mode import service
from webadmin.service_mode.forms import LENGTHS, ServiceForm
from webadmin.shell import here, note

pages = Blueprint("service_mode", __name__)


@pages.get("/panels/<int:key>/service")
def show(key: int) -> ResponseReturnValue:
    """Whether it is on, and the picture."""
    device, form = _found(key), ServiceForm()
    site = here(device.site_id)
    offers.speak(form.seconds)
    standing, known = None, True
    try:
        standing = service.standing(_link(), site.domain, _username(device))
    except PbxAway:
        known = False
    return render_template(
        "service_mode/show.html", device=device, form=form, standing=standing, known=known
    )


@pages.post("/panels/<int:key>/service")
def begin(key: int) -> ResponseReturnValue:
    """From now on the panel says so, and gives a picture."""
    form = ServiceForm()
    if not form.validate():
        note("Choose how long it lasts.")
        return redirect(url_for("service_mode.show", key=key), 303)
    seconds = form.text("seconds")
    return _order(key, f"began service mode for {dict(LENGTHS)[seconds]}", "PanelService", seconds)


@pages.post("/panels/<int:key>/service/again")
def again(key: int) -> ResponseReturnValue:
    """Another picture."""
    return _order(key, "took a picture in service mode", "PanelPicture")


@pages.post("/panels/<int:key>/service/end")
def end(key: int) -> ResponseReturnValue:
    """No more."""
    return _order(key, "ended service mode", "PanelService", "0")


@pages.get("/panels/<int:key>/service/picture")
def picture(key: int) -> ResponseReturnValue:
    """The picture there is, kept by nobody; who looks through what another began is written down, too."""
    device = _found(key)
    site = here(device.site_id)
    found = service.picture(site.domain, device.ref)
    if not found:
        abort(404)
    try:
        standing = service.standing(_link(), site.domain, _username(device))
    except PbxAway:
        standing = None
    if standing is None or standing.by != g.account.email:
        _audit(device, "saw a picture in service mode")
    answer = Response(found, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _order(key: int, action: str, what: str, seconds: str = "") -> ResponseReturnValue:
    """Written into the audit, then ordered: what nobody can read up afterwards is not done."""
    device = _found(key)
    fields = {"Site": here(device.site_id).domain, "Panel": _username(device), "By": g.account.email}
    _audit(device, action)
    try:
        why = _link().order(what, **fields, **({"Seconds": seconds} if seconds else {}))
    except PbxAway:
        note("The door server did not answer. Nothing was changed.")
    else:
        if why:
            note("It is not in service mode any more.")
    return redirect(url_for("service_mode.show", key=key), 303)


def _audit(device: Device, action: str) -> None:
    site, name = here(device.site_id), device.name or device.ref
    with lifted(), writing() as session:
        subject = f"{site.domain}: {name}"
        audit.record(session, datetime.now(UTC), g.account.email, action, subject, site.organisation_id)


def _found(key: int) -> Device:
    device = db.session.get(Device, key)
    if device is None or device.kind != "panel":
        abort(404)
    return device


def _username(device: Device) -> str:
    return device.username or device.ref.lower()


def _link() -> PbxLink:
    found: PbxLink = current_app.extensions["doorline.pbx"]
    return found
