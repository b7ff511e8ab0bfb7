"""A building has an address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0012"
down_revision = "admin_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("building") as table:
        table.add_column(sa.Column("address", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it; addresses are lost."""
    with op.batch_alter_table("building") as table:
        table.drop_column("address")
