"""The tables the PBX touches: three of WebAdmin's it may read, and its own.

WebAdmin's tables are named here only as far as they are read; their full definition is WebAdmin's.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

admin = MetaData()
"""What the PBX reads of WebAdmin's database."""

own = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""What the PBX writes; the migrations' line `pbx` makes these tables."""

plan_revision = Table(
    "plan_revision",
    admin,
    Column("site", String),
    Column("revision", Integer),
    Column("digest", String),
    Column("document", Text),
)

credential = Table(
    "credential",
    admin,
    Column("site", String),
    Column("device", String),
    Column("username", String),
    Column("ha1", String),
    Column("ha1_sha256", String),
    Column("algorithm", String),
    Column("legacy", Boolean),
    Column("push_subscription", JSON),
    Column("state", String),
    Column("seq", BigInteger),
)

guest_pass = Table(
    "guest_pass",
    admin,
    Column("site", String),
    Column("ref", String),
    Column("host", String),
    Column("doors", JSON),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("uses", Integer),
    Column("pin", String),
    Column("token", String),
    Column("state", String),
    Column("seq", BigInteger),
)

trunk = Table(
    "trunk",
    admin,
    Column("id", Integer),
    Column("ref", String),
    Column("name", String),
    Column("position", Integer),
    Column("enabled", Boolean),
    Column("kind", String),
    Column("host", String),
    Column("port", Integer),
    Column("transport", String),
    Column("username", String),
    Column("realm", String),
    Column("sealed_password", Text),
    Column("from_domain", String),
    Column("addresses", JSON),
    Column("listen_port", Integer),
    Column("srtp", Boolean),
    Column("number_format", String),
    Column("caller_id", String),
    Column("expires", Integer),
    Column("options_seconds", Integer),
)

binding = Table(
    "binding",
    own,
    Column("site", String(253), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("key", String(512), primary_key=True),
    Column("aor", String(64), nullable=False),
    Column("contact", String(512), nullable=False),
    Column("local_host", String(64), nullable=False),
    Column("local_port", Integer, nullable=False),
    Column("remote_host", String(64), nullable=False),
    Column("remote_port", Integer, nullable=False),
    Column("instance", String(256), nullable=False),
    Column("reg_id", Integer),
    Column("call_id", String(256), nullable=False),
    Column("cseq", BigInteger, nullable=False),
    Column("user_agent", String(256), nullable=False),
    Column("path", Text, nullable=False),
    Column("expires_at", Float, nullable=False),
)
"""A registered UDP contact. `path` is a JSON list; `expires_at` counts seconds since 1970."""

lockdown = Table(
    "lockdown",
    own,
    Column("site", String(253), primary_key=True),
    Column("door", String(64), primary_key=True),
    Column("set_by", String(64), nullable=False),
    Column("until", Float, nullable=False),
)
"""Doors that are locked for everybody, and who answers for it; `until` counts seconds since 1970."""

pass_use = Table(
    "pass_use",
    own,
    Column("site", String(253), primary_key=True),
    Column("pass", String(64), primary_key=True),
    Column("used", Integer, nullable=False),
)
"""How often a pass with counted uses was used; not when (decision 14)."""

agent_mark = Table(
    "agent_mark",
    own,
    Column("site", String(253), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("epoch", String(64), nullable=False),
    Column("number", BigInteger, nullable=False),
)
"""The last event taken from each agent: its store's `epoch` and the event's number in it."""

trunk_use = Table(
    "trunk_use",
    own,
    Column("site", String(253), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("money", BigInteger, nullable=False),
    Column("alarmed", Boolean, nullable=False),
)
"""What a site has used on trunks on its last such day: begun minutes and hundredths; by whom is not kept."""

site_privacy = Table(
    "site_privacy",
    own,
    Column("site", String(253), primary_key=True),
    Column("kind", String(16), nullable=False),
    CheckConstraint("kind IN ('residential', 'commercial')", name="kind"),
    UniqueConstraint("site", "kind"),
)
"""The privacy type of each site as its running plan states it."""

visit = Table(
    "visit",
    own,
    Column("id", Integer, primary_key=True),
    Column("site", String(253), nullable=False),
    Column("site_kind", String(16), nullable=False),
    Column("call", String(64), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("panel", String(64), nullable=False),
    Column("button", String(64), nullable=False),
    Column("result", String(32), nullable=False),
    Column("answered_by", String(64)),
    Column("doors", Text, nullable=False),
    Column("ring_seconds", Float, nullable=False),
    Column("talk_seconds", Float, nullable=False),
    CheckConstraint("site_kind = 'commercial'", name="commercial_only"),
    ForeignKeyConstraint(["site", "site_kind"], ["site_privacy.site", "site_privacy.kind"]),
    Index(None, "site", "at"),
)
"""A visit to a commercial site. The check and the foreign key together bind the log to the site's type:
no row can name a residential site, whoever writes it (decision 14). `doors` is a JSON list of door ids."""
