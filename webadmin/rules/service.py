"""Changes of access rules as pure functions of a site's rows."""

from __future__ import annotations

from dataclasses import replace

from dialplan.rows import RuleRow, SiteRows
from webadmin.editing.changes import Edit, expect
from webadmin.editing.difference import with_row, without_row
from webadmin.people.service import new_id, one


def save_rule(rule: RuleRow, version: str) -> Edit:
    """A new rule (id ""), or one changed unless somebody else did meanwhile."""

    def edit(rows: SiteRows) -> SiteRows:
        if not rule.id:
            name = f"{rule.doors[0]}-right" if rule.doors else "right"
            return with_row(rows, "rules", replace(rule, id=new_id(rows, "rules", name)))
        expect(one(rows, "rules", rule.id), version)
        return with_row(rows, "rules", rule)

    return edit


def remove_rule(key: str) -> Edit:
    """Take a right away; it ends at once, also in calls in progress."""

    def edit(rows: SiteRows) -> SiteRows:
        one(rows, "rules", key)
        return without_row(rows, "rules", key)

    return edit
