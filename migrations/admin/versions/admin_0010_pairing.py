"""Codes that pair devices, and what was paired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0010"
down_revision = "admin_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is paired yet."""
    device = sa.ForeignKey("device.id", ondelete="CASCADE")
    op.create_table(
        "pairing_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("device_id", sa.Integer(), device, nullable=False),
        sa.Column("made_by", sa.String(254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_pairing_code_device_id", "pairing_code", ["device_id"])
    op.create_table(
        "pairing",
        sa.Column(
            "device_id", sa.Integer(), sa.ForeignKey("device.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(254), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """As it was."""
    op.drop_table("pairing")
    op.drop_table("pairing_code")
