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


PASSWORD = "en lang setning om dører"


def test_an_account_of_one_s_own_buys_no_tries_at_another(app: Flask) -> None:
    make_owner()
    with writing() as session:
        mine = entering.owners(session)[0].email
        outcomes = []
        for number in range(2 * entering.TRIES):
            outcomes.append(entering.sign_in(session, "kari@x.example", f"guess {number}", "192.0.2.1", AT))
            entering.sign_in(session, mine, PASSWORD, "192.0.2.1", AT)
        assert outcomes.count(entering.WRONG) == entering.TRIES and outcomes[-1] is entering.WAIT
        elsewhere = entering.sign_in(session, mine, PASSWORD, "192.0.2.2", AT)
        assert isinstance(elsewhere, Account)


def test_who_comes_in_at_last_has_all_tries_again(app: Flask) -> None:
    make_owner()
    with writing() as session:
        mine = entering.owners(session)[0].email
        for _ in range(5):
            for _ in range(entering.TRIES - 1):
                assert entering.sign_in(session, mine, "no", "192.0.2.1", AT) is entering.WRONG
            assert isinstance(entering.sign_in(session, mine, PASSWORD, "192.0.2.1", AT), Account)


def test_the_addresses_of_one_house_are_one_source(app: Flask) -> None:
    make_owner()
    with writing() as session:
        for number in range(entering.TRIES):
            source = f"2001:db8:0:1::{number:x}"
            assert entering.sign_in(session, "kari@x.example", "no", source, AT) is entering.WRONG
        waits = entering.sign_in(session, "kari@x.example", "no", "2001:db8:0:1:ffff::1", AT)
        other = entering.sign_in(session, "kari@x.example", "no", "2001:db8:0:2::1", AT)
        assert waits is entering.WAIT and other is entering.WRONG


def test_reach_follows_the_memberships(app: Flask) -> None:
    make_owner()
    account = db.session.query(Account).one()
    assert entering.reach_of(db.session(), account.id, AT).role == "system_owner"
    assert entering.reach_of(db.session(), 99, AT).role == ""
    assert entering.needs_second_factor(db.session(), account, ("system_owner",))
    assert not entering.needs_second_factor(db.session(), account, ("building_admin",))
