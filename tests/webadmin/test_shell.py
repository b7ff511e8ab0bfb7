"""Navigation without dead links, and the site one works on."""

from __future__ import annotations

import re

from flask import Flask

from tests.webadmin.conftest import log_in


def test_every_link_of_the_shell_answers(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    links = set(re.findall(r'href="(/[^"]*)"', client.get("/").text))
    assert {"/accounts", "/me"} <= links
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200, link


def test_the_site_stays_chosen(published: Flask) -> None:
    client = published.test_client()
    log_in(client)
    client.get("/?site=2")
    page = client.get("/me?lang=en").text
    assert re.search(r"Site</span> Havneby kontor", page)
    assert client.get("/?site=77").status_code == 200
