"""The wall in the queries: every route as every role over two organisations shows nothing of the other."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update

from tests.webadmin.conftest import AT, token_of
from tests.webadmin.people_of_two_houses import browser, ids_of, make_people, organisation_of
from webadmin.auth.reach import IN_SITE, NOTHING, Reach, lifted, raise_wall
from webadmin.db import db, writing
from webadmin.models import Account, Building, Membership, Person, Site, Unit

HOUSE, OFFICE = "fjordgata.example", "kontor.example"
MARKS = {
    HOUSE: ("Fjordgata", "fjordgata.example", "Solveig"),
    OFFICE: ("Havneby", "kontor.example", "Resepsjon"),
}
NEIGHBOURS = ("Astrid", "Ingrid", "Solveig", "astrid-phone", "caretaker@x.example")
LEFT_OUT = ("static", "auth.sign_out", "accounts.leave", "accounts.end_others", "api.logout")


def counts() -> list[int]:
    tables = (*IN_SITE, Site)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_request_that_forgot_to_ask_sees_nothing(published: Flask) -> None:
    with published.test_request_context("/"):
        assert set(counts()) == {0}
        with lifted():
            assert sum(counts()) > 50
        assert set(counts()) == {0}


def test_an_organisation_sees_its_own_and_changes_nothing_else(published: Flask) -> None:
    house, office = ids_of(Person, HOUSE), ids_of(Person, OFFICE)
    own = organisation_of(HOUSE)
    with published.test_request_context("/"):
        raise_wall(Reach(organisations=(own,)))
        assert set(db.session.scalars(select(Person.id))) == set(house)
        assert db.session.get(Person, office[0]) is None
        db.session.execute(update(Person).values(alias="x"))
        db.session.execute(delete(Person).where(Person.id == office[0]))
        db.session.flush()
        raise_wall(NOTHING)
        with lifted():
            changed = set(db.session.scalars(select(Person.id).where(Person.alias == "x")))
            assert changed == set(house)
            assert db.session.get(Person, office[0]) is not None
        db.session.rollback()


def test_a_building_sees_only_itself(published: Flask) -> None:
    building = ids_of(Building, HOUSE)[0]
    with published.test_request_context("/"):
        raise_wall(Reach(buildings=(building,)))
        assert list(db.session.scalars(select(Building.id))) == [building]
        units = set(db.session.scalars(select(Unit.id)))
        people = db.session.scalars(select(Person)).all()
        assert units and people and all(person.unit_id in units for person in people)


KEYS = {"GET": (1, 2, 3, 4, 7, 12), "POST": (1, 2, 3, 12)}


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every route, with keys of both organisations' things for its key."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_OUT or rule.endpoint.startswith("faces."):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for number in KEYS[method] if rule.arguments else (1,):
                path = rule.rule
                for argument in rule.arguments:
                    path = path.replace(f"<int:{argument}>", f"{number}")
                    path = path.replace(f"<{argument}>", f"{number}")
                found.append((method, path))
    return found


def walk(app: Flask, client: FlaskClient, foreign: tuple[str, ...]) -> int:
    answered = 0
    token = token_of(client.get("/me").text)
    for method, path in addresses(app):
        data = {"csrf_token": token} if method == "POST" else None
        answer = client.open(f"{path}?lang=en&q=a", method=method, data=data)
        away = answer.status_code == 503 and path.startswith("/api/")  # no PBX runs here
        assert answer.status_code < 500 or away, (method, path)
        for mark in foreign:
            assert mark not in answer.text, (method, path, mark)
        answered += answer.status_code == 200
    return answered


@pytest.mark.parametrize(
    "email, foreign",
    [
        ("house@x.example", MARKS[OFFICE]),
        ("office@x.example", MARKS[HOUSE]),
        ("caretaker@x.example", MARKS[OFFICE]),
        ("reception@x.example", MARKS[HOUSE]),
        ("flat@x.example", (*MARKS[OFFICE], *NEIGHBOURS)),
        ("kari@x.example", (*MARKS[OFFICE], *NEIGHBOURS)),
        ("visitor@x.example", (*MARKS[OFFICE], *NEIGHBOURS, "Kari")),
        ("desk@x.example", MARKS[HOUSE]),
    ],
)
def test_no_route_shows_another_organisation(published: Flask, email: str, foreign: tuple[str, ...]) -> None:
    make_people()
    assert walk(published, browser(published, email), foreign) >= 1


def test_an_account_without_a_role_sees_no_page(published: Flask) -> None:
    make_people()
    client = browser(published, "nobody@x.example")
    for method, path in addresses(published):
        answer = client.open(path, method=method)
        assert not any(mark in answer.text for marks in MARKS.values() for mark in marks), path


def test_a_building_s_admin_has_no_business_with_accounts(published: Flask) -> None:
    make_people()
    client = browser(published, "caretaker@x.example")
    assert client.get("/accounts").status_code == 403
    assert client.get("/audit").status_code == 403
    assert 'href="/accounts"' not in client.get("/").text


def test_an_admin_s_own_home_in_another_house_is_not_run_by_an_admin_s_pages(published: Flask) -> None:
    make_people()
    with writing() as session:
        query = select(Person).join(Site, Site.id == Person.site_id)
        kari = session.scalars(query.where(Person.ref == "kari", Site.domain == HOUSE)).one()
        account = session.scalars(select(Account).where(Account.email == "reception@x.example")).one()
        session.add(
            Membership(
                account_id=account.id,
                role="unit_owner",
                organisation_id=organisation_of(HOUSE),
                unit_id=kari.unit_id,
            )
        )
        key, unit = kari.id, kari.unit_id
    client = browser(published, "reception@x.example")
    assert client.get(f"/people/{key}").status_code == 200
    assert client.get(f"/units/{unit}").status_code == 404
    assert "Fjordgata" not in client.get("/dial-groups").text


def test_a_guest_whose_stay_is_over_is_outside(published: Flask) -> None:
    make_people()
    client = browser(published, "visitor@x.example")
    assert client.get("/me").status_code == 200
    with writing() as session:
        session.execute(update(Membership).where(Membership.role == "guest").values(ends_at=AT))
    assert client.get("/me").status_code == 401
