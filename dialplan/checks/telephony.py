"""What a site may do on trunks: countries, prefixes and numbers that can be meant, limits that limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialplan.checks.text import check_bounds, check_id, check_known, check_twice
from dialplan.errors import PlanError
from dialplan.numbers import is_e164
from dialplan.rows import SiteRows, TelephonyRow

_COUNTRY = re.compile(r"[A-Z]{2}")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")


def telephones(rows: SiteRows) -> Iterator[PlanError]:
    """A person's telephone is a whole number."""
    for person in rows.people:
        if person.telephone:
            yield from _number(f"people/{person.id}/telephone", person.telephone)


def telephony(rows: SiteRows) -> Iterator[PlanError]:
    """The limits of a site are whole, and its numbers can be called and shown."""
    buildings = {building.id for building in rows.buildings}
    for row in rows.telephony:
        where = f"telephony/{row.id}"
        yield from _limits(where, row)
        yield from _countries(where, row)
        for index, rate in enumerate(row.rates):
            if _PREFIX.fullmatch(rate.prefix) is None:
                hint = "write it like +47"
                yield PlanError(f"{where}/rates/{index}/prefix", "this is no prefix", hint, "prefix")
            yield from check_bounds(f"{where}/rates/{index}/price", rate.price, 0, 10**6, "the price")
        yield from check_twice(f"{where}/rates", [rate.prefix for rate in row.rates], "prefix")
        for trunk in (*row.trunks, *filter(None, (row.emergency,))):
            yield from check_id(f"{where}/trunks", trunk)
        yield from check_twice(f"{where}/trunks", row.trunks, "trunk")
        if row.call_in:
            panels = [panel.device for panel in rows.panels]
            yield from check_known(f"{where}/call_in", row.call_in, panels, "panel")
        if row.caller_id:
            yield from _number(f"{where}/caller_id", row.caller_id)
        for index, shown in enumerate(row.caller_ids):
            here = f"{where}/caller_ids/{index}"
            yield from check_known(f"{here}/building", shown.building, buildings, "building")
            yield from _number(f"{here}/number", shown.number)
        yield from check_twice(f"{where}/caller_ids", [each.building for each in row.caller_ids], "building")


def _limits(where: str, row: TelephonyRow) -> Iterator[PlanError]:
    yield from check_bounds(f"{where}/calls", row.calls, 0, 1_000, "the number of calls")
    yield from check_bounds(f"{where}/calls_per_person", row.calls_per_person, 1, 100, "the number of calls")
    yield from check_bounds(f"{where}/calls_per_hour", row.calls_per_hour, 1, 1_000, "the number of calls")
    yield from check_bounds(f"{where}/minutes_per_day", row.minutes_per_day, 0, 100_000, "the minutes a day")
    yield from check_bounds(f"{where}/money_per_day", row.money_per_day, 0, 10**8, "the money a day")


def _countries(where: str, row: TelephonyRow) -> Iterator[PlanError]:
    for country in (*row.countries, row.region):
        if _COUNTRY.fullmatch(country) is None:
            hint = 'write two capital letters, such as "NO"'
            yield PlanError(f"{where}/countries", "this is no country", hint, "country")
    yield from check_twice(f"{where}/countries", row.countries, "country")
    yield from check_twice(f"{where}/kinds", row.kinds, "kind")


def _number(where: str, text: str) -> Iterator[PlanError]:
    if not is_e164(text):
        hint = "write it like +4722334455"
        yield PlanError(where, "this is no telephone number", hint, "telephone_number")
