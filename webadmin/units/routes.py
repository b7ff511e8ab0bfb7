"""Pages about units and their households."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dialplan.rows import SiteRows, UnitRow
from webadmin.db import db
from webadmin.editing.act import act
from webadmin.editing.changes import Edit, expect, fingerprint
from webadmin.editing.difference import with_row, without_row
from webadmin.forms import choices
from webadmin.listing import listed
from webadmin.models import Building, Device, Person, Site, Unit
from webadmin.people.service import new_id, one
from webadmin.shell import here, needed_site
from webadmin.units.forms import UnitForm

pages = Blueprint("units", __name__)


@pages.get("/units")
def index() -> ResponseReturnValue:
    """Every unit with how many live there; `q` filters."""
    site = needed_site()
    people = select(func.count()).where(Person.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    query = select(Unit, Building.name, people).join(Building, Building.id == Unit.building_id)
    query = query.where(Unit.site_id == site.id).order_by(Building.position, Unit.position)
    return render_template("units/index.html", list=listed(query, (Unit.name, Building.name)))


@pages.route("/units/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new unit."""
    site, form = needed_site(), UnitForm()
    form.building.choices = choices(_buildings(site))

    def edit(rows: SiteRows) -> SiteRows:
        key = new_id(rows, "units", form.text("name"))
        return with_row(rows, "units", UnitRow(key, form.text("building"), form.text("name")))

    if form.validate_on_submit() and act(site.id, edit, form, "{0} is saved.", form.text("name")):
        return redirect(url_for("units.index"), 303)
    return render_template("units/form.html", form=form, unit=None), 422 if form.is_submitted() else 200


@pages.route("/units/<int:key>", methods=["GET", "POST"])
def show(key: int) -> ResponseReturnValue:
    """The household, and the unit's own form."""
    unit = _found(key)
    site = here(unit.site_id)
    building = db.session.get(Building, unit.building_id)
    row = UnitRow(unit.ref, building.ref if building else "", unit.name)
    form = UnitForm(data={"name": row.name, "building": row.building})
    form.building.choices = choices(_buildings(site))
    if form.validate_on_submit() and act(
        site.id, _save(row.id, form), form, "{0} is saved.", form.text("name")
    ):
        return redirect(url_for("units.show", key=key), 303)
    form.version.data = fingerprint(row)
    household = db.session.scalars(
        select(Person).where(Person.unit_id == key).order_by(Person.position)
    ).all()
    stations = db.session.scalars(select(Device).where(Device.unit_id == key)).all()
    page = render_template(
        "units/show.html", form=form, unit=unit, household=household, stations=stations, building=building
    )
    return page, 422 if form.is_submitted() else 200


@pages.post("/units/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take an empty unit away."""
    unit = _found(key)
    if act(
        unit.site_id, lambda rows: without_row(rows, "units", unit.ref), None, "{0} is removed.", unit.name
    ):
        return redirect(url_for("units.index"), 303)
    return redirect(url_for("units.show", key=key), 303)


def _save(key: str, form: UnitForm) -> Edit:
    def edit(rows: SiteRows) -> SiteRows:
        now = one(rows, "units", key)
        expect(now, form.text("version"))
        return with_row(rows, "units", replace(now, name=form.text("name"), building=form.text("building")))

    return edit


def _found(key: int) -> Unit:
    unit = db.session.get(Unit, key)
    if unit is None:
        abort(404)
    return unit


def _buildings(site: Site) -> list[tuple[str, str]]:
    query = select(Building.ref, Building.name).where(Building.site_id == site.id).order_by(Building.position)
    return [(ref, name) for ref, name in db.session.execute(query)]
