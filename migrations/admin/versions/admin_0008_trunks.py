"""Trunks of the node, what sites may do on them, and people's telephones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0008"
down_revision = "admin_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No trunk, no limits: nothing can be called yet."""
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("telephone", sa.String(32), server_default="", nullable=False))
    _create_trunk()
    _create_telephony()


def _create_trunk() -> None:
    op.create_table(
        "trunk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("transport", sa.String(8), nullable=False),
        sa.Column("username", sa.String(120), nullable=False),
        sa.Column("realm", sa.String(253), nullable=False),
        sa.Column("sealed_password", sa.Text(), nullable=False),
        sa.Column("from_domain", sa.String(253), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("listen_port", sa.Integer(), nullable=False),
        sa.Column("srtp", sa.Boolean(), nullable=False),
        sa.Column("number_format", sa.String(16), nullable=False),
        sa.Column("caller_id", sa.String(32), nullable=False),
        sa.Column("expires", sa.Integer(), nullable=False),
        sa.Column("options_seconds", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trunk")),
        sa.UniqueConstraint("ref", name=op.f("uq_trunk_ref")),
        sa.CheckConstraint("kind IN ('registering', 'peered')", name=op.f("ck_trunk_kind")),
        sa.CheckConstraint("transport IN ('auto', 'udp', 'tcp', 'tls')", name=op.f("ck_trunk_transport")),
        sa.CheckConstraint(
            "number_format IN ('plus', 'digits', 'national')", name=op.f("ck_trunk_number_format")
        ),
        sa.CheckConstraint("NOT srtp OR transport = 'tls'", name=op.f("ck_trunk_srtp_by_tls")),
    )


def _create_telephony() -> None:
    op.create_table(
        "telephony",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("calls_per_person", sa.Integer(), nullable=False),
        sa.Column("calls_per_hour", sa.Integer(), nullable=False),
        sa.Column("minutes_per_day", sa.Integer(), nullable=False),
        sa.Column("money_per_day", sa.Integer(), nullable=False),
        sa.Column("rates", sa.JSON(), nullable=False),
        sa.Column("trunks", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(2), nullable=False),
        sa.Column("caller_id", sa.String(32), nullable=False),
        sa.Column("caller_ids", sa.JSON(), nullable=False),
        sa.Column("dial_out", sa.Boolean(), nullable=False),
        sa.Column("emergency", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_telephony_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telephony")),
        sa.UniqueConstraint("site_id", "ref", name=op.f("uq_telephony_site_id_ref")),
    )


def downgrade() -> None:
    """As it was."""
    op.drop_table("telephony")
    op.drop_table("trunk")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("telephone")
