"""What the overview says of each site."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from webadmin.db import db, writing
from webadmin.models import PlanRevision
from webadmin.overview.service import site_cards


def test_counts_and_revisions(published: Flask) -> None:
    cards = {card.domain: card for card in site_cards(db.session(), {"fjordgata.example": 1})}
    house, office = cards["fjordgata.example"], cards["kontor.example"]
    assert (house.people, house.panels, house.doors, house.kind) == (10, 1, 2, "residential")
    assert (office.people, office.panels, office.doors, office.kind) == (4, 1, 1, "commercial")
    assert (house.published, house.running, house.state) == (1, 1, "current")
    assert (office.published, office.running, office.state) == (1, None, "coming")


@pytest.mark.parametrize(
    ("running", "state"),
    [
        (None, "away"),
        ({}, "coming"),
        ({"fjordgata.example": 0}, "coming"),
        ({"fjordgata.example": 1}, "current"),
    ],
)
def test_states(published: Flask, running: dict[str, int] | None, state: str) -> None:
    house = next(card for card in site_cards(db.session(), running) if card.domain == "fjordgata.example")
    assert house.state == state


def test_a_site_without_a_revision(published: Flask) -> None:
    with writing() as session:
        session.execute(delete(PlanRevision))
    assert {card.state for card in site_cards(db.session(), {})} == {"unpublished"}


def test_no_sites(app: Flask) -> None:
    assert site_cards(db.session(), {}) == []
