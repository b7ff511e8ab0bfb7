"""Accounts and codes from the console."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webadmin.residents import HOUSE, Phone
from webadmin.__main__ import main
from webadmin.db import db
from webadmin.models import Account, Membership, Panel, PanelDoor


@pytest.fixture
def console(published: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The same databases for the command line."""
    settings = published.config["DOORLINE"]
    monkeypatch.setattr("webadmin.__main__.load", lambda: settings)
    return published


def test_a_resident_gets_an_account_once(
    console: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.txt"
    for _ in range(2):
        assert main(["resident", HOUSE, "kari", "Kari@x.example", "--owner", "--secrets", str(file)]) == 0
    (line,) = file.read_text().splitlines()
    email, password = line.split()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and capsys.readouterr().out == ""
    db.session.remove()
    assert len(db.session.scalars(select(Account)).all()) == 1
    assert [row.role for row in db.session.scalars(select(Membership))] == ["unit_owner"]
    phone = Phone(console)
    assert phone.send("POST", "login", {"email": email, "password": password}).json == {"next": "in"}
    assert main(["resident", HOUSE, "nobody", "x@x.example"]) == 2
    assert main(["resident", "no.example", "kari", "x@x.example"]) == 2


def test_a_panel_like_another_and_its_code(console: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    codes = set()
    for _ in range(2):
        assert main(["pair", HOUSE, "tablet", "--like", "entrance", "--name", "Nettbrett"]) == 0
        codes.add(capsys.readouterr().out.strip())
    assert len(codes) == 2
    db.session.remove()
    assert len(db.session.scalars(select(Panel)).all()) == 3
    assert len(db.session.scalars(select(PanelDoor)).all()) == 5
    answer = Phone(console).send("POST", "pair", {"code": codes.pop(), "kind": "panel"})
    other = Phone(console).send("POST", "pair", {"code": codes.pop(), "kind": "panel"})
    assert sorted([answer.status_code, other.status_code]) == [200, 404]  # the older code is dead
    assert main(["pair", HOUSE, "kari-app"]) == 2
    assert main(["pair", HOUSE, "nothing"]) == 2
    assert main(["pair", HOUSE, "new", "--like", "kari-app"]) == 2
