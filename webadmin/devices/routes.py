"""Pages about devices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin import audit, offers
from webadmin.auth.arriving import hand_over
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.devices import links, service
from webadmin.devices.forms import DeviceForm, NewDeviceForm
from webadmin.devices.linphone import provisioning
from webadmin.devices.sheet import qr, register_at, sheet
from webadmin.editing.act import act, nudge
from webadmin.editing.changes import fingerprint
from webadmin.languages import translate
from webadmin.listing import listed
from webadmin.models import Building, Credential, Device, Person, Site, Unit
from webadmin.people.service import one, remove_device
from webadmin.publishing import log_ins
from webadmin.shell import here, needed_site, note

pages = Blueprint("devices", __name__)
KINDS = ("app", "station", "phone")
NAMES = {"app": "App on a phone or tablet", "station": "Apartment station", "phone": "Desk phone"}


@pages.get("/devices")
def index() -> ResponseReturnValue:
    """Every device of the site's people, units and buildings; `q` filters."""
    site = needed_site()
    query = select(Device, Person, Unit, Building, Credential.state)
    query = query.outerjoin(Person, Person.id == Device.person_id).outerjoin(Unit, Unit.id == Device.unit_id)
    query = query.outerjoin(Building, Building.id == Device.building_id)
    own = (Credential.device == Device.ref) & (Credential.site == site.domain)
    query = query.outerjoin(Credential, own).where(Device.site_id == site.id, Device.kind.in_(KINDS))
    columns = (Device.name, Device.ref, Person.name, Unit.name)
    found = listed(query.order_by(Device.position, Device.id), columns)
    return render_template("devices/index.html", list=found, kinds=NAMES)


@pages.route("/devices/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new device, and its log-in shown once."""
    site, form = needed_site(), NewDeviceForm()
    owners = [(f"person:{ref}", name) for ref, name in offers.people(site)]
    owners += [(f"unit:{ref}", name) for ref, name in offers.units(site)]
    owners += [(f"building:{ref}", name) for ref, name in offers.buildings(site)]
    offers.offer(form.owner, owners)
    if not form.is_submitted() and request.args.get("owner") in dict(owners):
        form.owner.data = request.args["owner"]
    if form.validate_on_submit():
        edit = service.add_device(form.kind.data, form.text("name"), form.text("number"), form.text("owner"))
        name = form.text("name") or translate(g.language, "The device")
        done = act(site.id, edit, form, "{0} is saved.", name, fields={"": "owner"}, tables=("devices",))
        if done is not None and done.log_ins:
            with lifted(), writing() as session:
                hand_over(session, site.domain, done.log_ins[0].device, g.account.email, datetime.now(UTC))
            return sheet(site, done.log_ins[0], url_for("devices.index"))
    return render_template("devices/new.html", form=form), 422 if form.is_submitted() else 200


@pages.route("/devices/<int:key>", methods=["GET", "POST"])
def show(key: int) -> ResponseReturnValue:
    """One device: name, log-in, and how it is set up."""
    device = _found(key, *KINDS)
    site, ref = here(device.site_id), device.ref
    now = one(offers.whole(site), "devices", ref)
    form = DeviceForm(data={"name": now.name, "number": now.number, "version": fingerprint(now)})
    if form.validate_on_submit():
        made = service.save_device(ref, form.text("name"), form.text("number"), form.text("version"))
        name = form.text("name") or ref
        if act(site.id, made, form, "{0} is saved.", name, tables=("devices",)):
            return redirect(url_for("devices.show", key=key), 303)
        form.version.data = fingerprint(one(offers.whole(site), "devices", ref))
    return _page(site, key, form), 422 if form.is_submitted() else 200


@pages.post("/devices/<int:key>/log-in")
def new_log_in(key: int) -> ResponseReturnValue:
    """A new secret on a sheet, shown once; what logged in with the old one is out."""
    device = _found(key)
    site, back = here(device.site_id), _own_page(device)
    return sheet(site, _reset(site, device.ref), back)


@pages.post("/devices/<int:key>/revoke-log-in")
def revoke(key: int) -> ResponseReturnValue:
    """The device is out at once, and cannot log in until it gets a new log-in."""
    device = _found(key)
    site, back, name = here(device.site_id), _own_page(device), device.name or device.ref
    try:
        with lifted(), writing() as session:
            at = datetime.now(UTC)
            log_ins.revoke(session, site.domain, device.ref, at)
            subject = f"{site.domain} {device.ref}"
            audit.record(session, at, g.account.email, "revoked a device", subject, site.organisation_id)
    except log_ins.NoSuchLogIn:
        abort(404)
    nudge()
    note("{0} can no longer log in.", name)
    return redirect(back, 303)


@pages.post("/devices/<int:key>/take-away")
def take_away(key: int) -> ResponseReturnValue:
    """No device any more."""
    device = _found(key, *KINDS)
    if act(device.site_id, remove_device(device.ref), None, "{0} is removed.", device.name or device.ref):
        return redirect(url_for("devices.index"), 303)
    return redirect(url_for("devices.show", key=key), 303)


@pages.post("/devices/<int:key>/file")
def file(key: int) -> ResponseReturnValue:
    """A new log-in as a file that Linphone takes."""
    device = _found(key)
    site = here(device.site_id)
    text = _file(site, device, _reset(site, device.ref))
    headers = {"Content-Disposition": f"attachment; filename={device.ref}.xml"}
    return Response(text, mimetype="application/xml", headers=headers)


@pages.post("/devices/<int:key>/code")
def code(key: int) -> ResponseReturnValue:
    """A QR code by which Linphone fetches its log-in, once."""
    device = _found(key)
    site, back = here(device.site_id), _own_page(device)
    with lifted(), writing() as session:
        made = links.make_link(session, site.domain, device.ref, datetime.now(UTC))
    address = url_for("devices.provision", code=made, _external=True)
    return render_template("devices/code.html", device=device, address=address, code=qr(address), back=back)


@pages.get("/provision/<code>")
def provision(code: str) -> ResponseReturnValue:
    """What a telephone fetches by its code: a new log-in, made now."""
    with lifted(), writing() as session:
        at = datetime.now(UTC)
        found = links.use_link(session, code[:64], at)
        made = None
        if found is not None:
            site = session.scalars(select(Site).where(Site.domain == found[0])).one()
            where = (Device.site_id == site.id, Device.ref == found[1])
            device = session.scalars(select(Device).where(*where)).one_or_none()
            if device is not None:
                made = log_ins.reset(session, site.domain, device.ref, at)
                hand_over(session, site.domain, device.ref, "", at)
                text = _file(site, device, made)
    if made is None:
        return Response("This code does not work any more.\n", 404, mimetype="text/plain")
    nudge()
    return Response(text, mimetype="application/xml")


def _file(site: Site, device: Device, made: log_ins.NewLogIn) -> str:
    return provisioning(
        domain=site.domain,
        username=made.username,
        secret=made.secret,
        name=device.name,
        server=register_at(),
        algorithm=site.algorithm,
    )


def _reset(site: Site, ref: str) -> log_ins.NewLogIn:
    try:
        with lifted(), writing() as session:
            at = datetime.now(UTC)
            made = log_ins.reset(session, site.domain, ref, at)
            hand_over(session, site.domain, ref, g.account.email, at)
            subject = f"{site.domain} {ref}"
            audit.record(session, at, g.account.email, "made a new log-in", subject, site.organisation_id)
    except log_ins.NoSuchLogIn:
        abort(404)
    nudge()
    return made


def _page(site: Site, key: int, form: Any) -> str:
    device = _found(key)
    where = (Credential.site == site.domain, Credential.device == device.ref)
    owners = ((Person, device.person_id), (Unit, device.unit_id), (Building, device.building_id))
    owner: Any = next((db.session.get(table, id_) for table, id_ in owners if id_), None)
    return render_template(
        "devices/show.html", device=device, form=form, owner=owner, kinds=NAMES,
        state=db.session.scalar(select(Credential.state).where(*where)),
    )  # fmt: skip


def _own_page(device: Device) -> str:
    return url_for("devices.show" if device.kind in KINDS else "panels.show", key=device.id)


def _found(key: int, *kinds: str) -> Device:
    device = db.session.get(Device, key)
    if device is None or (kinds and device.kind not in kinds):
        abort(404)
    return device
