"""Log-ins: strong, shown once, kept as hashes, revoked when their device goes."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from sqlalchemy import select

from pbx.auth import Credential as PbxCredential
from tests.webadmin.conftest import AT, HOUSE
from webadmin.db import db, writing
from webadmin.models import Credential, Device, Site
from webadmin.publishing import log_ins
from webadmin.publishing.log_ins import NewLogIn, NoSuchLogIn
from webadmin.publishing.publish import publish

DOMAIN = "fjordgata.example"


def row(device: str) -> Credential:
    db.session.expire_all()
    return db.session.scalars(
        select(Credential).where(Credential.site == DOMAIN, Credential.device == device)
    ).one()


def change(device: str, **values: object) -> tuple[NewLogIn, ...]:
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == DOMAIN)).one()
        found = session.scalars(select(Device).where(Device.site_id == site.id, Device.ref == device)).one()
        for name, value in values.items():
            setattr(found, name, value)
        return publish(session, site, author="", note="", at=AT).log_ins


def republish_without(lines_with: str) -> tuple[NewLogIn, ...]:
    from webadmin.site_file.importer import import_site
    from webadmin.site_file.reader import read

    kept = [
        line for line in HOUSE.read_text().splitlines() if not lines_with or not line.startswith(lines_with)
    ]
    with writing() as session:
        site = import_site(session, read("\n".join(kept).encode()), AT)
        return publish(session, site, author="", note="", at=AT).log_ins


def test_a_secret_has_128_bits_and_only_its_hashes_are_kept(published: Flask) -> None:
    with writing() as session:
        made = log_ins.reset(session, DOMAIN, "kari-app", AT)
    assert len(made.secret) == 22
    account = f"kari-app:{DOMAIN}:{made.secret}".encode()
    found = row("kari-app")
    assert found.ha1 == hashlib.md5(account).hexdigest()
    assert found.ha1_sha256 == hashlib.sha256(account).hexdigest()
    assert made.secret not in repr([getattr(found, column.name) for column in Credential.__table__.columns])


def test_secrets_and_sequence_numbers_differ(published: Flask) -> None:
    rows = db.session.scalars(select(Credential)).all()
    assert len({each.ha1 for each in rows}) == len({each.seq for each in rows}) == len(rows) == 21


def test_publishing_again_keeps_them(published: Flask) -> None:
    before = {each.device: (each.ha1, each.seq) for each in db.session.scalars(select(Credential))}
    assert republish_without("") == ()
    db.session.expire_all()
    assert {each.device: (each.ha1, each.seq) for each in db.session.scalars(select(Credential))} == before


def test_a_device_that_goes_loses_its_log_in_and_gets_another_when_it_returns(published: Flask) -> None:
    before = row("kari-phone")
    seq, ha1 = before.seq, before.ha1
    republish_without("kari-phone")
    gone = row("kari-phone")
    assert (gone.state, gone.ha1, gone.ha1_sha256) == ("revoked", "", None)
    assert gone.seq > seq
    assert [made.device for made in republish_without("")] == ["kari-phone"]
    back = row("kari-phone")
    assert back.state == "active" and back.ha1 not in ("", ha1) and back.seq > gone.seq - 1


def test_a_revoked_one_stays_revoked_until_it_is_reset(published: Flask) -> None:
    with writing() as session:
        log_ins.revoke(session, DOMAIN, "kari-app", AT)
    seq = row("kari-app").seq
    assert republish_without("") == ()
    assert (row("kari-app").state, row("kari-app").seq) == ("revoked", seq)
    with writing() as session:
        log_ins.revoke(session, DOMAIN, "kari-app", AT)
    assert row("kari-app").seq == seq
    with writing() as session:
        log_ins.reset(session, DOMAIN, "kari-app", AT)
    assert row("kari-app").state == "active"


def test_a_new_user_name_needs_a_new_secret(published: Flask) -> None:
    old = row("kari-app").ha1
    (made,) = change("kari-app", username="kari-new")
    assert (made.device, made.username) == ("kari-app", "kari-new")
    assert row("kari-app").ha1 != old
    assert row("kari-app").username == "kari-new"


def test_legacy_and_algorithm_follow_without_a_new_secret(published: Flask) -> None:
    before = (row("kari-app").ha1, row("kari-app").seq)
    assert change("kari-app", legacy=True) == ()
    after = row("kari-app")
    assert after.legacy and after.ha1 == before[0] and after.seq > before[1]
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == DOMAIN)).one()
        site.algorithm = "SHA-256"
        assert publish(session, site, author="", note="", at=AT).log_ins == ()
    assert {
        each.algorithm for each in db.session.scalars(select(Credential).where(Credential.site == DOMAIN))
    } == {"SHA-256"}


@pytest.mark.parametrize(
    ("domain", "device"), [(DOMAIN, "nobody"), ("nowhere.example", "kari-app"), ("", "")]
)
def test_an_unknown_device_is_refused(published: Flask, domain: str, device: str) -> None:
    for act in (log_ins.reset, log_ins.revoke):
        with pytest.raises(NoSuchLogIn), writing() as session:
            act(session, domain, device, AT)


def test_a_removed_device_can_be_neither_reset_nor_revoked(published: Flask) -> None:
    republish_without("kari-phone")
    with pytest.raises(NoSuchLogIn), writing() as session:
        log_ins.reset(session, DOMAIN, "kari-phone", AT)


def test_the_pbx_takes_a_row_as_it_is(published: Flask) -> None:
    found = row("kari-app")
    fields = ("site", "device", "username", "ha1", "ha1_sha256", "algorithm", "legacy", "state", "seq")
    assert PbxCredential(**{name: getattr(found, name) for name in fields}).username == "kari-app"
