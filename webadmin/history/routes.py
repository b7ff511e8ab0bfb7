"""The pages of a site's history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import db
from webadmin.editing.act import act_undo
from webadmin.history.lines import lines_of
from webadmin.models import PlanRevision, SiteChange
from webadmin.pbx_link import PbxLink
from webadmin.shell import here, needed_site

pages = Blueprint("history", __name__)
MOST = 100


@pages.get("/history")
@organisation_only
def index() -> ResponseReturnValue:
    """Revisions, the newest first."""
    site = needed_site()
    columns = (PlanRevision.revision, PlanRevision.author, PlanRevision.note, PlanRevision.at)
    query = select(*columns).where(PlanRevision.site == site.domain)
    revisions = db.session.execute(query.order_by(PlanRevision.revision.desc()).limit(MOST)).all()
    found = db.session.scalars(select(SiteChange).where(SiteChange.site_id == site.id))
    changes: dict[int, Any] = {change.revision: change for change in found}
    lines = {revision: lines_of(change.rows, g.language) for revision, change in changes.items()}
    link: PbxLink = current_app.extensions["doorline.pbx"]
    running = (link.running() or {}).get(site.domain)
    return render_template(
        "history/index.html", revisions=revisions, changes=changes, lines=lines, running=running
    )


@pages.post("/history/<int:change_id>/undo")
def undo(change_id: int) -> ResponseReturnValue:
    """Take a change back: an organisation's admin any, others their own."""
    with lifted():  # an admin of single buildings sees no history, but may take back an own change
        change = db.session.get(SiteChange, change_id)
    if change is None or (g.reach.narrow and change.account_id != g.account.id):
        abort(404)
    here(change.site_id)
    act_undo(change_id)
    back = request.headers.get("Sec-Fetch-Site") and not g.reach.narrow
    return redirect(url_for("history.index") if back else "/", 303)
