"""Pages about access rules, and who opens what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dialplan.rows import METHODS, RuleRow
from webadmin import offers
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.doors.routes import WAYS
from webadmin.editing.act import act
from webadmin.editing.changes import fingerprint
from webadmin.forms import choices
from webadmin.models import AccessRule, Door, Person, Site, Unit
from webadmin.people.service import one
from webadmin.rules import service
from webadmin.rules.forms import RuleForm
from webadmin.rules.matrix import NONE, rights
from webadmin.shell import here, needed_site

pages = Blueprint("rules", __name__)
LISTS = ("doors", "buildings", "units", "people")
MOST = 2000


@pages.get("/rules")
def index() -> ResponseReturnValue:
    """Every rule within reach, in words."""
    site = needed_site()
    rows = {row.id: row for row in offers.whole(site).rules}
    query = select(AccessRule).where(AccessRule.site_id == site.id).order_by(AccessRule.position)
    names = {
        "doors": dict(offers.doors(site)),
        "buildings": dict(offers.buildings(site)),
        "units": dict(offers.units(site)),
        "people": dict(offers.people(site)),
        "schedules": dict(offers.schedules(site)),
    }
    found = [(rule.id, rows[rule.ref]) for rule in db.session.scalars(query) if rule.ref in rows]
    return render_template("rules/index.html", rules=found, names=names, ways=WAYS, every=len(METHODS))


@pages.route("/rules/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new rule."""
    return _page(needed_site(), None)


@pages.route("/rules/<int:key>", methods=["GET", "POST"])
def edit(key: int) -> ResponseReturnValue:
    """Change a rule."""
    rule = _found(key)
    return _page(here(rule.site_id), rule)


@pages.post("/rules/<int:key>/remove")
def remove(key: int) -> ResponseReturnValue:
    """Take a rule away."""
    rule = _found(key)
    act(rule.site_id, service.remove_rule(rule.ref), None, "The access rule is removed.")
    return redirect(url_for("rules.index"), 303)


@pages.get("/who")
def who() -> ResponseReturnValue:
    """Who lives here, who opens what: by person, or by door."""
    site, words = needed_site(), request.args.get("q", "")[:80].strip()
    query = select(Person, Unit).outerjoin(Unit, Unit.id == Person.unit_id).where(Person.site_id == site.id)
    for word in words.split():
        query = query.where(
            Person.name.icontains(word, autoescape=True) | Unit.name.icontains(word, autoescape=True)
        )
    people = db.session.execute(query.order_by(Unit.position, Person.name).limit(MOST)).all()
    doors = db.session.scalars(select(Door).where(Door.site_id == site.id).order_by(Door.position)).all()
    plan = newest_plan(site)
    refs = [door.ref for door in doors]
    table = rights(plan, [person.ref for person, _ in people], refs) if plan is not None else {}
    rows = [(person, unit, table.get(person.ref, (NONE,) * len(doors))) for person, unit in people]
    counts = [sum(row[2][at].cell != "never" for row in rows) for at in range(len(doors))]
    by = "door" if request.args.get("by") == "door" else "person"
    return render_template(
        "rules/who.html", rows=rows, doors=doors, counts=counts, words=words, by=by, ways=WAYS
    )


def _page(site: Site, rule: AccessRule | None) -> ResponseReturnValue:
    ref = rule.ref if rule is not None else ""
    now: RuleRow = one(offers.whole(site), "rules", ref) if ref else RuleRow("", ())
    values = {name: getattr(now, name) for name in (*LISTS, "methods", "during", "outside")}
    form = RuleForm(data={**values, "version": fingerprint(now)})
    for name in LISTS:
        form[name].choices = choices(getattr(offers, name)(site))
    offers.speak(form.methods)
    for field, value in ((form.during, now.during), (form.outside, now.outside)):
        offers.offer(field, offers.schedules(site), now=value, none="No schedule")
    if form.validate_on_submit():
        made = service.save_rule(_row(form, now), form.text("version"))
        fields = {"": "people"}
        if act(site.id, made, form, "The access rule is saved.", tables=("rules",), fields=fields):
            return redirect(url_for("rules.index"), 303)
        if ref:
            form.version.data = fingerprint(one(offers.whole(site), "rules", ref))
    return render_template("rules/form.html", form=form, rule=rule), 422 if form.is_submitted() else 200


def _row(form: RuleForm, now: RuleRow) -> RuleRow:
    lists: dict[str, Any] = {name: form[name].chosen(getattr(now, name)) for name in (*LISTS, "methods")}
    return RuleRow(now.id, **lists, during=form.text("during"), outside=form.text("outside"))


def _found(key: int) -> AccessRule:
    rule = db.session.get(AccessRule, key)
    if rule is None:
        abort(404)
    return rule
