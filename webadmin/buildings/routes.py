"""Pages about a site and its buildings."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dialplan.rows import BuildingRow, SiteRows
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.buildings import service
from webadmin.buildings.forms import BuildingForm, SiteForm
from webadmin.db import db, writing
from webadmin.editing.act import STALE, act, nudge
from webadmin.editing.changes import Edit, Stale, fingerprint
from webadmin.editing.faults import sentence
from webadmin.models import Building, Door, Site, Unit
from webadmin.publishing.publish import PlanRejected
from webadmin.shell import here, needed_site, note

pages = Blueprint("buildings", __name__)


@pages.get("/buildings")
def index() -> ResponseReturnValue:
    """The site, and every building with what is in it."""
    site = needed_site()
    units = select(func.count()).where(Unit.building_id == Building.id).correlate(Building).scalar_subquery()
    doors = select(func.count()).where(Door.building_id == Building.id).correlate(Building).scalar_subquery()
    query = select(Building, units, doors).where(Building.site_id == site.id).order_by(Building.position)
    return render_template("buildings/index.html", rows=db.session.execute(query).all())


@pages.route("/buildings/new", methods=["GET", "POST"])
@organisation_only
def new() -> ResponseReturnValue:
    """A new building."""
    site, form = needed_site(), BuildingForm()
    if form.validate_on_submit() and _save(site, service.add_building(form.text("name")), form, ""):
        return redirect(url_for("buildings.index"), 303)
    page = render_template("buildings/form.html", form=form, building=None)
    return page, 422 if form.is_submitted() else 200


@pages.route("/buildings/<int:key>", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Another name or address."""
    building = _found(key)
    site, ref = here(building.site_id), building.ref
    form = BuildingForm(data={"name": building.name, "address": building.address})
    if form.validate_on_submit():
        if _save(site, _changed(key, ref, form), form, ref):
            return redirect(url_for("buildings.index"), 303)
    building = _found(key)
    form.version.data = fingerprint((BuildingRow(ref, building.name), building.address))
    page = render_template("buildings/form.html", form=form, building=building)
    return page, 422 if form.is_submitted() else 200


@pages.post("/buildings/<int:key>/remove")
@organisation_only
def remove(key: int) -> ResponseReturnValue:
    """Take an empty building away."""
    building = _found(key)
    if act(building.site_id, service.remove_building(building.ref), None, "{0} is removed.", building.name):
        return redirect(url_for("buildings.index"), 303)
    return redirect(url_for("buildings.edit", key=key), 303)


@pages.route("/site", methods=["GET", "POST"])
@organisation_only
def site_page() -> ResponseReturnValue:
    """The site's own fields, and what its privacy type means."""
    site = needed_site()
    form = SiteForm(data={name: getattr(site, name) for name in service.OWN_FIELDS})
    if form.validate_on_submit():
        values = {name: form[name].data for name in service.OWN_FIELDS}
        who, at = g.account.email, datetime.now(UTC)
        try:
            with lifted(), writing() as session:
                service.save_site(session, site.id, values, form.text("version"), who, at)
        except Stale:
            form.form_errors = [STALE]
        except PlanRejected as fault:
            for error in fault.errors:
                name = error.where.rpartition("/")[2]
                form[name if name in form else "name"].errors = [sentence(error, g.language)]
        else:
            nudge()
            note("{0} is saved.", values["name"])
            return redirect(url_for("buildings.index"), 303)
    form.version.data = service.state(needed_site())
    page = render_template("buildings/site.html", form=form)
    return page, 422 if form.is_submitted() else 200


def _save(site: Site, edit: Edit, form: BuildingForm, ref: str) -> bool:
    name, site_id = form.text("name"), site.id
    if act(site_id, edit, form, "{0} is saved.", name, tables=("buildings",)) is None:
        return False
    with lifted(), writing() as session:
        service.set_address(session, site_id, name, form.text("address"), ref)
    return True


def _changed(key: int, ref: str, form: BuildingForm) -> Edit:
    def edit(rows: SiteRows) -> SiteRows:
        address = db.session.scalar(select(Building.address).where(Building.id == key)) or ""
        return service.save_building(ref, form.text("name"), address, form.text("version"))(rows)

    return edit


def _found(key: int) -> Building:
    building = db.session.get(Building, key)
    if building is None:
        abort(404)
    return building
