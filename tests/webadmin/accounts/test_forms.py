"""Only places that were offered may be chosen."""

from __future__ import annotations

from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.accounts.forms import InviteForm
from webadmin.forms import choices


def test_a_place_that_was_not_offered(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST"):
        form = InviteForm(MultiDict({"name": "Kari", "email": "k@x.example", "where": "system"}))
        form.where.choices = choices([("organisation-1", "x")])
        assert not form.validate() and list(form.errors) == ["where"]
