"""Lockdowns of doors, and who set them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "pbx_0002"
down_revision = "pbx_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lockdown",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("door", sa.String(length=64), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("site", "door"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("lockdown")
