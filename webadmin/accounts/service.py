"""What happens to accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webadmin import audit
from webadmin.auth import entering
from webadmin.auth.reach import ADMINS, Reach
from webadmin.models import Account, AccountLink, Building, Membership, Organisation, RecoveryCode, Site
from webadmin.publishing.arrivals import account_arrived


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere an account may be given a role. `key`: as the form names it; `ends_at`: of a guest."""

    key: str
    name: str
    role: str
    organisation_id: int | None
    building_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An account in the list."""

    account: Account
    places: tuple[Place, ...]


class LastOwner(Exception):
    """Without this account nobody could run the system."""


def places(session: Session, reach: Reach) -> list[Place]:
    """Where somebody with this reach may let others in."""
    found = [Place("system", "", "system_owner", None, None)] if reach.everything else []
    for organisation in session.scalars(select(Organisation).order_by(Organisation.name)):
        key = f"organisation-{organisation.id}"
        found.append(Place(key, organisation.name, "organisation_admin", organisation.id, None))
    houses = select(Building, Site.organisation_id).join(Site, Site.id == Building.site_id)
    for building, organisation_id in session.execute(houses.order_by(Building.name)):
        found.append(
            Place(f"building-{building.id}", building.name, "building_admin", organisation_id, building.id)
        )
    return found


def accounts(session: Session, reach: Reach) -> list[Listed]:
    """Every account within reach that runs something, with its places."""
    by_key = {(place.organisation_id, place.building_id): place for place in places(session, reach)}
    held: dict[int, list[Place]] = {}
    query = select(Membership).where(Membership.role.in_(ADMINS)).order_by(Membership.id)
    for row in session.scalars(query):
        place = by_key.get((row.organisation_id, row.building_id))
        if place is not None:
            held.setdefault(row.account_id, []).append(place)
    listed = session.scalars(select(Account).order_by(Account.name, Account.id))
    return [Listed(account, tuple(held[account.id])) for account in listed if account.id in held]


def invite(
    session: Session, who: str, name: str, email: str, place: Place, at: datetime
) -> tuple[Account, str]:
    """Give somebody a role, with an account if there is none; the code is "" when none is needed."""
    account = session.scalars(select(Account).where(Account.email == email.lower())).one_or_none()
    if account is None:
        account = entering.make_account(session, name, email, at)
    same = (
        Membership.account_id == account.id,
        Membership.role == place.role,
        Membership.organisation_id == place.organisation_id,
        Membership.building_id == place.building_id,
        Membership.unit_id == place.unit_id,
        Membership.person_id == place.person_id,
    )
    with session.no_autoflush:
        held = session.scalars(select(Membership).where(*same)).first()
    if held is not None:
        held.ends_at = place.ends_at
    else:
        session.add(
            Membership(
                account_id=account.id,
                role=place.role,
                organisation_id=place.organisation_id,
                building_id=place.building_id,
                unit_id=place.unit_id,
                person_id=place.person_id,
                ends_at=place.ends_at,
            )
        )
    if account.last_in_at is not None:  # nobody who is in already has to come in once more
        session.flush()
        account_arrived(session, account.id, account.email, at)
    code = "" if account.password_hash else entering.make_account_link(session, account, "invitation", at)
    audit.record(session, at, who, "invited", account.email, place.organisation_id)
    return account, code


def leave(session: Session, who: str, account: Account, reach: Reach, at: datetime) -> None:
    """Take away every role by which `account` runs something within `reach`, and its log-ins.

    Raises:
        LastOwner: it is the only system owner.
    """
    owners: Sequence[Account] = entering.owners(session)
    if reach.everything and [owner.id for owner in owners] == [account.id]:
        raise LastOwner
    mine = delete(Membership).where(Membership.account_id == account.id, Membership.role.in_(ADMINS))
    if not reach.everything:
        mine = mine.where(Membership.organisation_id.in_(reach.organisations))
    session.execute(mine)
    entering.end_sessions(session, account.id)
    left = select(func.count()).select_from(Membership).where(Membership.account_id == account.id)
    for organisation in reach.organisations or (None,):
        audit.record(session, at, who, "took away the roles", account.email, organisation)
    if not session.scalar(left):
        session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
        session.delete(account)


def forget_second_factor(session: Session, who: str, account: Account, at: datetime) -> None:
    """The phone is lost: the next log-in sets up a new one, and all log-ins end."""
    account.totp_secret = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    entering.end_sessions(session, account.id)
    audit.record(session, at, who, "took away the second factor", account.email)
