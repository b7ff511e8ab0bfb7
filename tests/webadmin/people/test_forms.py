"""The form of a person."""

from __future__ import annotations

from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.forms import choices
from webadmin.people.forms import PersonForm


def test_times_are_optional_but_must_be_times(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST"):
        for text, good in (("", True), ("2026-12-24T18:00", True), ("jul", False)):
            form = PersonForm(MultiDict({"name": "Kari", "unit": "", "hidden_until": text}))
            form.unit.choices = choices([("", "None")])
            assert form.validate() is good
