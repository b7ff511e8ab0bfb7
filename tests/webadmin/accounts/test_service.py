"""Roles are given once, and taken away within one's reach only."""

from __future__ import annotations

from flask import Flask

from tests.webadmin.conftest import AT, make_owner
from tests.webadmin.people_of_two_houses import make_people, organisation_of
from webadmin.accounts import service
from webadmin.auth.reach import Reach
from webadmin.db import db, writing
from webadmin.models import Account, Membership


def test_a_second_invitation_adds_no_second_role(published: Flask) -> None:
    make_owner()
    with writing() as session:
        place = next(each for each in service.places(session, Reach(everything=True)) if each.organisation_id)
        for _ in range(2):
            account, code = service.invite(session, "x", "Ny", "ny@x.example", place, AT)
            assert code
        assert session.query(Membership).filter_by(account_id=account.id).count() == 1


def test_another_organisation_s_role_stays(published: Flask) -> None:
    make_people()
    house, office = organisation_of("fjordgata.example"), organisation_of("kontor.example")
    with writing() as session:
        account = session.query(Account).filter_by(email="house@x.example").one()
        session.add(Membership(account_id=account.id, role="organisation_admin", organisation_id=office))
        session.flush()
        service.leave(session, "x", account, Reach(organisations=(house,)), AT)
        left = session.query(Membership).filter_by(account_id=account.id).one()
        assert left.organisation_id == office
    assert db.session.query(Account).filter_by(email="house@x.example").count() == 1
