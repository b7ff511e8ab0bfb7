"""Passes end with those who gave them, however these went."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from tests.webadmin.conftest import AT
from tests.webadmin.guests.test_service import WISH, make, site
from webadmin.db import db
from webadmin.editing.changes import change, undo
from webadmin.models import GuestPass
from webadmin.people.service import move_out


def states() -> dict[str, tuple[str, str]]:
    db.session.expire_all()
    return {row.label: (row.state, row.pin) for row in db.session.scalars(select(GuestPass))}


def test_who_moves_out_lets_nobody_in_nor_once_back(published: Flask) -> None:
    for label, host in (("hers", "kari"), ("the house's", ""), ("his", "ola")):
        make(replace(WISH, label=label, host=host))
    before = states()
    site_id = site().id
    gone = change(site_id, move_out("kari"), who="x", account_id=None, note="", at=AT)
    assert states() == {**before, "hers": ("revoked", "")}
    undo(gone.change_id, who="x", account_id=None, at=AT)
    assert states()["hers"] == ("revoked", ""), "she is back, her old guests are not"
    assert states()["his"] == before["his"]
