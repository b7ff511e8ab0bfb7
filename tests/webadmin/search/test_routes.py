"""The search page."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.conftest import log_in


def test_hostile_words_are_escaped(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    page = client.get("/search?q=<img+src=x>&lang=en").text
    assert "<img" not in page and "Nothing has that name" in page
    assert "brings you here" in client.get("/search?lang=en").text
