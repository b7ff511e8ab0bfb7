"""A form with a field for each unit."""

from __future__ import annotations

from flask import Flask

from webadmin.setup.forms import people_form


def test_names_by_unit(app: Flask) -> None:
    data = {"unit-h1": "Kari, Ola", "unit-h2": "", "kind": "app", "unit-h9": "Nobody"}
    with app.test_request_context("/", method="POST", data=data):
        form = people_form([("h1", "H1"), ("h2", "H2")])
        assert form.people() == {"h1": ["Kari", "Ola"]}
