"""Who comes in: password, second factor, links that choose a password, and the first account of all."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webadmin import audit
from webadmin.auth import limits, passwords
from webadmin.auth.reach import Reach
from webadmin.auth.sessions import token_hash
from webadmin.models import Account, AccountLink, Membership, WebSession

Purpose = Literal["invitation", "password"]
LIFETIMES: dict[Purpose, timedelta] = {"invitation": timedelta(days=7), "password": timedelta(hours=1)}
TRIES = 10


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody does not come in, as a phrase."""

    reason: str


WRONG = Refusal("The e-mail address or the password is not right.")
WAIT = Refusal("Too many tries. Wait a quarter of an hour, then try again.")


def sign_in(session: Session, email: str, password: str, source: str, at: datetime) -> Account | Refusal:
    """The account with this password; unknown addresses cost and answer the same.

    Who comes in has his own failed tries forgotten, and none of those at other accounts.
    """
    email = email.strip().lower()
    key = f"sign-in {limits.place(source)}"
    own = f"{key} {email}"
    if any([limits.too_many(session, at, each, TRIES) for each in (key, own)]):
        return WAIT
    account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
    right = passwords.matches(account.password_hash if account else "", password)
    if account is None or not right or account.blocked:
        return WRONG
    limits.forget(session, key, limits.forget(session, own))
    return account


def reach_of(session: Session, account_id: int, at: datetime) -> Reach:
    """What an account may see now; a guest only until the stay ends."""
    rows = session.scalars(select(Membership).where(Membership.account_id == account_id)).all()
    return Reach(
        everything=any(row.role == "system_owner" for row in rows),
        organisations=tuple(
            row.organisation_id
            for row in rows
            if row.role == "organisation_admin" and row.organisation_id is not None
        ),
        buildings=tuple(row.building_id for row in rows if row.building_id is not None),
        units=tuple(row.unit_id for row in rows if row.unit_id and row.role == "unit_owner"),
        people=tuple(row.person_id for row in rows if row.person_id is not None),
        visited=tuple(row.unit_id for row in rows if row.unit_id and row.ends_at and row.ends_at > at),
    )


def needs_second_factor(session: Session, account: Account, forced: Sequence[str]) -> bool:
    """Whether one of the account's roles must have a second factor."""
    roles = session.scalars(select(Membership.role).where(Membership.account_id == account.id))
    return any(role in forced for role in roles)


def owners(session: Session) -> Sequence[Account]:
    """System owners who can log in, the first one first."""
    mine = select(Membership.account_id).where(Membership.role == "system_owner")
    good = (Account.id.in_(mine), Account.blocked.is_(False))
    return session.scalars(select(Account).where(*good).order_by(Account.id)).all()


def make_first(session: Session, name: str, email: str, password: str, at: datetime) -> Account | None:
    """The account of the system's owner; None when there is one already."""
    if session.scalar(select(func.count()).select_from(Account)):
        return None
    account = make_account(session, name, email, at)
    account.password_hash = passwords.make_hash(password)
    session.add(Membership(account_id=account.id, role="system_owner"))
    audit.record(session, at, account.email, "made the first account", account.email)
    return account


def make_account(session: Session, name: str, email: str, at: datetime) -> Account:
    """An account that cannot log in yet."""
    account = Account(
        email=email.strip().lower(), name=name, password_hash="", totp_step=0, blocked=False, created_at=at
    )
    session.add(account)
    session.flush()
    return account


def make_account_link(session: Session, account: Account, purpose: Purpose, at: datetime) -> str:
    """The code of a new link for choosing a password; an older one for the same purpose dies."""
    older = AccountLink.expires_at <= at
    same = (AccountLink.account_id == account.id) & (AccountLink.purpose == purpose)
    session.execute(delete(AccountLink).where(older | same))
    code = secrets.token_urlsafe(24)
    expires_at = at + LIFETIMES[purpose]
    session.add(
        AccountLink(code_hash=token_hash(code), account_id=account.id, purpose=purpose, expires_at=expires_at)
    )
    return code


def account_of_link(session: Session, code: str, at: datetime) -> Account | None:
    """Whose link it is; None when it was used, is too old, or never was."""
    row = session.get(AccountLink, token_hash(code))
    if row is None or row.expires_at <= at:
        return None
    account = session.get(Account, row.account_id)
    return None if account is None or account.blocked else account


def choose_password(session: Session, code: str, password: str, at: datetime) -> Account | None:
    """Use the link up: all other links and log-ins of its account end."""
    account = account_of_link(session, code, at)
    if account is None:
        return None
    used = delete(AccountLink).where(AccountLink.code_hash == token_hash(code))
    if session.execute(used.returning(AccountLink.code_hash)).first() is None:
        return None
    session.execute(delete(AccountLink).where(AccountLink.account_id == account.id))
    account.password_hash = passwords.make_hash(password)
    end_sessions(session, account.id)
    audit.record(session, at, account.email, "chose a password", account.email)
    return account


def end_sessions(session: Session, account_id: int, but: str = "") -> None:
    """End every log-in of an account but the one with this token hash."""
    mine = (WebSession.account_id == account_id, WebSession.token_hash != but)
    session.execute(delete(WebSession).where(*mine))
