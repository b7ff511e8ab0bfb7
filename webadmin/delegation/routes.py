"""Pages about what unit owners may do themselves."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.delegation import service
from webadmin.delegation.forms import BoundsForm
from webadmin.editing.act import STALE
from webadmin.editing.changes import Stale, expect, fingerprint
from webadmin.models import Building
from webadmin.shell import here, needed_site, note

pages = Blueprint("delegation", __name__)


@pages.get("/unit-owners")
def index() -> ResponseReturnValue:
    """Every building with its bounds."""
    rows = service.buildings(db.session(), needed_site().id)
    return render_template("delegation/index.html", rows=rows)


@pages.route("/unit-owners/<int:key>", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """The bounds of one building."""
    building = db.session.get(Building, key)
    if building is None:
        abort(404)
    site, name = here(building.site_id), building.name
    now = service.bounds_of(db.session(), key)
    form = BoundsForm(obj=now, data={"version": fingerprint(now)})
    if form.validate_on_submit():
        values = {each.name: form[each.name].data for each in fields(service.Bounds)}
        who, organisation_id, at = g.account.email, site.organisation_id, datetime.now(UTC)
        try:
            with lifted(), writing() as session:
                expect(service.bounds_of(session, key), form.text("version"))
                service.set_bounds(session, key, service.Bounds(**values))
                audit.record(session, at, who, "set what unit owners may do", name, organisation_id)
        except Stale:
            form.form_errors = [STALE]
            form.version.data = fingerprint(service.bounds_of(db.session(), key))
        else:
            note("{0} is saved.", name)
            return redirect(url_for("delegation.index"), 303)
    page = render_template("delegation/form.html", form=form, building=building)
    return page, 422 if form.is_submitted() else 200
