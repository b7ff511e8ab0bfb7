"""Makes a site's rows into a plan, or says everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dialplan.build import build
from dialplan.checks import addresses, buttons, doors, groups, people, schedules, tables, telephony
from dialplan.errors import PlanError
from dialplan.limits import ERRORS
from dialplan.plan import DialPlan
from dialplan.rows import SiteRows

Check = Callable[[SiteRows], Iterator[PlanError]]

SOUND: tuple[Check, ...] = (
    tables.site,
    tables.ids,
    tables.names,
    tables.references,
    addresses.addresses,
    people.pauses,
    people.owners,
    doors.doors,
    doors.ways,
    doors.panels,
    schedules.time_zones,
    schedules.schedules,
    schedules.rules,
    groups.groups,
    groups.nesting,
    buttons.buttons,
    telephony.telephones,
    telephony.telephony,
)
"""What a plan needs to be read without surprises, also when it comes out of a document."""

SAFE: tuple[Check, ...] = (addresses.emergency, doors.escape_routes, buttons.fallbacks)
"""What a plan that somebody publishes today must keep besides."""


def compile(rows: SiteRows) -> DialPlan | list[PlanError]:
    """The plan of a site that somebody wants to publish, or its errors (the first 500), table by table."""
    return _compile(rows, (*SOUND, *SAFE))


def compile_published(rows: SiteRows) -> DialPlan | list[PlanError]:
    """The same for a plan that was published before: what a later version of the compiler would no longer let
    people publish must still ring.
    """
    return _compile(rows, SOUND)


def _compile(rows: SiteRows, checks: tuple[Check, ...]) -> DialPlan | list[PlanError]:
    errors = list(tables.sizes(rows)) or [error for check in checks for error in check(rows)]
    return errors[:ERRORS] or build(rows)
