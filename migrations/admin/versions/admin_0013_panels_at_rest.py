"""A button may be the caretaker's; a panel has its time to rest and its words about the camera."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0013"
down_revision = "admin_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. What was called so until now is the caretaker's button."""
    with op.batch_alter_table("button") as table:
        table.add_column(sa.Column("caretaker", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("panel") as table:
        table.add_column(sa.Column("idle_seconds", sa.Integer(), nullable=False, server_default="20"))
        table.add_column(sa.Column("camera_notice", sa.String(length=200), nullable=False, server_default=""))
    texts: list[sa.ColumnClause[str]] = [sa.column(name) for name in ("ref", "user", "label")]
    button = sa.table("button", *texts, sa.column("caretaker", sa.Boolean()))
    named = [
        sa.func.lower(column).contains(word)
        for column in texts
        for word in ("caretaker", "vaktmester", "janitor")
    ]
    op.execute(button.update().where(sa.or_(*named)).values(caretaker=sa.true()))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("panel") as table:
        table.drop_column("camera_notice")
        table.drop_column("idle_seconds")
    with op.batch_alter_table("button") as table:
        table.drop_column("caretaker")
