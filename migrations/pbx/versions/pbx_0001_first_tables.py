"""Bindings, and the visits of commercial sites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "pbx_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _binding()
    _site_privacy()
    _visit()


def downgrade() -> None:
    """Drop them, the last first."""
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "binding",
    "site_privacy",
    "visit",
)


def _binding() -> None:
    op.create_table(
        "binding",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("aor", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=512), nullable=False),
        sa.Column("local_host", sa.String(length=64), nullable=False),
        sa.Column("local_port", sa.Integer(), nullable=False),
        sa.Column("remote_host", sa.String(length=64), nullable=False),
        sa.Column("remote_port", sa.Integer(), nullable=False),
        sa.Column("instance", sa.String(length=256), nullable=False),
        sa.Column("reg_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.String(length=256), nullable=False),
        sa.Column("cseq", sa.BigInteger(), nullable=False),
        sa.Column("user_agent", sa.String(length=256), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("site", "device", "key"),
    )


def _site_privacy() -> None:
    op.create_table(
        "site_privacy",
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.CheckConstraint("kind IN ('residential', 'commercial')", name="kind"),
        sa.PrimaryKeyConstraint("site"),
        sa.UniqueConstraint("site", "kind"),
    )


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=253), nullable=False),
        sa.Column("site_kind", sa.String(length=16), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("panel", sa.String(length=64), nullable=False),
        sa.Column("button", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("doors", sa.Text(), nullable=False),
        sa.Column("ring_seconds", sa.Float(), nullable=False),
        sa.Column("talk_seconds", sa.Float(), nullable=False),
        sa.CheckConstraint("site_kind = 'commercial'", name="commercial_only"),
        sa.ForeignKeyConstraint(["site", "site_kind"], ["site_privacy.site", "site_privacy.kind"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_visit_site_at"), "visit", ["site", "at"], unique=False)
