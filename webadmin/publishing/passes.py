"""The end of a pass, and that of every pass whose giver is no longer in the plan."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialplan.plan import DialPlan
from webadmin.models import GuestPass, Site, next_number

COUNTER = "guest_pass"


def end_pass(session: Session, row: GuestPass) -> None:
    """Nothing of it opens anything again, also what was written down: its digests go."""
    row.state, row.pin, row.pin_sealed = "revoked", "", ""
    with session.no_autoflush:
        row.seq = next_number(session, COUNTER)


def end_passes_of_the_gone(session: Session, site: Site, plan: DialPlan) -> None:
    """Who has moved out lets nobody in any more, nor when somebody else comes to have the same id."""
    living = (GuestPass.site == site.domain, GuestPass.state == "active", GuestPass.host != "")
    for row in session.scalars(select(GuestPass).where(*living)):
        if plan.person(row.host) is None:
            end_pass(session, row)
