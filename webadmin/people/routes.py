"""Pages about people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from dialplan.rows import PersonRow, SiteRows
from webadmin.auth.arriving import hand_over
from webadmin.auth.reach import lifted
from webadmin.auth.wall import open_to
from webadmin.db import db, writing
from webadmin.delegation.invitations import AppForm, accounts_of
from webadmin.delegation.service import BUTTONS_NOT_YOURS, may_arrange, refusal, runs
from webadmin.editing.act import act, nudge
from webadmin.editing.changes import fingerprint
from webadmin.forms import choices
from webadmin.languages import translate
from webadmin.listing import listed
from webadmin.models import Building, Button, Credential, Device, DialGroup, Person, Site, Unit
from webadmin.models.dial_group_member import DialGroupMember
from webadmin.people import lists, service
from webadmin.people.forms import DeviceForm, ImportForm, NewPersonForm, PersonForm
from webadmin.publishing import log_ins
from webadmin.publishing.rows import person_row, site_rows
from webadmin.publishing.waiting import is_awaited
from webadmin.shell import here, needed_site, note

pages = Blueprint("people", __name__)


@pages.get("/people")
@open_to("unit_owner")
def index() -> ResponseReturnValue:
    """Everybody of the site; `q` filters by name, unit or number."""
    site = needed_site()
    query = select(Person, Unit.name).outerjoin(Unit, Unit.id == Person.unit_id)
    query = query.where(Person.site_id == site.id).order_by(Person.name, Person.id)
    columns = (Person.name, Person.alias, Person.number, Unit.name)
    return render_template("people/index.html", list=listed(query, columns))


@pages.route("/people/new", methods=["GET", "POST"])
@open_to("unit_owner")
def new() -> ResponseReturnValue:
    """Somebody moves in."""
    site, form = needed_site(), NewPersonForm()
    form.unit.choices = choices(_unit_choices(site))
    if not form.is_submitted() and request.args.get("unit"):
        form.unit.data = request.args["unit"]
    _speak(form.device)
    if form.validate_on_submit() and _allowed(form, site, more=1, before=None):
        edit = service.move_in(_row(form, "new", site), form.text("device"), bool(form.button.data))
        if act(site.id, edit, form, "{0} moved in.", form.text("name")):
            return redirect(url_for("people.index"), 303)
    return render_template("people/form.html", form=form, person=None), 422 if form.is_submitted() else 200


@pages.route("/people/<int:key>/edit", methods=["GET", "POST"])
@open_to("unit_owner")
def edit(key: int) -> ResponseReturnValue:
    """Change a person, or move to another unit."""
    person = _found(key)
    site = here(person.site_id)
    now = _person_row(site, person.ref)
    form = PersonForm(data=_values(now, site))
    form.unit.choices = choices(_unit_choices(site))
    _needs_leave(person)
    moves = int(form.text("unit") != now.unit)
    if form.validate_on_submit() and _allowed(form, site, more=moves, before=now):
        made = service.save_person(_row(form, person.ref, site), form.text("version"))
        if act(site.id, made, form, "{0} is saved.", form.text("name")):
            return redirect(url_for("people.show", key=key), 303)
    form.version.data = fingerprint(_person_row(site, person.ref))
    return render_template("people/form.html", form=form, person=person), 422 if form.is_submitted() else 200


@pages.get("/people/<int:key>")
@open_to("unit_owner", "resident")
def show(key: int) -> ResponseReturnValue:
    """One person: where, what rings, which groups."""
    person = _found(key)
    site = here(person.site_id)
    state = {
        row.device: row.state
        for row in db.session.scalars(select(Credential).where(Credential.site == site.domain))
    }
    with lifted():
        log_ins_of_person = accounts_of(db.session(), key)
    in_group = select(DialGroupMember.group_id).where(DialGroupMember.person_id == key)
    return render_template(
        "people/show.html",
        person=person,
        unit=db.session.get(Unit, person.unit_id) if person.unit_id else None,
        devices=db.session.scalars(
            select(Device).where(Device.person_id == key).order_by(Device.position)
        ).all(),
        state=state,
        buttons=db.session.scalars(select(Button).where(Button.person_id == key)).all(),
        groups=db.session.scalars(select(DialGroup).where(DialGroup.id.in_(in_group))).all(),
        form=_device_form(),
        log_ins=log_ins_of_person,
        app_form=AppForm(formdata=None),
        looks_after=not refusal(db.session(), g.reach, person.unit_id, site_id=site.id),
        awaited=is_awaited(db.session(), site, person),
        may_own=person.unit_id is not None and runs(db.session(), g.reach, person.unit_id),
    )


@pages.post("/people/<int:key>/move-out")
@open_to("unit_owner")
def move_out(key: int) -> ResponseReturnValue:
    """Take a person away, with everything that rings and opens for them."""
    person = _found(key)
    _needs_leave(person)
    if act(person.site_id, service.move_out(person.ref), None, "{0} moved out.", person.name):
        return redirect(url_for("people.index"), 303)
    return redirect(url_for("people.show", key=key), 303)


@pages.post("/people/<int:key>/devices")
@open_to("unit_owner", "resident")
def add_device(key: int) -> ResponseReturnValue:
    """One more device, and its log-in shown once."""
    person, form = _found(key), _device_form()
    _needs_leave(person, oneself=True)
    site = here(person.site_id)
    if form.validate_on_submit():
        edit = service.add_device(person.ref, form.text("kind"), form.text("name"))
        done = act(site.id, edit, form, "{0} has a new device.", person.name)
        if done is not None and done.log_ins:
            with lifted(), writing() as session:
                hand_over(session, site.domain, done.log_ins[0].device, g.account.email, datetime.now(UTC))
            return _sheet(site, done.log_ins[0])
    note("The device was not added. Check its name.")
    return redirect(url_for("people.show", key=key), 303)


@pages.post("/devices/<int:key>/<any(reset, revoke, remove):what>")
@open_to("unit_owner", "resident")
def device(key: int, what: str) -> ResponseReturnValue:
    """A new log-in for a device, none, or no device."""
    row = db.session.get(Device, key)
    if row is None or row.person_id is None:
        abort(404)
    site, ref, person_id = here(row.site_id), row.ref, row.person_id
    _needs_leave(_found(person_id), oneself=True)
    name = row.name or row.username or ref
    back = redirect(url_for("people.show", key=person_id), 303)
    if what == "remove":
        act(site.id, service.remove_device(ref), None, "{0} is removed.", name)
        return back
    try:
        with lifted(), writing() as session:
            if what == "reset":
                made = log_ins.reset(session, site.domain, ref, datetime.now(UTC))
                hand_over(session, site.domain, ref, g.account.email, datetime.now(UTC))
            else:
                log_ins.revoke(session, site.domain, ref, datetime.now(UTC))
    except log_ins.NoSuchLogIn:
        abort(404)
    nudge()
    if what == "reset":
        return _sheet(site, made)
    note("{0} can no longer log in.", name)
    return back


@pages.get("/people.csv")
def export() -> ResponseReturnValue:
    """The site's people for a spreadsheet."""
    site = needed_site()
    rows, within = _rows_within(site)
    text = lists.write(person for person in rows.people if person.id in within)
    headers = {"Content-Disposition": "attachment; filename=people.csv"}
    return Response("\ufeff" + text, mimetype="text/csv; charset=utf-8", headers=headers)


@pages.route("/people/import", methods=["GET", "POST"])
def bring() -> ResponseReturnValue:
    """A list from a spreadsheet: first what it would change, then the change.

    A script that watches how it gets on cannot see a redirection: it is told where to go.
    """
    site, form = needed_site(), ImportForm()
    file = request.files.get("file")
    if file is not None and file.filename:
        form.content.data = file.read().decode("utf-8-sig", "replace").replace("\ufffd", "?")
    plan = None
    if form.is_submitted() and form.content.data:
        rows, within = _rows_within(site)
        units = frozenset(db.session.scalars(select(Unit.ref).where(Unit.site_id == site.id)))
        plan = lists.read(form.text("content"), rows, within, units, g.reach.narrow)
        seen, form.seen.data = form.seen.data, fingerprint(plan)
        if seen == form.seen.data and not plan.errors and form.validate():
            counts = (len(plan.moving_in), len(plan.changed), len(plan.moving_out))
            if act(site.id, plan.edit(), form, "The list: {0} in, {1} changed, {2} out.", *counts):
                where = url_for("people.index")
                return {"go": where} if "Doorline-Progress" in request.headers else redirect(where, 303)
    return render_template("people/import.html", form=form, plan=plan)


def _needs_leave(person: Person, *, oneself: bool = False) -> None:
    """Stop whoever may not change this person; `oneself`: everybody may do it about oneself."""
    own = oneself and person.id in g.reach.people
    if not own and refusal(db.session(), g.reach, person.unit_id, site_id=person.site_id):
        abort(403)


def _allowed(form: PersonForm, site: Site, *, more: int, before: PersonRow | None) -> bool:
    """Whether somebody may be put into the unit that the form names, with this button; the error stands at
    the field. `before`: the person so far.
    """
    where = (Unit.site_id == site.id, Unit.ref == form.text("unit"))
    unit_id = db.session.scalar(select(Unit.id).where(*where))
    reason = refusal(db.session(), g.reach, unit_id, site_id=site.id, more=more)
    if reason:
        form.unit.errors = [reason]
        return False
    if may_arrange(db.session(), g.reach, unit_id, site.id):
        return True
    if before is None and (form["button"].data or form.text("alias") or form.text("number")):
        form["button"].errors = [BUTTONS_NOT_YOURS]
        return False
    if before is not None and (form.text("alias"), form.text("number")) != (before.alias, before.number):
        form.alias.errors = [BUTTONS_NOT_YOURS]
        return False
    return True


def _sheet(site: Site, made: log_ins.NewLogIn) -> ResponseReturnValue:
    server = current_app.config["DOORLINE"].webadmin.public_url.removeprefix("https://") or site.domain
    text = f"sip:{made.username}:{made.secret}@{site.domain}"
    code = Markup(segno.make(text, micro=False).svg_inline(scale=4, border=2, dark="#000", light="#fff"))
    return render_template("people/sheet.html", made=made, server=server, code=code)


def _rows_within(site: Site) -> tuple[SiteRows, frozenset[str]]:
    within = frozenset(db.session.scalars(select(Person.ref).where(Person.site_id == site.id)))
    with lifted():
        return site_rows(db.session(), site), within


def _person_row(site: Site, ref: str) -> PersonRow:
    with lifted():
        found = person_row(db.session(), site, ref)
    if found is None:
        abort(404)
    return found


def _found(key: int) -> Person:
    person = db.session.get(Person, key)
    if person is None:
        abort(404)
    return person


def _unit_choices(site: Site) -> list[tuple[str, str]]:
    query = select(Unit.ref, Unit.name, Building.name).join(Building, Building.id == Unit.building_id)
    query = query.where(Unit.site_id == site.id).order_by(Building.position, Unit.position)
    units = [(ref, f"{name}, {building}") for ref, name, building in db.session.execute(query)]
    return units if g.reach.narrow else [("", translate(g.language, "None")), *units]


def _speak(field: Any) -> None:
    """The labels of a field's choices in the language of the page."""
    field.choices = choices((each.value, translate(g.language, each.label)) for each in field.choices)


def _device_form() -> DeviceForm:
    form = DeviceForm()
    _speak(form.kind)
    return form


def _values(row: PersonRow, site: Site) -> dict[str, Any]:
    values: dict[str, Any] = {"version": fingerprint(row)}
    for name in ("name", "alias", "unit", "number", "telephone"):
        values[name] = getattr(row, name)
    for name in ("hidden", "do_not_disturb"):
        state = getattr(row, name)
        values[name] = bool(state)
        until = state.astimezone(ZoneInfo(site.time_zone)) if isinstance(state, datetime) else None
        values[f"{name}_until"] = until
    return values


def _row(form: PersonForm, ref: str, site: Site) -> PersonRow:
    def until(value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=ZoneInfo(site.time_zone)).astimezone(UTC) if value else None

    return PersonRow(
        ref,
        form.text("name"),
        number=form.text("number"),
        alias=form.text("alias"),
        unit=form.text("unit"),
        hidden=service.pause(bool(form.hidden.data), until(form.hidden_until.data)),
        do_not_disturb=service.pause(bool(form.do_not_disturb.data), until(form.do_not_disturb_until.data)),
        telephone=form.text("telephone").replace(" ", ""),
    )
