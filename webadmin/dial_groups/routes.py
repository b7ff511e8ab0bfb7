"""Pages about dial groups."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dialplan.rows import GroupRow, SiteRows
from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.dial_groups import service
from webadmin.dial_groups.forms import GroupForm, Lines
from webadmin.editing.act import act
from webadmin.editing.changes import fingerprint
from webadmin.forms import choices
from webadmin.languages import translate
from webadmin.models import Button, Device, DialGroup, Person, Schedule, Site
from webadmin.models.dial_group_member import DialGroupMember
from webadmin.people.service import one
from webadmin.publishing.rows import site_rows
from webadmin.shell import here, needed_site

pages = Blueprint("dial_groups", __name__)


@pages.get("/dial-groups")
def index() -> ResponseReturnValue:
    """Every group of the site."""
    site = needed_site()
    groups = db.session.scalars(
        select(DialGroup).where(DialGroup.site_id == site.id).order_by(DialGroup.name)
    )
    members = Counter(
        dict(
            db.session.execute(
                select(DialGroupMember.group_id, func.count()).group_by(DialGroupMember.group_id)
            ).all()
        )
    )
    used = Counter(db.session.scalars(select(Button.group_id).where(Button.site_id == site.id)))
    return render_template("dial_groups/index.html", groups=groups.all(), members=members, used=used)


@pages.route("/dial-groups/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new group."""
    return _page(needed_site(), None)


@pages.route("/dial-groups/<int:key>", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Change a group."""
    group = db.session.get(DialGroup, key)
    if group is None:
        abort(404)
    return _page(here(group.site_id), group)


@pages.post("/dial-groups/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take a group away."""
    group = db.session.get(DialGroup, key)
    if group is None:
        abort(404)
    if act(group.site_id, service.remove_group(group.ref), None, "{0} is removed.", group.name):
        return redirect(url_for("dial_groups.index"), 303)
    return redirect(url_for("dial_groups.edit", key=key), 303)


def _page(site: Site, group: DialGroup | None) -> ResponseReturnValue:
    ref = group.ref if group is not None else ""
    with lifted():
        rows = site_rows(db.session(), site)
    now = one(rows, "groups", ref) if ref else GroupRow("", "", ())
    form = _form(site, rows, now)
    labels = _labels(site, ref)
    lines = Lines.of(now.members, labels)
    saved: Any = None
    if form.is_submitted():
        lines = Lines.sent(request.form, labels, now.members)
        if _only_arranged(form, lines, labels):
            return _render(site, group, form, lines, labels, dirty=True), 200
        saved = form.validate() and _save(site, ref, form, lines)
    if saved:
        return redirect(
            url_for("dial_groups.edit", key=group.id) if group else url_for("dial_groups.index"), 303
        )
    if ref:
        with lifted():
            form.version.data = fingerprint(service.state(site_rows(db.session(), site), ref))
    return _render(site, group, form, lines, labels), 422 if form.is_submitted() else 200


def _render(
    site: Site,
    group: DialGroup | None,
    form: GroupForm,
    lines: Lines,
    labels: dict[str, str],
    dirty: bool = False,
) -> str:
    schedules = db.session.execute(
        select(Schedule.ref, Schedule.name).where(Schedule.site_id == site.id).order_by(Schedule.position)
    ).all()
    buttons = []
    if group is not None:
        buttons = list(db.session.scalars(select(Button).where(Button.group_id == group.id)))
    return render_template(
        "dial_groups/form.html", group=group, form=form, lines=lines.items, labels=labels,
        schedules=schedules, buttons=buttons, dirty=dirty,
    )  # fmt: skip


def _form(site: Site, rows: SiteRows, now: GroupRow) -> GroupForm:
    fallback = service.fallback_of(rows, now.id) if now.id else ""
    values = {
        name: getattr(now, name) for name in ("ringing", "name", "step_seconds", "rings_on", "ring_seconds")
    }
    version = fingerprint(service.state(rows, now.id)) if now.id else ""
    form = GroupForm(data={**values, "fallback": fallback, "version": version})
    others = [(row.ref, row.name) for row in _groups(site) if row.ref != now.id]
    offered = [("", translate(g.language, "nobody else")), *others]
    if fallback == service.AS_IT_IS:
        offered.insert(0, (service.AS_IT_IS, translate(g.language, "as each button has it")))
    elif fallback and fallback not in dict(others):
        offered.append((fallback, fallback))
    form.fallback.choices = choices(offered)
    return form


def _only_arranged(form: GroupForm, lines: Lines, labels: dict[str, str]) -> bool:
    """Whether a button was pressed that changes the form and saves nothing."""
    what, _, place = request.form.get("do", "").partition("-")
    if what in ("up", "down"):
        lines.move(int(place) if place.isdecimal() and len(place) < 4 else -1, -1 if what == "up" else 1)
        return True
    if what != "add":
        return False
    number = "".join(request.form.get("number", "").split())[:32]
    target = f"number:{number}" if number else request.form.get("new", "")
    if target and not lines.add(target, labels):
        form.form_errors = ["Choose somebody from the list."]
    return True


def _save(site: Site, ref: str, form: GroupForm, lines: Lines) -> bool:
    members = lines.rows()
    if members is None:
        return False
    group = GroupRow(
        ref,
        form.text("name"),
        members,
        form.ringing.data,
        form.ring_seconds.data or 0,
        form.step_seconds.data or 0,
        bool(form.rings_on.data),
    )
    edit = (
        service.save_group(group, form.text("version"), form.text("fallback"))
        if ref
        else service.add_group(group)
    )
    return act(site.id, edit, form, "{0} is saved.", group.name) is not None


def _groups(site: Site) -> Any:
    return db.session.scalars(
        select(DialGroup).where(DialGroup.site_id == site.id).order_by(DialGroup.name)
    ).all()


def _labels(site: Site, own: str) -> dict[str, str]:
    """Who may be a member, within reach, by kind and id."""
    labels = {}
    for person in db.session.scalars(select(Person).where(Person.site_id == site.id).order_by(Person.name)):
        labels[f"person:{person.ref}"] = person.name
    kinds = ("app", "station", "phone")
    devices = (
        select(Device).where(Device.site_id == site.id, Device.kind.in_(kinds)).order_by(Device.position)
    )
    for device in db.session.scalars(devices):
        labels[f"device:{device.ref}"] = device.name or device.username or device.ref
    for group in _groups(site):
        if group.ref != own:
            labels[f"group:{group.ref}"] = group.name
    return labels
