"""Pages about what unit owners may do themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit
from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.delegation import service
from webadmin.delegation.forms import BoundsForm
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
    form = BoundsForm(obj=service.bounds_of(db.session(), key))
    if form.validate_on_submit():
        values = {each.name: each.data for each in form if each.name != "csrf_token"}
        who, organisation_id = g.account.email, site.organisation_id
        with lifted(), writing() as session:
            service.set_bounds(session, key, service.Bounds(**values))
            audit.record(
                session, datetime.now(UTC), who, "set what unit owners may do", name, organisation_id
            )
        note("{0} is saved.", name)
        return redirect(url_for("delegation.index"), 303)
    page = render_template("delegation/form.html", form=form, building=building)
    return page, 422 if form.is_submitted() else 200
