"""The panel for which people's telephones may call in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0011"
down_revision = "admin_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody may yet."""
    with op.batch_alter_table("telephony") as batch:
        batch.add_column(sa.Column("call_in", sa.String(64), server_default="", nullable=False))


def downgrade() -> None:
    """Nobody may."""
    with op.batch_alter_table("telephony") as batch:
        batch.drop_column("call_in")
