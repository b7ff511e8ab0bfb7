"""Checks that forms share."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.forms import LineField, OpenForm, email, needed, one_line, told


class Some(OpenForm):
    """A form."""

    name = LineField("Name", [needed, one_line(10)])
    mail = LineField("E-mail", [email], description="Such as kari@example.no.")


@pytest.mark.parametrize(
    "name, mail, good",
    [
        (" Kari ", "kari@x.example", True),
        ("", "kari@x.example", False),
        ("x" * 11, "kari@x.example", False),
        ("a\x00b", "kari@x.example", False),
        ("a\u2028b", "kari@x.example", False),
        ("Kari", "kari", False),
        ("Kari", "a@b@c.no", False),
    ],
)
def test_lines_and_addresses(app: Flask, name: str, mail: str, good: bool) -> None:
    with app.test_request_context("/", method="POST"):
        form = Some(MultiDict({"name": name, "mail": mail}))
        assert form.validate() is good
        assert bool(form.errors_of()) is not good
        assert form.name.data == name.strip()


def test_help_and_fault_are_tied_to_the_field(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        form = Some(MultiDict({"name": "Kari", "mail": "kari@x.example"}))
        assert form.validate() and told(form.name) == {}
        assert told(form.mail) == {"aria-describedby": "mail-help"}
        form = Some(MultiDict({"name": "", "mail": "kari"}))
        assert not form.validate()
        assert told(form.name) == {"aria-describedby": "name-error", "aria-invalid": "true"}
        assert told(form.mail) == {"aria-describedby": "mail-help mail-error", "aria-invalid": "true"}
