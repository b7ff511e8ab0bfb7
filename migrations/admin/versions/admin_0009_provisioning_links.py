"""Links by which telephones fetch their log-in once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0009"
down_revision = "admin_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "provisioning_link",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.domain"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code_hash"),
    )


def downgrade() -> None:
    """Drop it; links not used yet are lost."""
    op.drop_table("provisioning_link")
