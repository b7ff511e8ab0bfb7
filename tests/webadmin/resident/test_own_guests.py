"""Passes by JSON: made within the house's bounds, shown once, revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.webadmin.residents import HOUSE, Phone, make_resident
from webadmin.db import writing
from webadmin.delegation.service import Bounds, set_bounds
from webadmin.models import Building, Site


def wish(**changes: Any) -> dict[str, Any]:
    at = datetime.now(UTC)
    start, end = at.isoformat(), (at + timedelta(days=2)).isoformat()
    return {"site": HOUSE, "label": "Rørlegger", "doors": ["front"], "start": start, "end": end} | changes


def bound(bounds: Bounds) -> None:
    with writing() as session:
        query = select(Building.id).join(Site, Site.id == Building.site_id).where(Site.domain == HOUSE)
        for key in session.scalars(query):
            set_bounds(session, key, bounds)


def test_made_listed_revoked(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    make_resident("per@x.example", "per")
    kari, per = Phone(published, "kari@x.example"), Phone(published, "per@x.example")
    made = kari.send("POST", "guests", wish(uses=3))
    assert made.status_code == 201 and made.json is not None, made.text
    assert "/g/" in made.json["link"] and made.json["pin"].isdecimal()
    (shown,) = kari.get("guests")["guests"]
    assert (shown["label"], shown["uses"], shown["used"], shown["state"]) == ("Rørlegger", 3, 0, "valid")
    assert per.get("guests")["guests"] == []
    assert per.send("DELETE", f"guests/{shown['id']}").status_code == 404
    assert kari.send("DELETE", f"guests/{shown['id']}").status_code == 204
    assert kari.get("guests")["guests"][0]["state"] == "revoked"


def test_bounds_and_faults(published: Flask) -> None:
    make_resident("kari@x.example", "kari")
    kari = Phone(published, "kari@x.example")
    late = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    for change, field in (
        ({"doors": ["nowhere"]}, "doors"),
        ({"doors": []}, "doors"),
        ({"uses": 0}, "uses"),
        ({"end": "2026-01-01T00:00:00Z"}, "end"),
        ({"end": late}, "end"),
        ({"start": "2026-01-01T00:00:00"}, "start"),
    ):
        answer = kari.send("POST", "guests", wish(**change))
        assert answer.status_code == 422 and answer.json is not None and answer.json["field"] == field
    assert kari.send("POST", "guests", wish(site="kontor.example")).status_code == 404
    bound(Bounds(most_guests=1))
    assert kari.send("POST", "guests", wish()).status_code == 201
    assert kari.send("POST", "guests", wish()).status_code == 409
    bound(Bounds(guests=False))
    assert kari.send("POST", "guests", wish()).status_code == 403


def test_passes_count_for_the_whole_unit(published: Flask) -> None:
    for name in ("kari", "ola", "per"):
        make_resident(f"{name}@x.example", name)
    kari, ola, per = (Phone(published, f"{name}@x.example") for name in ("kari", "ola", "per"))
    bound(Bounds(most_guests=2))
    assert [each.send("POST", "guests", wish()).status_code for each in (kari, ola)] == [201, 201]
    for each in (kari, ola):
        refused = each.send("POST", "guests", wish())
        assert refused.status_code == 409 and refused.json is not None and refused.json["message"]
    assert per.send("POST", "guests", wish()).status_code == 201  # another flat
    key = kari.get("guests")["guests"][0]["id"]
    assert kari.send("DELETE", f"guests/{key}").status_code == 204
    assert ola.send("POST", "guests", wish()).status_code == 201
