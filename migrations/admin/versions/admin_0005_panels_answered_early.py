"""Panels that send no picture before they are answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0005"
down_revision = "admin_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every panel there is waits for an answer, as it did."""
    with op.batch_alter_table("panel") as batch:
        batch.add_column(sa.Column("answer_early", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """No panel is answered early."""
    with op.batch_alter_table("panel") as batch:
        batch.drop_column("answer_early")
