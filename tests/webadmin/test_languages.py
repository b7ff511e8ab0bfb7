"""Both languages say everything, and times look as people there write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, request

from webadmin import app as app_module
from webadmin.languages import NORWEGIAN, choose, moment, translate

TEMPLATES = Path(app_module.__file__).parent / "templates"
AT = datetime(2026, 11, 2, 14, 4, tzinfo=UTC)


def test_every_phrase_of_the_templates_is_translated() -> None:
    texts = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    phrases = {phrase for text in texts for phrase in re.findall(r'\bt\("([^"]+)"', text)}
    phrases |= {word for words in app_module._ERRORS.values() for word in words} | set(app_module._REFUSED)
    phrases |= {word for text in texts for word in re.findall(r': "([A-Z][^"]+)"', text)}
    assert phrases - NORWEGIAN.keys() == set()


def test_no_translation_lost_its_places() -> None:
    for english, norwegian in NORWEGIAN.items():
        assert re.findall(r"\{\d\}", english) == re.findall(r"\{\d\}", norwegian)


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "chosen"),
    [
        ("", "", "", "nb"),
        ("", "", "en-GB,en;q=0.9", "en"),
        ("", "", "nn-NO", "nb"),
        ("", "", "de", "nb"),
        ("", "en", "nb", "en"),
        ("?lang=nb", "en", "en", "nb"),
        ("?lang=<script>", "xx", "en", "en"),
    ],
)
def test_the_language_of_a_request(app: Flask, query: str, cookie: str, accepted: str, chosen: str) -> None:
    headers = {"Accept-Language": accepted, "Cookie": f"doorline_language={cookie}"}
    with app.test_request_context(f"/{query}", headers=headers):
        assert choose(request) == chosen


def test_phrases_take_values() -> None:
    assert translate("nb", "revision {0}", 3) == "versjon 3"
    assert translate("en", "revision {0}", 3) == "revision 3"
    assert translate("nb", "not translated {0}", "x") == "not translated x"


def test_moments() -> None:
    assert moment("nb", AT, "Europe/Oslo") == "02.11.2026 15:04"
    assert moment("en", AT, "Europe/Oslo") == "2 Nov 2026 15:04"
    assert moment("en", AT, "No/Such_Zone") == "2 Nov 2026 14:04"
