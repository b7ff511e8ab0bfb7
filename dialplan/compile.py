"""Makes a site's rows into a plan, or says everything that is wrong with them."""

from __future__ import annotations

from dialplan.build import build
from dialplan.checks import SAFE, SOUND, Check
from dialplan.checks.tables import sizes
from dialplan.errors import PlanError
from dialplan.limits import ERRORS
from dialplan.plan import DialPlan
from dialplan.rows import SiteRows


def compile(rows: SiteRows) -> DialPlan | list[PlanError]:
    """The plan of a site that somebody wants to publish, or its errors (the first 500), table by table."""
    return _compile(rows, (*SOUND, *SAFE))


def compile_published(rows: SiteRows) -> DialPlan | list[PlanError]:
    """The same for a plan that was published before: what a later version of the compiler would no longer let
    people publish must still ring.
    """
    return _compile(rows, SOUND)


def _compile(rows: SiteRows, checks: tuple[Check, ...]) -> DialPlan | list[PlanError]:
    errors = list(sizes(rows)) or [error for check in checks for error in check(rows)]
    return errors[:ERRORS] or build(rows)
