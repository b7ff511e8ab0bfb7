"""Bounds that make no sense are said at their field."""

from __future__ import annotations

import pytest
from flask import Flask

from webadmin.delegation.forms import BoundsForm


@pytest.mark.parametrize("wrong", ["0", "101", "x", "", "-1", "1" * 40])
def test_counts(app: Flask, wrong: str) -> None:
    data = {"most_members": wrong, "most_guests": "3", "guest_days": "3"}
    with app.test_request_context("/", method="POST", data=data):
        form = BoundsForm(meta={"csrf": False})
        assert not form.validate() and set(form.errors) == {"most_members"}
