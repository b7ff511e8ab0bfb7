"""Account: somebody who logs in to WebAdmin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webadmin.db import Row
from webadmin.models.in_site import cascading


class Account(Row):
    """A web account; `email` in lower case. `password_hash` is argon2's, "" until one is chosen.

    `totp_secret` is sealed, None without a second factor; `totp_step` is the last time step a code was
    accepted for, so that a code works once.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(300))
    totp_step: Mapped[int]
    blocked: Mapped[bool]
    created_at: Mapped[datetime]
    last_in_at: Mapped[datetime | None]


class Membership(Row):
    """What an account may do, and where. A system owner has neither organisation nor building.

    A unit owner has a unit, and a person when living there; a resident is a person; a guest visits a unit
    until `ends_at`.
    """

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(cascading("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(cascading("building.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(cascading("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(cascading("person.id"), index=True)
    ends_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "role IN ('system_owner', 'organisation_admin', 'building_admin', "
            "'unit_owner', 'resident', 'guest')",
            name="role",
        ),
        CheckConstraint("(role = 'system_owner') = (organisation_id IS NULL)", name="organisation"),
        CheckConstraint("(role = 'building_admin') = (building_id IS NOT NULL)", name="building"),
        CheckConstraint("(role IN ('unit_owner', 'guest')) = (unit_id IS NOT NULL)", name="unit"),
        CheckConstraint(
            "CASE WHEN person_id IS NULL THEN role <> 'resident' ELSE role IN ('resident', 'unit_owner') END",
            name="person",
        ),
        CheckConstraint("(role = 'guest') = (ends_at IS NOT NULL)", name="ends"),
    )


class RecoveryCode(Row):
    """A code that stands in for the second factor, once; `code_hash` is its SHA-256."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(cascading("account.id"), index=True)


class AccountLink(Row):
    """A link sent by e-mail, good for choosing a password once. The row goes when the link is used."""

    __tablename__ = "account_link"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(cascading("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("purpose IN ('invitation', 'password')", name="purpose"),)


class Attempt(Row):
    """One try at something that is limited; `key_hash` tells who tried what."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
