"""The form of a pass."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from webadmin.guests.forms import PassForm


@pytest.mark.parametrize(("text", "most"), [("", None), ("7", 7), ("x", 0), ("-1", 0)])
def test_openings(app: Flask, text: str, most: int | None) -> None:
    with app.test_request_context("/", method="POST"):
        assert PassForm(MultiDict({"uses": text})).most() == most
