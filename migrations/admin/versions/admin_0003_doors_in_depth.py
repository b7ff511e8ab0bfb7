"""Doors in order, held open, watched, and driven over the network."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0003"
down_revision = "admin_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the doors, make the table of what opens after them."""
    with op.batch_alter_table("door") as batch:
        batch.add_column(sa.Column("hold_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_door_hold_id", "schedule", ["hold_id"], ["id"])
        batch.add_column(sa.Column("contact", sa.String(length=64), server_default="", nullable=False))
        batch.add_column(sa.Column("left_open_seconds", sa.Integer(), server_default="60", nullable=False))
        batch.add_column(sa.Column("forced_alarm", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("address", sa.String(length=256), server_default="", nullable=False))
        batch.add_column(sa.Column("payload", sa.String(length=256), server_default="", nullable=False))
        batch.drop_constraint(op.f("ck_door_driver"), type_="check")
        batch.create_check_constraint(
            op.f("ck_door_driver"), "driver IN ('agent', 'panel_digit', 'http', 'mqtt')"
        )
    op.create_table(
        "door_then",
        sa.Column("door_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("next_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("door_id", "next_id"),
        sa.UniqueConstraint("door_id", "position"),
    )


def downgrade() -> None:
    """Back to doors alone; those over the network go, the older schema knows none."""
    op.drop_table("door_then")
    op.execute("DELETE FROM door WHERE driver IN ('http', 'mqtt')")
    with op.batch_alter_table("door") as batch:
        batch.drop_constraint(op.f("ck_door_driver"), type_="check")
        batch.create_check_constraint(op.f("ck_door_driver"), "driver IN ('agent', 'panel_digit')")
        batch.drop_constraint("fk_door_hold_id", type_="foreignkey")
        for name in ("payload", "address", "forced_alarm", "left_open_seconds", "contact", "hold_id"):
            batch.drop_column(name)
