"""The page of what a site may do on trunks: countries, kinds, calls, minutes and money, numbers shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dialplan.rows import CallerIdRow, RateRow, SiteRows, TelephonyRow
from webadmin import offers
from webadmin.auth.wall import organisation_only
from webadmin.db import db
from webadmin.editing.act import act
from webadmin.editing.changes import Edit, expect, fingerprint
from webadmin.editing.difference import with_row
from webadmin.lines import Line, Lines
from webadmin.models import Site
from webadmin.shell import needed_site
from webadmin.trunks.forms import LimitsForm, amount, hundredths, listed_words
from webadmin.trunks.service import listed

pages = Blueprint("telephone_limits", __name__)
NUMBERS = ("calls", "calls_per_person", "calls_per_hour", "minutes_per_day")
SAME = (*NUMBERS, "kinds", "trunks", "region", "caller_id", "dial_out", "emergency", "call_in")
AMOUNT = "Write an amount, such as 200 or 49,50."


def telephony_of(rows: SiteRows) -> TelephonyRow:
    """What the site may do; nothing where it was never set."""
    return next(iter(rows.telephony), TelephonyRow())


def may_limit(site: Site) -> bool:
    """Whether the one who asks runs the whole organisation of a site."""
    return g.reach.everything or site.organisation_id in g.reach.organisations


def save_limits(row: TelephonyRow, version: str) -> Edit:
    """New limits, unless somebody else set others meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        expect(telephony_of(rows), version)
        return with_row(rows, "telephony", row)

    return edit


@pages.route("/telephones/limits", methods=["GET", "POST"])
@organisation_only
def edit() -> ResponseReturnValue:
    """Set what the current site may do."""
    site = needed_site()
    if not may_limit(site):
        abort(403)
    now = telephony_of(offers.whole(site))
    form, rates, shown = _form(site, now)
    if form.validate_on_submit() and rates.check(_fault_of_rate):
        row = _row(form, now, rates, shown)

        def tell(place: Sequence[str], text: str) -> bool:
            lines = {"rates": rates, "caller_ids": shown}.get(place[0])
            return lines is not None and place[-1] != "building" and lines.tell(place, text)

        edited = save_limits(row, form.text("version")) if row is not None else None
        told = "The limits of telephony are saved."
        if edited and act(site.id, edited, form, told, tables=("telephony",), tell=tell):
            return redirect(url_for("telephones.index"), 303)
    houses = [(ref, name, _line_of(shown, ref)) for ref, name in offers.buildings(site)]
    page = render_template("trunks/limits.html", form=form, rates=rates, houses=houses)
    return page, 422 if form.is_submitted() else 200


def _form(site: Site, now: TelephonyRow) -> tuple[LimitsForm, Lines, Lines]:
    values = {name: getattr(now, name) for name in SAME}
    values |= {"countries": ", ".join(now.countries), "money_per_day": amount(now.money_per_day)}
    form = LimitsForm(data={**values, "version": fingerprint(now)})
    trunks = [(row.ref, row.name) for row in listed(db.session())]
    offers.speak(form.kinds)
    offers.offer(form.trunks, trunks)
    offers.offer(form.emergency, trunks, now=now.emergency, none="Refused")
    offers.offer(form.call_in, offers.devices(site, "panel"), now=now.call_in, none="No")
    if form.is_submitted():
        sent = request.form
        rates = Lines.sent("rate", "prefix", ("prefix", "price"), sent)
        return form, rates, Lines.sent("shown", "number", ("building", "number"), sent)
    known = [{"prefix": each.prefix, "price": amount(each.price)} for each in now.rates]
    numbers = [{"building": each.building, "number": each.number} for each in now.caller_ids]
    return form, Lines.of("rate", "prefix", known), Lines.of("shown", "number", numbers)


def _row(form: LimitsForm, now: TelephonyRow, rates: Lines, shown: Lines) -> TelephonyRow | None:
    money = hundredths(form.text("money_per_day"))
    if money is None:
        form.money_per_day.errors = [AMOUNT]
        return None
    region = form.text("region").upper()
    if not (len(region) == 2 and region.isascii() and region.isalpha()):
        form.region.errors = ["Write two letters, such as NO."]
        return None
    values: dict[str, Any] = {name: form[name].data for name in SAME if name not in ("kinds", "trunks")}
    values |= {"kinds": form.kinds.chosen(), "trunks": form.trunks.chosen(now.trunks), "region": region}
    return replace(
        now,
        **values,
        money_per_day=money,
        countries=tuple(word.upper() for word in listed_words(form.text("countries"))),
        rates=tuple(RateRow(each["prefix"], hundredths(each["price"]) or 0) for each in rates.items),
        caller_ids=tuple(CallerIdRow(each["building"], each["number"]) for each in shown.items),
    )


def _fault_of_rate(line: Line) -> str:
    return AMOUNT if hundredths(line["price"]) is None else ""


def _line_of(shown: Lines, building: str) -> Line:
    return next((each for each in shown.items if each["building"] == building), Line({}))
