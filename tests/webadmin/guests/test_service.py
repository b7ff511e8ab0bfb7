"""Passes: made within bounds, shown once, revoked for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dialplan.passes import pin_digest, token_digest
from tests.webadmin.conftest import AT
from webadmin.db import db, writing
from webadmin.guests import service
from webadmin.guests.service import Made, PassRefused, Wish
from webadmin.models import AuditEntry, GuestPass, Site

HOUSE = "fjordgata.example"
WISH = Wish("Rørlegger", ("front",), AT, AT + timedelta(days=1), None, "kari", "kari@fjordgata.example")


def site(domain: str = HOUSE) -> Site:
    return db.session.scalars(select(Site).where(Site.domain == domain)).one()


def make(wish: Wish = WISH) -> Made:
    with writing() as session:
        return service.make(session, site(), wish, AT)


def test_a_pass_is_kept_as_digests_only(published: Flask) -> None:
    made = make()
    row = db.session.scalars(select(GuestPass)).one()
    assert (row.pin, row.token) == (pin_digest(HOUSE, made.pin), token_digest(made.token))
    assert made.pin not in repr(row.__dict__) and made.token not in repr(row.__dict__)
    assert service.unseal_pin(row, made.token) == made.pin
    assert service.unseal_pin(row, "x" * 22) == ""
    assert (row.building, row.seq, len(made.pin), service.as_pass(row).host) == ("fjordgata-12", 1, 6, "kari")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("label", {"label": "  "}),
        ("doors", {"doors": ()}),
        ("doors", {"doors": ("nowhere",)}),
        ("window", {"end": AT}),
        ("window", {"end": AT + timedelta(days=400)}),
        ("uses", {"uses": 0}),
        ("uses", {"uses": 101}),
        ("host", {"host": "nobody"}),
    ],
)
def test_what_a_pass_cannot_be(published: Flask, field: str, change: dict[str, object]) -> None:
    with pytest.raises(PassRefused) as refused:
        make(replace(WISH, **change))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_host_gives_only_what_is_his_to_open(published: Flask) -> None:
    with writing() as session:
        plan = service.running_plan(session, site())
    assert service.doors_of(plan, "kari") == ["back", "front"]
    assert service.doors_of(plan, "nobody") == ()
    with writing() as session, pytest.raises(PassRefused):
        office = site("kontor.example")
        service.make(session, office, replace(WISH, doors=("glass",), host="ola-of-nowhere"), AT)


def test_states_and_counts(published: Flask) -> None:
    coming = make(replace(WISH, start=AT + timedelta(hours=1)))
    counted = make(replace(WISH, uses=2, label="Bud"))
    shown = service.passes(db.session(), site(), at=AT, host="kari", used={counted.ref: 2})
    assert [(each.label, each.state) for each in shown] == [("Bud", "used_up"), ("Rørlegger", "coming")]
    late = service.passes(db.session(), site(), at=AT + timedelta(days=2), host="kari")
    assert {each.state for each in late} == {"over"}
    assert coming.ref in {each.ref for each in late}


def test_admins_do_not_read_what_residents_call_their_guests(published: Flask) -> None:
    make()
    make(replace(WISH, host="", label="Heismontør"))
    labels = [(each.host, each.label) for each in service.passes(db.session(), site(), at=AT)]
    assert labels == [("", "Heismontør"), ("kari", "")]
    entries = db.session.scalars(select(AuditEntry.subject)).all()
    assert list(entries) == ["Heismontør"]


def test_revoked_for_good(published: Flask) -> None:
    made = make()
    with writing() as session:
        assert not service.revoke(session, site(), made.ref, AT, host="ola")
        assert service.revoke(session, site(), made.ref, AT, host="kari")
    row = db.session.scalars(select(GuestPass)).one()
    assert (row.state, row.pin, row.pin_sealed, row.seq) == ("revoked", "", "", 2)
    make()
    with writing() as session:
        assert service.revoke_of(session, site(), ["kari"]) == 1


def test_old_passes_leave_nothing(published: Flask) -> None:
    make()
    with writing() as session:
        later = AT + timedelta(days=60)
        service.make(session, site(), replace(WISH, start=later, end=later + timedelta(days=1)), later)
    assert len(db.session.scalars(select(GuestPass)).all()) == 1


def test_links_and_their_picture() -> None:
    link = service.share_link("https://dør.example/", "abc")
    assert link == "https://dør.example/g/abc"
    assert service.qr_svg(link).startswith("<svg")
