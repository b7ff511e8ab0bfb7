"""The room of telephones: the node's trunks, for its owner; a site's limits on them, for its organisation."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit, offers
from webadmin.auth.reach import lifted
from webadmin.auth.wall import organisation_only
from webadmin.db import db, writing
from webadmin.editing.act import STALE, nudge
from webadmin.models import Trunk
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.shell import current_site, note
from webadmin.trunks import service
from webadmin.trunks.forms import TrunkForm
from webadmin.trunks.limits import may_limit, telephony_of
from webadmin.trunks.state import TrunkState, states

pages = Blueprint("telephones", __name__)


@pages.get("/telephones")
@organisation_only
def index() -> ResponseReturnValue:
    """The trunks with their states, and what the site may do on them."""
    site = current_site()
    trunks = service.listed(db.session()) if g.reach.everything else []
    link: PbxLink = current_app.extensions["doorline.pbx"]
    now: dict[str, TrunkState] | None = None
    with suppress(PbxAway):
        now = states(link) if trunks else {}
    limits = telephony_of(offers.whole(site)) if site is not None and may_limit(site) else None
    owner = g.reach.everything
    return render_template("trunks/index.html", trunks=trunks, now=now, owner=owner, limits=limits)


@pages.route("/telephones/trunks/new", methods=["GET", "POST"])
@organisation_only
def new() -> ResponseReturnValue:
    """A new trunk."""
    _owner_only()
    return _page(None)


@pages.route("/telephones/trunks/<int:key>", methods=["GET", "POST"])
@organisation_only
def edit(key: int) -> ResponseReturnValue:
    """Change a trunk."""
    return _page(_found(key))


@pages.post("/telephones/trunks/<int:key>/remove")
@organisation_only
def remove(key: int) -> ResponseReturnValue:
    """Take a trunk away."""
    row = _found(key)
    ref, name = row.ref, row.name
    with lifted(), writing() as session:
        service.remove(session, ref)
        audit.record(session, datetime.now(UTC), g.account.email, "removed a trunk", name)
    nudge()
    note("The trunk is removed. Calls on it go on to their end.")
    return redirect(url_for("telephones.index"), 303)


@pages.post("/telephones/trunks/<int:key>/earlier")
@organisation_only
def earlier(key: int) -> ResponseReturnValue:
    """Try this trunk before the one above it."""
    row = _found(key)
    ref, name = row.ref, row.name
    with lifted(), writing() as session:
        refs = [each.ref for each in service.listed(session)]
        place = refs.index(ref) if ref in refs else 0
        if place:
            refs[place - 1 : place + 1] = [refs[place], refs[place - 1]]
            service.reorder(session, refs)
            audit.record(session, datetime.now(UTC), g.account.email, "changed the order of trunks", name)
    nudge()
    return redirect(url_for("telephones.index"), 303)


def _page(row: Trunk | None) -> ResponseReturnValue:
    form = TrunkForm(data=_values(row))
    offers.speak(form.kind, form.transport, form.number_format)
    has_password = row is not None and bool(row.sealed_password)
    if form.validate_on_submit() and _save(form, row.ref if row is not None else ""):
        nudge()
        note("The trunk is saved.")
        return redirect(url_for("telephones.index"), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("trunks/form.html", form=form, trunk=row, has_password=has_password), status


def _values(row: Trunk | None) -> dict[str, object] | None:
    if row is None:
        return None
    plain = {name: getattr(row, name) for name in service.PLAIN}
    return {**plain, "addresses": ", ".join(row.addresses), "version": row.changed_at.isoformat()}


def _save(form: TrunkForm, ref: str) -> bool:
    sealer, who, at = current_app.extensions["doorline.sealer"], g.account.email, datetime.now(UTC)
    try:
        with lifted(), writing() as session:
            known = {each.ref: each for each in service.listed(session)}
            if ref and (ref not in known or known[ref].changed_at.isoformat() != form.text("version")):
                form.form_errors = [STALE]
                return False
            draft = form.draft(ref or _new_ref(form.text("name"), known))
            service.save(session, sealer, draft, at)
            audit.record(session, at, who, "changed a trunk" if ref else "made a trunk", draft.name)
    except service.TrunkRejected as fault:
        for field, text in fault.errors:
            target = form[field if field in form else "name"]
            target.errors = [*target.errors, text]
        return False
    return True


def _new_ref(name: str, known: dict[str, Trunk]) -> str:
    first = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "trunk"
    numbered = (f"{first}-{number}" for number in range(2, len(known) + 3))
    return first if first not in known else next(each for each in numbered if each not in known)


def _found(key: int) -> Trunk:
    _owner_only()
    row = db.session.get(Trunk, key)
    if row is None:
        abort(404)
    return row


def _owner_only() -> None:
    if not g.reach.everything:
        abort(403)
