"""Unit owners, residents and guests, and what unit owners may do themselves."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "admin_0006"
down_revision = "admin_0005"
branch_labels = None
depends_on = None

ROLES = "role IN ('system_owner', 'organisation_admin', 'building_admin')"
MORE_ROLES = ROLES[:-1] + ", 'unit_owner', 'resident', 'guest')"
COLUMNS = ("id", "account_id", "role", "organisation_id", "building_id")


def upgrade() -> None:
    """Everybody keeps the role there is."""
    _make_anew(
        MORE_ROLES,
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id", ondelete="CASCADE"), nullable=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(role IN ('unit_owner', 'guest')) = (unit_id IS NOT NULL)", name="unit"),
        sa.CheckConstraint(
            "CASE WHEN person_id IS NULL THEN role <> 'resident' ELSE role IN ('resident', 'unit_owner') END",
            name="person",
        ),
        sa.CheckConstraint("(role = 'guest') = (ends_at IS NOT NULL)", name="ends"),
    )
    op.create_table(
        "delegation",
        sa.Column("building_id", sa.Integer(), sa.ForeignKey("building.id", ondelete="CASCADE")),
        sa.Column("members", sa.Boolean(), nullable=False),
        sa.Column("most_members", sa.Integer(), nullable=False),
        sa.Column("buttons", sa.Boolean(), nullable=False),
        sa.Column("guests", sa.Boolean(), nullable=False),
        sa.Column("most_guests", sa.Integer(), nullable=False),
        sa.Column("guest_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("most_members BETWEEN 1 AND 100", name="most_members"),
        sa.CheckConstraint("most_guests BETWEEN 0 AND 100", name="most_guests"),
        sa.CheckConstraint("guest_days BETWEEN 1 AND 366", name="guest_days"),
        sa.PrimaryKeyConstraint("building_id"),
    )


def downgrade() -> None:
    """The new roles go, with who had them."""
    op.drop_table("delegation")
    op.execute(f"DELETE FROM membership WHERE NOT ({ROLES})")
    _make_anew(ROLES)


def _make_anew(roles: str, *more: sa.Column[Any] | sa.CheckConstraint) -> None:
    """SQLite cannot change a table's checks; nothing refers to this table."""
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"SELECT {', '.join(COLUMNS)} FROM membership")).mappings().all()
    op.drop_table("membership")
    table = op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "account_id", sa.Integer(), sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=True),
        sa.Column(
            "building_id", sa.Integer(), sa.ForeignKey("building.id", ondelete="CASCADE"), nullable=True
        ),
        sa.CheckConstraint(roles, name="role"),
        sa.CheckConstraint("(role = 'system_owner') = (organisation_id IS NULL)", name="organisation"),
        sa.CheckConstraint("(role = 'building_admin') = (building_id IS NOT NULL)", name="building"),
        sa.PrimaryKeyConstraint("id"),
        *more,
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"])
    if rows:
        op.bulk_insert(table, [dict(row) for row in rows])
    if rows and bind.dialect.name == "postgresql":  # ids were given: the sequence must go past them
        bind.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('membership', 'id'), max(id)) FROM membership")
        )
