"""Publishing: a revision only when the plan changed, numbered in a row, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select, text

from dialplan.document import loads
from migrations.lines import upgrade
from tests.support.databases import postgresql
from tests.webadmin.conftest import AT, HOUSE, OFFICE
from webadmin.app import create_app
from webadmin.db import db, writing
from webadmin.models import Credential, Person, PlanRevision, Site
from webadmin.publishing.files import publish_files
from webadmin.publishing.publish import PlanRejected, Published, publish
from webadmin.settings import Database, Settings


def again(note: str = "") -> Published:
    with writing() as session:
        site = session.scalars(select(Site).where(Site.domain == "fjordgata.example")).one()
        return publish(session, site, author="kari", note=note, at=AT)


def revisions() -> list[PlanRevision]:
    where = PlanRevision.site == "fjordgata.example"
    return list(db.session.scalars(select(PlanRevision).where(where).order_by(PlanRevision.revision)))


def rename(name: str) -> None:
    with writing() as session:
        session.scalars(select(Person).where(Person.name.startswith("Kari B"))).one().name = name


def test_the_document_is_the_plan_of_the_tables(published: Flask) -> None:
    (row,) = revisions()
    plan = loads(row.document)
    assert (plan.site, plan.revision, plan.kind) == ("fjordgata.example", 1, "residential")
    assert {person.name for person in plan.directory.people} >= {"Kari Berg", "Ola Berg"}
    assert (row.author, row.note, row.at) == ("test", "fjordgata.toml", AT)


def test_nothing_changed_nothing_published(published: Flask) -> None:
    assert (again().changed, again().revision) == (False, 1)
    assert len(revisions()) == 1


def test_a_change_is_the_next_revision_and_undone_another(published: Flask) -> None:
    rename("Kari Bergh")
    assert again("a wedding") == Published("fjordgata.example", 2, True, ())
    rename("Kari Berg")
    assert again().revision == 3
    first, second, third = revisions()
    assert first.digest == third.digest != second.digest
    assert [loads(row.document).revision for row in (first, second, third)] == [1, 2, 3]
    assert (second.author, second.note) == ("kari", "a wedding")


def test_tables_that_do_not_compile_are_refused_whole(published: Flask) -> None:
    with pytest.raises(PlanRejected) as caught, writing() as session:
        ola = session.scalars(select(Person).where(Person.ref == "ola", Person.number == "103")).one()
        ola.number = "112"
        site = session.get_one(Site, ola.site_id)
        publish(session, site, author="", note="", at=AT)
    assert caught.value.errors[0].where == "people/ola/number"
    assert len(revisions()) == 1
    db.session.expire_all()
    assert "112" not in db.session.scalars(select(Person.number)).all()


def test_no_secret_and_no_hash_stands_in_a_document(published: Flask) -> None:
    hashes = db.session.scalars(select(Credential.ha1)).all()
    documents = " ".join(db.session.scalars(select(PlanRevision.document)))
    assert len(hashes) == 21
    assert not any(each in documents for each in hashes)
    assert "ha1" not in json.loads(revisions()[0].document)


def test_a_failure_after_the_import_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from webadmin.publishing import publish as module

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(module, "as_text", full)
    with pytest.raises(OSError, match="disk full"):
        publish_files([HOUSE], author="", note="", at=AT, secrets=None)
    assert db.session.scalars(select(Site)).all() == []
    assert db.session.scalars(select(Credential)).all() == []


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        upgrade("admin", url)
        yield url


@pytest.mark.peer
def test_the_same_on_postgresql(server: str, settings: Settings) -> None:
    database = Database(admin_url=server, pbx_url=server)
    app = create_app(settings.model_copy(update={"database": database}))
    with app.app_context():
        assert db.session.execute(text("SHOW search_path")).scalar_one() == "admin"
        done = publish_files([HOUSE, OFFICE], author="test", note="", at=AT, secrets=None)
        assert [(each.revision, len(each.log_ins)) for each in done] == [(1, 15), (1, 6)]
        rename("Kari Bergh")
        assert again().revision == 2
        done = publish_files([HOUSE, OFFICE], author="test", note="", at=AT, secrets=None)
        assert [(each.revision, each.changed, each.log_ins) for each in done] == [
            (3, True, ()),
            (1, False, ()),
        ]
        assert app.test_client().get("/health").status_code == 200
        with writing() as session:
            session.execute(delete(PlanRevision))
        db.session.remove()
        db.engine.dispose()
