"""Passes of guests and craftsmen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0007"
down_revision = "admin_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "guest_pass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=253), sa.ForeignKey("site.domain"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("building", sa.String(length=64), nullable=False),
        sa.Column("doors", sa.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=True),
        sa.Column("pin", sa.String(length=64), nullable=False),
        sa.Column("pin_length", sa.Integer(), nullable=False),
        sa.Column("pin_sealed", sa.String(length=200), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'revoked')", name="state"),
        sa.CheckConstraint("uses IS NULL OR uses BETWEEN 1 AND 100", name="uses"),
        sa.CheckConstraint("ends_at > starts_at", name="window"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seq"),
        sa.UniqueConstraint("site", "ref"),
    )
    op.create_index("ix_guest_pass_token", "guest_pass", ["token"])


def downgrade() -> None:
    """Drop it; every pass is over."""
    op.drop_table("guest_pass")
