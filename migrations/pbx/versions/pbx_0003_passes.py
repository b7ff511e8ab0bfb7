"""How often passes were used, and how far each agent's events have come; neither says when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "pbx_0003"
down_revision = "pbx_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pass_use",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("pass", sa.String(length=64), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "pass"),
    )
    op.create_table(
        "agent_mark",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "device"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("agent_mark")
    op.drop_table("pass_use")
