"""The guide in both languages, with pictures that are there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_guide(app: Flask, client: FlaskClient, language: str) -> None:
    log_in(client)
    page = client.get(f"/guide?lang={language}").text
    pictures = re.findall(r'src="(/static/manual/[^"]+)"', page)
    assert len(pictures) == 3
    for each in pictures:
        with client.get(each) as answer:
            assert answer.status_code == 200 and answer.mimetype == "image/png"
    assert page.count("<h2>") == 11
