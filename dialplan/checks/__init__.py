"""What must hold for rows to be a plan; each check yields errors a person can act on.

`SOUND` is what a plan needs to be read without surprises (also when it comes out of a document); `SAFE` is
what a plan that somebody publishes today must keep besides. A check meets rows that other checks refuse,
and stays calm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dialplan.checks import addresses, buttons, doors, groups, people, schedules, tables
from dialplan.errors import PlanError
from dialplan.rows import SiteRows

Check = Callable[[SiteRows], Iterator[PlanError]]

SOUND: tuple[Check, ...] = (
    tables.site,
    tables.sizes,
    tables.ids,
    tables.names,
    tables.references,
    addresses.addresses,
    people.pauses,
    people.owners,
    doors.doors,
    doors.panels,
    schedules.time_zones,
    schedules.schedules,
    schedules.rules,
    groups.groups,
    groups.nesting,
    buttons.buttons,
)

SAFE: tuple[Check, ...] = (addresses.emergency, doors.escape_routes, buttons.fallbacks)
