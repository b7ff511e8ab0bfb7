"""Edits of rules, as functions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.demonstration import house
from webadmin.editing.changes import Stale, fingerprint
from webadmin.rules.service import remove_rule, save_rule

ROWS = house()


def test_new_changed_and_gone() -> None:
    first = ROWS.rules[0]
    rows = save_rule(replace(first, id=""), "")(ROWS)
    made = rows.rules[-1]
    assert made.id not in {rule.id for rule in ROWS.rules}
    changed = save_rule(replace(made, methods=("app",)), fingerprint(made))(rows)
    with pytest.raises(Stale):
        save_rule(made, fingerprint(made))(changed)
    assert remove_rule(made.id)(changed).rules == ROWS.rules
