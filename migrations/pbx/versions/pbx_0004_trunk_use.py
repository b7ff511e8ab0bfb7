"""What a site has used of its minutes and money on trunks today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "pbx_0004"
down_revision = "pbx_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "trunk_use",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_trunk_use")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("trunk_use")
