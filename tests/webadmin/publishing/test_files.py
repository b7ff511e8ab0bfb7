"""Publishing files: together or not at all, secrets before the commit, faults with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.webadmin.conftest import AT, HOUSE, OFFICE
from webadmin.db import db
from webadmin.models import Credential, PlanRevision, Site
from webadmin.publishing.files import Rejected, check_files, publish_files
from webadmin.publishing.publish import Published
from webadmin.publishing.secrets_file import SecretsFile


def go(*paths: Path, secrets: Path | None = None) -> list[Published]:
    return publish_files(
        list(paths), author="a", note="", at=AT, secrets=SecretsFile(secrets) if secrets else None
    )


def edited(tmp_path: Path, old: str, new: str, source: Path = HOUSE) -> Path:
    text = source.read_text()
    assert old in text
    path = tmp_path / "edited.toml"
    path.write_text(text.replace(old, new))
    return path


def nothing_there() -> bool:
    return not any(db.session.scalars(select(table)).all() for table in (Site, Credential, PlanRevision))


def test_each_device_gets_a_log_in_once(app: Flask, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    house, office = go(HOUSE, OFFICE, secrets=secrets)
    assert (len(house.log_ins), len(office.log_ins)) == (15, 6)
    lines = secrets.read_text()
    assert lines.count("\n") == 2 + 21
    assert [each.log_ins for each in go(HOUSE, OFFICE, secrets=secrets)] == [(), ()]
    assert secrets.read_text() == lines


def test_one_wrong_file_stops_them_all(app: Flask, tmp_path: Path) -> None:
    wrong = edited(tmp_path, 'number = "103"', 'number = "112"')
    with pytest.raises(Rejected) as caught:
        go(OFFICE, wrong, secrets=tmp_path / "secrets")
    assert caught.value.lines == (
        f"{wrong}: line 32: people.ola.number: 112 is an emergency number; choose another number",
    )
    assert nothing_there()
    assert not list(tmp_path.glob("*secrets*"))


def test_a_file_refused_by_the_database_stops_them_all(app: Flask, tmp_path: Path) -> None:
    go(HOUSE)
    other_kind = edited(tmp_path, 'kind = "residential"', 'kind = "commercial"')
    with pytest.raises(Rejected, match="fixed when the site was made"):
        go(OFFICE, other_kind)
    assert [site.domain for site in db.session.scalars(select(Site))] == ["fjordgata.example"]


def test_secrets_that_cannot_be_kept_are_not_made(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        go(HOUSE, secrets=tmp_path / "none" / "secrets")
    assert nothing_there()


def test_a_failing_commit_leaves_the_old_secrets(app: Flask, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets"
    secrets.write_text("old old old old\n")

    def fail(session: object) -> None:
        raise ZeroDivisionError

    event.listen(db.session, "before_commit", fail)
    try:
        with pytest.raises(ZeroDivisionError):
            go(HOUSE, secrets=secrets)
    finally:
        event.remove(db.session, "before_commit", fail)
    assert secrets.read_text() == "old old old old\n"
    assert not list(tmp_path.glob(".secrets*"))
    assert nothing_there()


def test_two_files_of_one_domain_are_refused() -> None:
    with pytest.raises(Rejected, match="is in two of these files"):
        check_files([HOUSE, HOUSE])


@pytest.mark.parametrize("kind", ["missing", "directory"])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path if kind == "directory" else tmp_path / "none.toml"
    with pytest.raises(Rejected) as caught:
        check_files([path])
    assert str(caught.value).startswith(f"{path}: the file cannot be read: ")
    assert len(caught.value.lines) == 1


def test_faults_of_several_files_are_told_together(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_text("x")
    two.write_text("y")
    with pytest.raises(Rejected) as caught:
        check_files([one, two])
    assert [line.split(":")[0] for line in caught.value.lines] == [str(one), str(two)]
