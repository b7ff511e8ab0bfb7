"""The password form says what is wrong."""

from __future__ import annotations

from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.auth.forms import PasswordForm


def test_a_weak_password_is_an_error_at_its_field(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = PasswordForm(MultiDict({"password": "kort"}))
        assert not form.validate()
        assert form.errors_of() == [
            "Use at least 12 characters. A sentence is easier to remember than a word."
        ]
