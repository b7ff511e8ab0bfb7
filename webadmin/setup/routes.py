"""Pages of the guided set-up. Any step can be left and come back to: what is done stands in the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialplan.rows import DeviceKind, DoorRow, SiteKind
from webadmin.auth.arriving import hand_over
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import db, writing
from webadmin.devices.sheet import sheet
from webadmin.editing.act import act, nudge
from webadmin.forms import Form, choices
from webadmin.languages import translate
from webadmin.models import Building, Device, Panel, Person, Site, Unit
from webadmin.models.panel import PanelDoor
from webadmin.panels.service import add_box
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.publishing import log_ins
from webadmin.publishing.publish import PlanRejected
from webadmin.setup import forms, service
from webadmin.shell import current_site, here, needed_site

pages = Blueprint("setup", __name__)
TITLES = {
    "house": "The house",
    "units": "Units",
    "people": "People",
    "panel": "Panel",
    "door": "Door",
    "ring": "Test ring",
}


@pages.get("/set-up")
@organisation_only
def start() -> ResponseReturnValue:
    """To the first step that is not done."""
    site = current_site()
    steps = service.done(db.session(), site.id if site else None)
    return redirect(url_for(f"setup.{next(step for step, done in steps.items() if not done)}"), 303)


@pages.route("/set-up/house", methods=["GET", "POST"])
@organisation_only
def house() -> ResponseReturnValue:
    """A new site."""
    if not g.reach.everything:
        abort(403)
    form = forms.HouseForm()
    _speak(form, "kind")
    if form.validate_on_submit():
        who, name, kind = g.account.email, form.text("name"), cast(SiteKind, form.kind.data)
        domain = form.text("domain") or f"{service.slug(name)}.home.arpa"
        try:
            with lifted(), writing() as database:
                site = service.make_site(database, who, name, domain, kind, g.language, _now())
                session["site"] = str(site.id)
        except service.DomainTaken:
            form.domain.errors = ["There is a house by that domain name. Choose another."]
        except PlanRejected:
            form.domain.errors = ["Write small letters, digits and dots, such as fjordgata12.home.arpa."]
        else:
            nudge()
            return redirect(url_for("setup.units"), 303)
    return _page("house", form)


@pages.route("/set-up/units", methods=["GET", "POST"])
def units() -> ResponseReturnValue:
    """The units of the first building."""
    site, form = needed_site(), forms.UnitsForm()
    building = db.session.scalars(
        select(Building.ref).where(Building.site_id == site.id).order_by(Building.position)
    ).first()
    if building is None:
        abort(404)
    names = service.unit_names(form.names.data or "")
    if form.validate_on_submit() and act(
        site.id, service.add_units(names, building), form, "{0} units are there.", len(names)
    ):
        return redirect(url_for("setup.people"), 303)
    return _page("units", form)


@pages.route("/set-up/people", methods=["GET", "POST"])
def people() -> ResponseReturnValue:
    """Who lives where, and what rings."""
    site = needed_site()
    query = select(Unit.ref, Unit.name).where(Unit.site_id == site.id).order_by(Unit.position).limit(60)
    offered = [(ref, name) for ref, name in db.session.execute(query)]
    if not offered:
        return redirect(url_for("setup.units"), 303)
    form = forms.people_form(offered)
    _speak(form, "kind")
    if form.validate_on_submit():
        edit = service.add_people(form.people(), cast(DeviceKind, form.kind.data))
        if act(site.id, edit, form, "The people are in."):
            return redirect(url_for("setup.panel"), 303)
    return _page("people", form)


@pages.route("/set-up/panel", methods=["GET", "POST"])
def panel() -> ResponseReturnValue:
    """The panel."""
    site, form = needed_site(), forms.PanelForm()
    building = db.session.scalars(
        select(Building.ref).where(Building.site_id == site.id).order_by(Building.position)
    ).first()
    if building is None:
        abort(404)
    edit = add_box("panel", form.text("name"), building)
    if form.validate_on_submit() and act(site.id, edit, form, "{0} is saved.", form.text("name")):
        return redirect(url_for("setup.door"), 303)
    return _page("panel", form)


@pages.route("/set-up/door", methods=["GET", "POST"])
def door() -> ResponseReturnValue:
    """The door at the newest panel that has none."""
    site, form = needed_site(), forms.DoorForm()
    panels = select(Device.ref).join(Panel, Panel.device_id == Device.id).where(Device.site_id == site.id)
    having = select(PanelDoor.panel_id)
    ref = db.session.scalars(panels.order_by(Device.id.in_(having), Device.position.desc())).first()
    if ref is None:
        return redirect(url_for("setup.panel"), 303)
    _speak(form, "driven")
    if form.validate_on_submit():
        itself = form.driven.data == "panel"
        row = DoorRow(
            "",
            form.text("name"),
            "",
            "",
            form.text("digits") if itself else "",
            driver="panel_digit" if itself else "agent",
            open_seconds=int(form.open_seconds.data or 5),
            escape_route=bool(form.escape_route.data),
            exit_hardware=bool(form.exit_hardware.data),
        )
        controller = translate(g.language, "Controller of {0}", row.name)
        edit = service.add_door(row, ref, form.driven.data, controller)
        if act(site.id, edit, form, "{0} is saved.", row.name, fields={"relay": "digits"}):
            return redirect(url_for("setup.ring"), 303)
    return _page("door", form)


@pages.route("/set-up/ring", methods=["GET", "POST"])
def ring() -> ResponseReturnValue:
    """Ring somebody, as the panel would."""
    site = needed_site()
    query = select(Device, Person.name).join(Person, Person.id == Device.person_id)
    query = query.where(Device.site_id == site.id).order_by(Person.position, Device.position)
    rows = db.session.execute(query.limit(60)).all()
    result = _ring_now(site) if request.method == "POST" else ""
    steps = service.done(db.session(), site.id)
    return render_template(
        "setup/ring.html", rows=rows, steps=steps, titles=TITLES, step="ring", result=result,
        rang=request.form.get("device", 0, type=int),
    )  # fmt: skip


@pages.post("/set-up/log-in/<int:key>")
def log_in(key: int) -> ResponseReturnValue:
    """A new log-in of a device, shown once, on the way to its test ring."""
    device = _device(key)
    site, ref = here(device.site_id), device.ref
    with lifted(), writing() as database:
        made = log_ins.reset(database, site.domain, ref, _now())
        hand_over(database, site.domain, ref, g.account.email, _now())
    nudge()
    return sheet(site, made, url_for("setup.ring"))


def _ring_now(site: Site) -> str:
    """Ring; what to tell, as a phrase: "" never."""
    device = _device(request.form.get("device", 0, type=int))
    if device.site_id != site.id:
        abort(404)
    panel = select(Device.ref, Device.username).join(Panel, Panel.device_id == Device.id)
    found = db.session.execute(panel.where(Device.site_id == site.id).order_by(Device.position)).first()
    if found is None:
        return "There is no panel yet. Go one step back."
    link: PbxLink = current_app.extensions["doorline.pbx"]
    who, from_ = device.username or device.ref, found[1] or found[0]
    words = {"Channel": f"PJSIP/{who.lower()}@{site.domain}", "Exten": from_.lower(), "Priority": "1"}
    try:
        refused = link.order("Originate", **words, Async="true", Timeout="30000")
    except PbxAway:
        return "The door server does not answer. Is it running? Nothing rang."
    if not refused:
        return "It rings now. Answer: you are connected with the panel."
    if "not registered" in refused:
        return "This device has not logged in yet. Show its log-in, enter it there, then ring again."
    return "It could not be rung. Try again in a moment; if it stays so, look at Live."


def _device(key: int) -> Device:
    device = db.session.get(Device, key)
    if device is None or device.person_id is None:
        abort(404)
    return device


def _page(step: str, form: Form) -> ResponseReturnValue:
    site = current_site()
    steps = service.done(db.session(), site.id if site else None)
    page = render_template(
        "setup/step.html", form=form, steps=steps, step=step, titles=TITLES, names=list(service.STEPS)
    )
    return page, 422 if form.is_submitted() else 200


def _speak(form: Form, name: str) -> None:
    form[name].choices = choices(
        (each.value, translate(g.language, each.label)) for each in form[name].choices
    )


def _now() -> datetime:
    return datetime.now(UTC)
