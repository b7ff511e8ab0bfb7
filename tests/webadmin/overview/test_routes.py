"""The overview page, in both languages, with and without the PBX."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask

from tests.webadmin.conftest import log_in
from webadmin.db import writing
from webadmin.models import Site


class Pbx:
    """A link whose answer is set."""

    def __init__(self, running: Mapping[str, int] | None) -> None:
        self._running = running

    def running(self) -> Mapping[str, int] | None:
        return self._running


def page(app: Flask, running: Mapping[str, int] | None, language: str = "en") -> str:
    app.extensions["doorline.pbx"] = Pbx(running)
    client = app.test_client()
    log_in(client)
    return client.get(f"/?lang={language}").text


def test_all_well(published: Flask) -> None:
    text = page(published, {"fjordgata.example": 1, "kontor.example": 1})
    assert "Everything is as it should be." in text
    assert text.count("Up to date") == 2
    assert "22 Nov 2026 13:00" in text
    assert '<html lang="en">' in text


def test_a_revision_on_its_way(published: Flask) -> None:
    text = page(published, {"fjordgata.example": 1, "kontor.example": 0})
    assert "Something needs a look." in text
    assert "Revision 1 is published and will run in a moment." in text


def test_the_pbx_away_is_said_once_and_calmly(published: Flask) -> None:
    text = page(published, None)
    assert text.count("did not answer just now") == 1
    assert text.count("not known just now") == 2
    assert "Everything is as it should be" not in text


def test_norwegian(published: Flask) -> None:
    text = page(published, {"fjordgata.example": 1, "kontor.example": 1}, "nb")
    assert "Alt er som det skal være." in text
    assert "Ingenting lagres om besøk." in text
    assert "22.11.2026 13:00" in text


def test_an_empty_page_teaches(app: Flask) -> None:
    assert "python -m webadmin publish" in page(app, {})


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7 * 7 }}"])
def test_hostile_names_are_shown_and_not_run(published: Flask, hostile: str) -> None:
    with writing() as session:
        session.query(Site).filter_by(domain="kontor.example").one().name = hostile
    text = page(published, {})
    assert hostile.replace("{{ 7 * 7 }}", "") not in text or "{{ 7 * 7 }}" in text
    assert "<script>" not in text and "<img" not in text
