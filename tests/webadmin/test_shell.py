"""Navigation without dead links, and the site one works on."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.webadmin.conftest import log_in
from tests.webadmin.pages import inside


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


def test_rooms_stand_under_their_question(published: Flask) -> None:
    page = inside(published).get("/people?lang=nb").text
    parts = re.findall(r'<p class="part" id="([^"]+)">([^<]+)</p>\s*<ul aria-labelledby="([^"]+)">', page)
    assert [title for _, title, _ in parts][:2] == ["Hvem bor her", "Hva ringer"]
    assert all(own == named for own, _, named in parts)
    assert re.search(r'aria-current="page">Personer</a>', page)


@pytest.mark.parametrize("domain", ["fjordgata.example", "kontor.example"])
def test_each_cell_of_a_list_says_on_a_phone_what_it_is(published: Flask, domain: str) -> None:
    client = inside(published, domain)
    links = set(re.findall(r'<a href="(/[^"?#]*)"', client.get("/").text))
    links |= {link for each in links for link in re.findall(r'href="(/[a-z-]+/\d+)"', client.get(each).text)}
    lists, silent = 0, []
    for link in sorted(links):
        for table in re.findall(r'<table class="list">(.*?)</table>', client.get(link).text, re.S):
            heads = re.findall(r"<th[^>]*>(.*?)</th>", table.partition("</thead>")[0], re.S)
            for row in re.findall(r"<tr>(.*?)</tr>", table.partition("</thead>")[2], re.S):
                lists += 1
                cells = re.findall(r"<td([^>]*)>", row)
                for head, attributes in list(zip(heads, cells, strict=False))[1:]:
                    if head and "hidden-text" not in head and "data-label" not in attributes:
                        silent.append(f"{link}: {head}")
    assert lists > 20 and silent == []


def test_a_page_brings_little_script(published: Flask) -> None:
    client = inside(published)
    scripts = re.findall(r'<script src="([^"]+)"', client.get("/people").text)
    octets = 0
    for source in scripts:
        with client.get(source) as answer:
            octets += len(answer.data)
    assert 0 < octets <= 150_000


def test_another_language_shows_the_same_list(published: Flask) -> None:
    page = inside(published).get("/people?q=berg+%26+s%C3%B8nn&page=2&lang=nb").text
    links = re.findall(r'class="tool" href="([^"]+)" lang="(\w\w)"', page)
    asked = "?q=berg+%26+s%C3%B8nn&amp;page=2&amp;lang="
    assert links == [(f"{asked}nb", "nb"), (f"{asked}en", "en")]
    plain = re.findall(r'class="tool" href="([^"]+)" lang="en"', inside(published).get("/people").text)
    assert plain == ["?lang=en"]
