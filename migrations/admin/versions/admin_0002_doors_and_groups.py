"""Doors and panels, dial groups and buttons, schedules and rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "admin_0002"
down_revision = "admin_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _calendar()
    _dial_group()
    _schedule()
    _access_rule()
    _holiday()
    _schedule_calendar()
    _schedule_exception()
    _schedule_period()
    _schedule_hours()
    _access_rule_holder()
    _button()
    _dial_group_member()
    _door()
    _panel()
    _access_rule_door()
    _button_panel()
    _door_interlock()
    _door_key()
    _panel_door()


def downgrade() -> None:
    """Drop them, the last first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def exactly_one(*columns: str) -> str:
    """The condition that one of these columns has a value."""
    return " + ".join(f"(CASE WHEN {column} IS NULL THEN 0 ELSE 1 END)" for column in columns) + " = 1"


TABLES = (
    "calendar",
    "dial_group",
    "schedule",
    "access_rule",
    "holiday",
    "schedule_calendar",
    "schedule_exception",
    "schedule_period",
    "schedule_hours",
    "access_rule_holder",
    "button",
    "dial_group_member",
    "door",
    "panel",
    "access_rule_door",
    "button_panel",
    "door_interlock",
    "door_key",
    "panel_door",
)


def _calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("norwegian", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _dial_group() -> None:
    op.create_table(
        "dial_group",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("ringing", sa.String(length=16), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("step_seconds", sa.Integer(), nullable=False),
        sa.Column("rings_on", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("ringing IN ('simultaneous', 'sequential')", name="ringing"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _access_rule() -> None:
    op.create_table(
        "access_rule",
        sa.Column("methods", sa.String(length=64), nullable=False),
        sa.Column("during_id", sa.Integer(), sa.ForeignKey("schedule.id"), nullable=True),
        sa.Column("outside_id", sa.Integer(), sa.ForeignKey("schedule.id"), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _holiday() -> None:
    op.create_table(
        "holiday",
        sa.Column(
            "calendar_id", sa.Integer(), sa.ForeignKey("calendar.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("calendar_id", "position"),
    )


def _schedule_calendar() -> None:
    op.create_table(
        "schedule_calendar",
        sa.Column(
            "schedule_id", sa.Integer(), sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "calendar_id", sa.Integer(), sa.ForeignKey("calendar.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "calendar_id"),
    )


def _schedule_exception() -> None:
    op.create_table(
        "schedule_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "schedule_id", sa.Integer(), sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("schedule_id", "position"),
    )


def _schedule_period() -> None:
    op.create_table(
        "schedule_period",
        sa.Column(
            "schedule_id", sa.Integer(), sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(length=32), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("schedule_id", "position"),
    )


def _schedule_hours() -> None:
    op.create_table(
        "schedule_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "schedule_id", sa.Integer(), sa.ForeignKey("schedule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column(
            "exception_id",
            sa.Integer(),
            sa.ForeignKey("schedule_exception.id", ondelete="CASCADE"),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.String(length=5), nullable=False),
        sa.Column("end", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _access_rule_holder() -> None:
    op.create_table(
        "access_rule_holder",
        sa.Column(
            "rule_id", sa.Integer(), sa.ForeignKey("access_rule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("unit_id", sa.Integer(), sa.ForeignKey("unit.id"), nullable=True),
        sa.Column("building_id", sa.Integer(), sa.ForeignKey("building.id"), nullable=True),
        sa.CheckConstraint(exactly_one("person_id", "unit_id", "building_id"), name="one_holder"),
        sa.PrimaryKeyConstraint("rule_id", "position"),
    )


def _button() -> None:
    op.create_table(
        "button",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("group_id", sa.Integer(), sa.ForeignKey("dial_group.id"), nullable=True),
        sa.Column("building_id", sa.Integer(), sa.ForeignKey("building.id"), nullable=True),
        sa.Column("every_panel", sa.Boolean(), nullable=False),
        sa.Column("ring_seconds", sa.Integer(), nullable=False),
        sa.Column("fallback_id", sa.Integer(), sa.ForeignKey("dial_group.id"), nullable=True),
        sa.Column("ring_limit", sa.Integer(), nullable=False),
        sa.Column("talk_seconds", sa.Integer(), nullable=True),
        sa.Column("decline", sa.String(length=16), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("hidden_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN kind = 'individual' THEN group_id IS NULL ELSE person_id IS NULL END", name="target"
        ),
        sa.CheckConstraint("decline IN ('others_ring', 'ends_call')", name="decline"),
        sa.CheckConstraint("kind IN ('individual', 'common', 'grouped')", name="kind"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _dial_group_member() -> None:
    op.create_table(
        "dial_group_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "group_id", sa.Integer(), sa.ForeignKey("dial_group.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("device_id", sa.Integer(), sa.ForeignKey("device.id"), nullable=True),
        sa.Column("member_group_id", sa.Integer(), sa.ForeignKey("dial_group.id"), nullable=True),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("switched_on", sa.Boolean(), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("timeout", sa.Integer(), nullable=True),
        sa.Column("during_id", sa.Integer(), sa.ForeignKey("schedule.id"), nullable=True),
        sa.Column("outside_id", sa.Integer(), sa.ForeignKey("schedule.id"), nullable=True),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            exactly_one("person_id", "device_id", "member_group_id", "number"), name="one_target"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("group_id", "position"),
    )


def _door() -> None:
    op.create_table(
        "door",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("building_id", sa.Integer(), sa.ForeignKey("building.id"), nullable=False),
        sa.Column("controller_id", sa.Integer(), sa.ForeignKey("device.id"), nullable=False),
        sa.Column("relay", sa.String(length=32), nullable=False),
        sa.Column("driver", sa.String(length=16), nullable=False),
        sa.Column("open_seconds", sa.Integer(), nullable=False),
        sa.Column("fail", sa.String(length=16), nullable=False),
        sa.Column("resting", sa.String(length=16), nullable=False),
        sa.Column("escape_route", sa.Boolean(), nullable=False),
        sa.Column("exit_hardware", sa.Boolean(), nullable=False),
        sa.Column("lockdown", sa.Boolean(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), sa.ForeignKey("site.id", ondelete="CASCADE"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("driver IN ('agent', 'panel_digit')", name="driver"),
        sa.CheckConstraint("fail IN ('secure', 'safe')", name="fail"),
        sa.CheckConstraint("resting IN ('locked', 'unlocked')", name="resting"),
        sa.CheckConstraint("open_seconds BETWEEN 1 AND 60", name="open_seconds"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site_id", "ref"),
    )


def _panel() -> None:
    op.create_table(
        "panel",
        sa.Column("device_id", sa.Integer(), sa.ForeignKey("device.id", ondelete="CASCADE"), nullable=False),
        sa.Column("talk_seconds", sa.Integer(), nullable=False),
        sa.CheckConstraint("talk_seconds > 0", name="talk_seconds"),
        sa.PrimaryKeyConstraint("device_id"),
    )


def _access_rule_door() -> None:
    op.create_table(
        "access_rule_door",
        sa.Column(
            "rule_id", sa.Integer(), sa.ForeignKey("access_rule.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("door_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "door_id"),
    )


def _button_panel() -> None:
    op.create_table(
        "button_panel",
        sa.Column("button_id", sa.Integer(), sa.ForeignKey("button.id", ondelete="CASCADE"), nullable=False),
        sa.Column(
            "panel_id", sa.Integer(), sa.ForeignKey("panel.device_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("button_id", "panel_id"),
    )


def _door_interlock() -> None:
    op.create_table(
        "door_interlock",
        sa.Column("door_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("other_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("door_id", "other_id"),
    )


def _door_key() -> None:
    op.create_table(
        "door_key",
        sa.Column(
            "panel_id", sa.Integer(), sa.ForeignKey("panel.device_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("digit", sa.String(length=1), nullable=False),
        sa.Column("door_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(digit) = 1", name="digit"),
        sa.PrimaryKeyConstraint("panel_id", "digit"),
    )


def _panel_door() -> None:
    op.create_table(
        "panel_door",
        sa.Column(
            "panel_id", sa.Integer(), sa.ForeignKey("panel.device_id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("door_id", sa.Integer(), sa.ForeignKey("door.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("panel_id", "door_id"),
    )
