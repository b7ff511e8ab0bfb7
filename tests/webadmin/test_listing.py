"""Long lists a page at a time: the right rows, and as many queries for a thousand things as for one."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from dialplan.rows import BuildingRow, ButtonRow, DeviceRow, PersonRow, SiteRows, UnitRow
from tests.webadmin.conftest import AT, log_in
from tests.webadmin.counting import queries
from webadmin.db import writing
from webadmin.listing import SIZE
from webadmin.publishing.publish import publish
from webadmin.site_file.importer import import_site
from webadmin.site_file.reader import SiteFile

LISTS = ("/people", "/units", "/buttons", "/devices")


def fill(homes: int) -> None:
    """One house of so many flats, one person with an app and a button in each."""
    numbers = range(homes)
    rows = SiteRows(
        domain="lang.example",
        organisation="lang",
        kind="residential",
        buildings=(BuildingRow("b", "Gata 1"),),
        units=tuple(UnitRow(f"u{n}", "b", f"H{n:04}") for n in numbers),
        people=tuple(PersonRow(f"p{n}", f"Person {n:04}", unit=f"u{n}") for n in numbers),
        devices=tuple(DeviceRow(f"p{n}-app", "app", name=f"App {n:04}", person=f"p{n}") for n in numbers),
        buttons=tuple(ButtonRow(f"p{n}-button", person=f"p{n}") for n in numbers),
    )
    with writing() as session:
        declared = SiteFile(rows, "Lang", "Lang", "MD5", frozenset(), {})
        publish(session, import_site(session, declared, AT), author="test", note="", at=AT)


def shown(page: str) -> list[str]:
    """The numbers in the first column."""
    return re.findall(r"<tr><td><a [^>]*>\D*(\d{4})", page)


@pytest.mark.parametrize("path", LISTS)
def test_a_page_holds_so_many_and_says_of_how_many(client: FlaskClient, path: str) -> None:
    log_in(client)
    fill(2 * SIZE + 5)
    first, last = client.get(path).text, client.get(f"{path}?page=3").text
    assert shown(first) == [f"{n:04}" for n in range(SIZE)]
    assert shown(last) == [f"{n:04}" for n in range(2 * SIZE, 2 * SIZE + 5)]
    assert f"1–{SIZE} / {2 * SIZE + 5}" in first and "page=2" in first
    assert f"{2 * SIZE + 1}–{2 * SIZE + 5} / {2 * SIZE + 5}" in last and "page=4" not in last


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 30])
def test_a_page_that_is_not_there_is_the_nearest(client: FlaskClient, path: str, page: str) -> None:
    log_in(client)
    fill(SIZE + 1)
    answer = client.get(f"{path}?page={page}")
    assert answer.status_code == 200
    assert len(shown(answer.text)) == (1 if page.startswith("9") else SIZE)


@pytest.mark.parametrize("path", LISTS)
def test_every_word_must_be_there(client: FlaskClient, path: str) -> None:
    log_in(client)
    fill(SIZE + 20)
    assert shown(client.get(f"{path}?q=110").text) == ["0110"]
    assert shown(client.get(f"{path}?q=110+zz").text) == []
    assert shown(client.get(f"{path}?q=1%25").text) == []


@pytest.mark.parametrize("path", (*LISTS, "/search?q=0001", "/rules", "/who", "/", "/buildings"))
def test_a_larger_house_costs_no_more_queries(client: FlaskClient, path: str) -> None:
    log_in(client)
    fill(3)
    client.get(path)  # at the first look, the session's own site is written down and the plan is read
    with queries() as few:
        client.get(path)
    fill(SIZE + 60)
    client.get(path)
    with queries() as many:
        client.get(path)
    assert len(many) <= len(few) <= 50
