"""Accounts, links and who owns the system."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from tests.webadmin.conftest import AT, make_owner
from webadmin.auth import entering
from webadmin.db import db, writing
from webadmin.models import Account


def test_there_is_one_first_account(app: Flask) -> None:
    make_owner()
    with writing() as session:
        assert entering.make_first(session, "B", "b@x.example", "en annen setning", AT) is None
        assert len(entering.owners(session)) == 1


def test_a_link_ages_and_a_newer_one_replaces_it(app: Flask) -> None:
    make_owner()
    with writing() as session:
        account = entering.owners(session)[0]
        old = entering.make_account_link(session, account, "password", AT)
        new = entering.make_account_link(session, account, "password", AT)
        assert entering.account_of_link(session, old, AT) is None
        assert entering.account_of_link(session, new, AT) is account
        assert entering.account_of_link(session, new, AT + timedelta(hours=1)) is None
        assert entering.choose_password(session, old, "en annen setning", AT) is None


def test_a_blocked_account_stays_outside(app: Flask) -> None:
    make_owner()
    with writing() as session:
        account = entering.owners(session)[0]
        code = entering.make_account_link(session, account, "password", AT)
        account.blocked = True
        session.flush()
        assert entering.account_of_link(session, code, AT) is None
        found = entering.sign_in(session, account.email, "en lang setning om dører", "1.2.3.4", AT)
        assert found is entering.WRONG
    assert not entering.owners(db.session())


def test_reach_follows_the_memberships(app: Flask) -> None:
    make_owner()
    account = db.session.query(Account).one()
    assert entering.reach_of(db.session(), account.id, AT).role == "system_owner"
    assert entering.reach_of(db.session(), 99, AT).role == ""
    assert entering.needs_second_factor(db.session(), account, ("system_owner",))
    assert not entering.needs_second_factor(db.session(), account, ("building_admin",))
