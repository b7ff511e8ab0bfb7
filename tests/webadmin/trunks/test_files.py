"""Trunks out of a file: it declares them all, and holds no password."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.webadmin.conftest import AT
from webadmin.db import db, writing
from webadmin.sealing import Sealer
from webadmin.trunks.files import TrunkFileError, bring, read
from webadmin.trunks.service import listed

SEALER = Sealer("a key of the tests, long enough")


def file_of(folder: Path, text: str, secret: str = "s3cret", mode: int = 0o600) -> Path:
    (folder / "secret").write_text(secret)
    (folder / "secret").chmod(mode)
    path = folder / "trunks.toml"
    path.write_text(text.replace("SECRET", str(folder / "secret")))
    return path


TWO = """
[trunks.first]
host = "sip.one.example"
username = "doorline"
password_file = "SECRET"

[trunks.second]
kind = "peered"
host = "192.0.2.7"
addresses = ["192.0.2.0/28"]
"""


def test_the_file_is_what_there_is(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        for text, refs in ((TWO, ["first", "second"]), (TWO.partition("[trunks.second]")[0], ["first"])):
            with writing() as session:
                bring(session, SEALER, read(file_of(tmp_path, text)), AT)
            assert [row.ref for row in listed(db.session())] == refs
        assert SEALER.open(listed(db.session())[0].sealed_password) == "s3cret"


WRONG = (
    *("nonsense", "[other]", "x = 1", "[trunks]\na = 1"),
    *("[trunks.a]\nport = 'x'", "[trunks.a]\npassword = 'x'"),
)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_such_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrunkFileError):
        read(file_of(tmp_path, text))


def test_a_password_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrunkFileError, match="chmod 600"):
        read(file_of(tmp_path, TWO, mode=0o644))


def test_a_fault_has_its_place(app: Flask, tmp_path: Path) -> None:
    drafts = read(file_of(tmp_path, TWO.replace("192.0.2.0/28", "nowhere")))
    place = r"trunks\.second\.addresses"
    with app.app_context(), pytest.raises(TrunkFileError, match=place), writing() as session:
        bring(session, SEALER, drafts, AT)
