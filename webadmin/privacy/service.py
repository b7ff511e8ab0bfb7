"""Everything kept about one person, as a file; and its end (GDPR articles 15, 17 and 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from dialplan.rows import SiteRows
from webadmin import audit
from webadmin.delegation.invitations import accounts_of, forget_if_idle
from webadmin.models import Credential, Membership, Person, PlanRevision, Site, SiteChange

ERASED = "A person was erased."


def about(session: Session, site: Site, person: Person, rows: SiteRows) -> dict[str, Any]:
    """What the tables hold about a person; log-ins without their hashes, and no visit, since none is kept by
    person. `rows`: the site's.
    """
    ref = person.ref
    devices = [device for device in rows.devices if device.person == ref]
    states = {
        row.device: row.state
        for row in session.scalars(select(Credential).where(Credential.site == site.domain))
    }
    return {
        "site": site.domain,
        "person": next(asdict(row) for row in rows.people if row.id == ref),
        "devices": [{**asdict(device), "log_in": states.get(device.id, "none")} for device in devices],
        "buttons": [asdict(button) for button in rows.buttons if button.person == ref],
        "dial_groups": [
            group.name
            for group in rows.groups
            if any(member.kind == "person" and member.id == ref for member in group.members)
        ],
        "rules": [rule.id for rule in rows.rules if ref in rule.people],
        "accounts": [{"email": each.email, "role": role} for each, role in accounts_of(session, person.id)],
        "revisions": [change.revision for change in _changes(session, site, ref)],
    }


def end_accounts(session: Session, person_id: int) -> list[str]:
    """Nobody logs in as this person any more; an account without another role is erased.

    Returns:
        The addresses of those that are erased.
    """
    erased = []
    for account, _ in accounts_of(session, person_id):
        for membership in session.scalars(
            select(Membership).where(
                Membership.person_id == person_id, Membership.account_id == account.id
            )
        ):
            session.delete(membership)
        session.flush()
        address = account.email
        forget_if_idle(session, account)
        if account in session.deleted:
            erased.append(address)
    return erased


def forget(
    session: Session, site: Site, ref: str, name: str, addresses: Sequence[str], who: str, at: datetime
) -> None:
    """Take somebody who has moved out from the history as well: rows before and after each change, older
    plans, notes that name the person, and the addresses of accounts that are no more. What was changed then
    can no longer be undone.
    """
    forget_addresses(session, addresses)
    for change in _changes(session, site, ref):
        change.rows = {
            table: {key: pair for key, pair in items.items() if not _mentions(table, key, pair, ref)}
            for table, items in change.rows.items()
        }
        if change.undone_by is None:
            change.undone_by = change.revision
    newest = session.scalar(
        select(func.max(PlanRevision.revision)).where(PlanRevision.site == site.domain)
    )
    older = (PlanRevision.site == site.domain, PlanRevision.revision < (newest or 0))
    session.execute(update(PlanRevision).where(*older).values(document=""))
    named = PlanRevision.note.contains(name, autoescape=True)
    session.execute(update(PlanRevision).where(PlanRevision.site == site.domain, named).values(note=ERASED))
    audit.record(session, at, who, "erased a person", site.domain, site.organisation_id)


def forget_addresses(session: Session, addresses: Sequence[str]) -> None:
    """Take the addresses of accounts that are no more from the history of every site."""
    for table, column in ((PlanRevision, PlanRevision.author), (SiteChange, SiteChange.who)):
        session.execute(update(table).where(column.in_(addresses)).values({column: ""}))


def _changes(session: Session, site: Site, ref: str) -> list[SiteChange]:
    found = session.scalars(select(SiteChange).where(SiteChange.site_id == site.id))
    return [
        change
        for change in found
        if any(
            _mentions(table, key, pair, ref)
            for table, items in change.rows.items()
            for key, pair in items.items()
        )
    ]


def _mentions(table: str, key: str, pair: list[Any], ref: str) -> bool:
    """Whether a changed row is the person, or the person's device or button."""
    if table == "people":
        return key == ref
    return table in ("devices", "buttons") and any(row and row.get("person") == ref for row in pair)
