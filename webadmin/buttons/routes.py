"""Pages about buttons."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialplan.plan import DialPlan
from dialplan.rows import ButtonRow, SiteRows
from webadmin.auth.reach import lifted
from webadmin.buttons import service
from webadmin.buttons.forms import ButtonForm
from webadmin.buttons.timeline import Drawing, draw
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.editing.act import act
from webadmin.editing.changes import fingerprint
from webadmin.forms import choices
from webadmin.languages import translate
from webadmin.listing import listed
from webadmin.models import Building, Button, Device, DialGroup, Person, Site
from webadmin.people.service import one
from webadmin.publishing.rows import site_rows
from webadmin.shell import here, needed_site

pages = Blueprint("buttons", __name__)


@pages.get("/buttons")
def index() -> ResponseReturnValue:
    """Every button of the site; `q` filters."""
    site = needed_site()
    query = select(Button, Person.name, DialGroup.name, DialGroup.ringing)
    query = query.outerjoin(Person, Person.id == Button.person_id)
    query = query.outerjoin(DialGroup, DialGroup.id == Button.group_id)
    query = query.where(Button.site_id == site.id).order_by(Button.position, Button.id)
    columns = (Button.label, Button.number, Button.ref, Person.name, DialGroup.name)
    return render_template("buttons/index.html", list=listed(query, columns))


@pages.get("/buttons/<int:key>")
def show(key: int) -> ResponseReturnValue:
    """What a tap does, now or at a chosen time."""
    button = _found(key)
    site = here(button.site_id)
    zone = ZoneInfo(site.time_zone)
    at = _moment(request.args.get("at", ""), zone) or datetime.now(UTC).astimezone(zone)
    plan = newest_plan(site)
    panels = _panels(site, plan, button.ref)
    panel = request.args.get("panel", "")
    panel = panel if panel in panels else next(iter(panels), "")
    drawing = _drawing(plan, button.ref, panel, at)
    label = next((each.label for each in plan.directory.buttons if each.id == button.ref), "") if plan else ""
    return render_template(
        "buttons/show.html", button=button, label=label or button.label or button.ref, drawing=drawing,
        at=at, panels=panels, panel=panel,
        group=db.session.get(DialGroup, button.group_id) if button.group_id else None,
    )  # fmt: skip


@pages.route("/buttons/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new button."""
    return _page(needed_site(), None)


@pages.route("/buttons/<int:key>/edit", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Change a button."""
    button = _found(key)
    return _page(here(button.site_id), button)


@pages.post("/buttons/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take a button away."""
    button = _found(key)
    name = button.label or button.ref
    if act(button.site_id, service.remove_button(button.ref), None, "{0} is removed.", name):
        return redirect(url_for("buttons.index"), 303)
    return redirect(url_for("buttons.show", key=key), 303)


def _page(site: Site, button: Button | None) -> ResponseReturnValue:
    rows = _rows(site)
    now = one(rows, "buttons", button.ref) if button else ButtonRow("")
    form = ButtonForm(data=_values(rows, now))
    _offer(form, site, now)
    if form.validate_on_submit():
        names = (
            "person",
            "group",
            "label",
            "number",
            "building",
            "fallback",
            "ring_seconds",
            "ring_limit",
            "decline",
        )
        values: dict[str, Any] = {name: form[name].data or "" for name in names}
        values["hidden"] = now.hidden if form.hidden.data and now.hidden else bool(form.hidden.data)
        values["caretaker"] = bool(form.caretaker.data)
        edit = service.save_button(now.id, form.text("kind"), values, form.text("version"))
        if act(
            site.id, edit, form, "{0} is saved.", form.text("label") or translate(g.language, "The button")
        ):
            where = url_for("buttons.show", key=button.id) if button else url_for("buttons.index")
            return redirect(where, 303)
    form.version.data = _values(_rows(site), now)["version"] if button else ""
    return render_template("buttons/form.html", form=form, button=button), 422 if form.is_submitted() else 200


def _rows(site: Site) -> SiteRows:
    with lifted():
        return site_rows(db.session(), site)


def _values(rows: SiteRows, now: ButtonRow) -> dict[str, Any]:
    current = next((row for row in rows.buttons if row.id == now.id), now)
    kind = service.kind_of(rows, current)
    names = (
        "person",
        "group",
        "label",
        "number",
        "building",
        "fallback",
        "ring_seconds",
        "ring_limit",
        "decline",
        "caretaker",
    )
    values = {name: getattr(current, name) for name in names}
    return {**values, "kind": kind, "hidden": bool(current.hidden), "version": fingerprint((current, kind))}


def _offer(form: ButtonForm, site: Site, now: ButtonRow) -> None:
    def refs(table: Any) -> list[tuple[str, str]]:
        query = select(table.ref, table.name).where(table.site_id == site.id).order_by(table.name)
        return [(ref, name) for ref, name in db.session.execute(query)]

    groups = refs(DialGroup)
    none = ("", translate(g.language, "None"))
    form.person.choices = choices([none, *refs(Person)])
    form.group.choices = choices([none, *groups])
    fallbacks = [("", translate(g.language, "nobody else")), *groups]
    if now.fallback and now.fallback not in dict(groups):
        fallbacks.append((now.fallback, now.fallback))
    form.fallback.choices = choices(fallbacks)
    everywhere = [] if g.reach.narrow else [("", translate(g.language, "Every building"))]
    form.building.choices = choices([*everywhere, *refs(Building)])
    offered: Any = form.decline.choices
    spoken = ((each.value, translate(g.language, each.label)) for each in offered)
    form.decline.choices = choices(spoken)


def _found(key: int) -> Button:
    button = db.session.get(Button, key)
    if button is None:
        abort(404)
    return button


def _panels(site: Site, plan: DialPlan | None, ref: str) -> dict[str, str]:
    query = select(Device.ref, Device.name).where(Device.site_id == site.id, Device.kind == "panel")
    shown = {
        panel.device for panel in (plan.directory.panels if plan else ())
        if plan is not None and any(button.id == ref for button in plan.buttons_on(panel.device))
    }  # fmt: skip
    return {
        key: name or key for key, name in db.session.execute(query.order_by(Device.position)) if key in shown
    }


def _drawing(plan: DialPlan | None, ref: str, panel: str, at: datetime) -> Drawing | None:
    button = next((each for each in plan.directory.buttons if each.id == ref), None) if plan else None
    if plan is None or button is None or not panel or button.kind == "grouped":
        return None
    return draw(plan, panel, button.user, at)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=zone) if text else None
    except ValueError:
        return None
