"""Checks that forms share."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.forms import LineField, OpenForm, email, needed, one_line


class Some(OpenForm):
    """A form."""

    name = LineField("Name", [needed, one_line(10)])
    mail = LineField("E-mail", [email])


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
