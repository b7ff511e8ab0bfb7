"""Trunks in the database: what can be one, in which order, and that no password stands there in the clear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.db import db, writing
from webadmin.models import Trunk
from webadmin.sealing import Sealer
from webadmin.trunks.service import TrunkDraft, TrunkRejected, faults, listed, remove, reorder, save

SEALER = Sealer("a key of the tests, long enough")
GOOD = TrunkDraft("carrier", "Carrier", host="sip.carrier.example", username="doorline", password="s3cret")


def keep(draft: TrunkDraft) -> Trunk:
    with writing() as session:
        return save(session, SEALER, draft, AT)


def test_saved_sealed_and_changed_without_the_password(app: Flask) -> None:
    with app.app_context():
        keep(GOOD)
        keep(replace(GOOD, password=None, name="Another name"))
        (row,) = listed(db.session())
        assert row.name == "Another name"
        assert "s3cret" not in row.sealed_password
        assert SEALER.open(row.sealed_password) == "s3cret"


def test_the_order_of_trial(app: Flask) -> None:
    with app.app_context():
        for ref in ("a", "b", "c"):
            keep(replace(GOOD, ref=ref))
        with writing() as session:
            reorder(session, ["c", "a"])
        assert [row.ref for row in listed(db.session())] == ["c", "a", "b"]
        with writing() as session:
            remove(session, "a")
            remove(session, "nobody")
        assert [row.ref for row in listed(db.session())] == ["c", "b"]


def test_to_register_takes_a_password(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(TrunkRejected) as caught:
            keep(replace(GOOD, password=None))
        assert caught.value.errors[0][0] == "password"
        assert listed(db.session()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ref": "no ref"}, "ref"),
        ({"name": " "}, "name"),
        ({"kind": "other"}, "kind"),
        ({"host": "no host"}, "host"),
        ({"host": "1.2.3"}, "host"),
        ({"port": 70_000}, "port"),
        ({"username": ""}, "username"),
        ({"username": "a\r\nb"}, "username"),
        ({"kind": "peered"}, "addresses"),
        ({"addresses": ("10.0.0.0/8",)}, "addresses"),
        ({"addresses": ("nowhere",)}, "addresses"),
        ({"srtp": True}, "srtp"),
        ({"caller_id": "22334455"}, "caller_id"),
        ({"expires": 10}, "expires"),
        ({"options_seconds": 1}, "options_seconds"),
    ],
)
def test_what_cannot_be_a_trunk(changes: dict[str, Any], field: str) -> None:
    assert {where for where, _ in faults(replace(GOOD, **changes))} == {field}


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "sip.example.com", "carrier"])
def test_hosts(host: str) -> None:
    assert list(faults(replace(GOOD, host=host))) == []
