"""The page of a lockdown: one button, its end, who set it, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webadmin import audit, offers
from webadmin.auth.reach import lifted
from webadmin.db import writing
from webadmin.doors import lockdowns
from webadmin.doors.plans import newest_plan
from webadmin.lockdown.forms import LENGTHS, LockdownForm
from webadmin.models import Site
from webadmin.offers import Offer
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.shell import needed_site, note

pages = Blueprint("lockdown", __name__)


@pages.get("/lockdown")
def show() -> ResponseReturnValue:
    """What a lockdown would lock, and what is locked now."""
    site, form = needed_site(), LockdownForm()
    offers.speak(form.seconds)
    lockable, open_ways = _doors(site)
    locked = lockdowns.states(_link(), site.domain)
    return render_template(
        "lockdown/show.html", form=form, lockable=lockable, open_ways=open_ways, locked=locked,
        now_locked=[(name, (locked or {})[ref]) for ref, name in lockable if ref in (locked or {})],
    )  # fmt: skip


@pages.post("/lockdown")
def begin() -> ResponseReturnValue:
    """Lock every door that may be locked."""
    site, form = needed_site(), LockdownForm()
    if not form.validate():
        note("Choose how long the lockdown lasts.")
        return redirect(url_for("lockdown.show"), 303)
    length = dict(LENGTHS)[form.text("seconds")]
    return _order(site, int(form.text("seconds")), f"locked down for {length}", "{0} doors are locked down.")


@pages.post("/lockdown/lift")
def lift() -> ResponseReturnValue:
    """The way back."""
    return _order(needed_site(), 0, "lifted a lockdown", "The lockdown is over: {0} doors open as usual.")


def _order(site: Site, seconds: int, action: str, done: str) -> ResponseReturnValue:
    doors = [ref for ref, _ in _doors(site)[0]]
    if not seconds:
        locked = lockdowns.states(_link(), site.domain) or {}
        doors = [ref for ref in doors if ref in locked]
    try:
        left = lockdowns.order(_link(), site.domain, doors, seconds, g.account.email)
    except PbxAway:
        note("The door server did not answer. Nothing may have changed: look again, or lock by hand.")
        return redirect(url_for("lockdown.show"), 303)
    with lifted(), writing() as session:
        subject = f"{site.domain}: {len(doors) - len(left)}"
        audit.record(session, datetime.now(UTC), g.account.email, action, subject, site.organisation_id)
    note(done, len(doors) - len(left))
    if left:
        names = dict(offers.doors(site))
        note("Not done for: {0}", ", ".join(names.get(each, each) for each in left))
    return redirect(url_for("lockdown.show"), 303)


def _doors(site: Site) -> tuple[Offer, Offer]:
    """Doors within reach that a lockdown locks, and those it leaves: ways out that depend on us."""
    plan, offered = newest_plan(site), offers.doors(site)
    locks = {door.id for door in plan.directory.doors if door.lockdown} if plan is not None else set()
    return [pair for pair in offered if pair[0] in locks], [pair for pair in offered if pair[0] not in locks]


def _link() -> PbxLink:
    found: PbxLink = current_app.extensions["doorline.pbx"]
    return found
