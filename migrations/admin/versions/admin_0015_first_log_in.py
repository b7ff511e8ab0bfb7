"""Somebody new shows at the first log-in, or at once; who is there already has arrived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0015"
down_revision = "admin_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("site") as table:
        table.add_column(sa.Column("buttons_wait", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("arrived", sa.Boolean(), nullable=False, server_default=sa.false()))
    person = sa.table("person", sa.column("arrived", sa.Boolean()))
    op.execute(person.update().values(arrived=sa.true()))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("person") as table:
        table.drop_column("arrived")
    with op.batch_alter_table("site") as table:
        table.drop_column("buttons_wait")
