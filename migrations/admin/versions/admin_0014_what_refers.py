"""What refers to a thing is found without reading a whole table."""

from __future__ import annotations

from alembic import op

revision = "admin_0014"
down_revision = "admin_0013"
branch_labels = None
depends_on = None

COLUMNS = (
    *(("access_rule_door", "door_id"), ("access_rule_holder", "person_id")),
    *(("access_rule_holder", "unit_id"), ("access_rule_holder", "building_id")),
    *(("button", "person_id"), ("button", "group_id"), ("button", "building_id"), ("button", "fallback_id")),
    ("button_panel", "panel_id"),
    *(("device", "person_id"), ("device", "unit_id"), ("device", "building_id")),
    *(("dial_group_member", "person_id"), ("dial_group_member", "device_id")),
    ("dial_group_member", "member_group_id"),
    *(("door", "building_id"), ("door", "controller_id"), ("door_interlock", "other_id")),
    *(("door_key", "door_id"), ("door_then", "next_id"), ("panel_door", "door_id")),
    *(("membership", "organisation_id"), ("membership", "building_id")),
    *(("membership", "unit_id"), ("membership", "person_id")),
    *(("person", "unit_id"), ("unit", "building_id")),
)


def upgrade() -> None:
    """Index every reference that a page follows backwards, or that a removal must look for."""
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Drop the indexes."""
    for table, column in COLUMNS:
        op.drop_index(f"ix_{table}_{column}", table)
