"""The guide in both languages, with pictures that are there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webadmin.conftest import log_in
from webadmin.buttons.forms import ButtonForm
from webadmin.languages import translate
from webadmin.panels.forms import PanelForm


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


@pytest.mark.parametrize("language", ["nb", "en"])
def test_fields_that_visitors_notice_are_explained_by_their_names(
    app: Flask, client: FlaskClient, language: str
) -> None:
    log_in(client)
    page = unescape(client.get(f"/guide?lang={language}").text)
    with app.test_request_context():
        fields = (PanelForm().idle_seconds, PanelForm().camera_notice, ButtonForm().caretaker)
    for field in fields:
        assert f"<strong>{translate(language, str(field.label.text))}:</strong>" in page
