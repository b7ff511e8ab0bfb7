"""Plans are found, handed out once, and kept when their source fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from dialplan.plan import DialPlan
from pbx.store.copies import Copies
from pbx.store.engine import open_reader
from pbx.store.plans import PlanWatch
from tests.pbx.store.rows import add_revision, change, plan
from tests.support.databases import make_sqlite


class Watched:
    """A watch over fresh databases, with what it handed out."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / "admin.db"
        self.plans: list[DialPlan] = []
        self.gone: list[str] = []
        url = make_sqlite(directory)[0] if not self.path.exists() else f"sqlite:///{self.path}"
        self.watch = PlanWatch(
            open_reader(url), Copies(directory / "copies"), self.plans.append, self.gone.append
        )

    def names(self) -> list[tuple[str, int]]:
        return [(each.site, each.revision) for each in self.plans]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_plan_is_handed_out_once_and_the_newest_only(watched: Watched) -> None:
    add_revision(watched.path, plan(revision=1))
    add_revision(watched.path, plan(revision=2, name="Kari B"))
    watched.watch.poll()
    watched.watch.poll()
    assert watched.names() == [("house.example", 2)]
    add_revision(watched.path, plan(revision=3))
    watched.watch.poll()
    assert watched.names()[1:] == [("house.example", 3)]


def test_sites_are_told_apart(watched: Watched) -> None:
    add_revision(watched.path, plan("a.example", 7))
    add_revision(watched.path, plan("b.example", 1, kind="commercial"))
    watched.watch.poll()
    assert sorted(watched.names()) == [("a.example", 7), ("b.example", 1)]


@pytest.mark.parametrize("document", ["", "{", "[]", '{"version": 99}', "[" * 100_000])
def test_an_unreadable_document_leaves_the_running_plan(
    watched: Watched, document: str, caplog: pytest.LogCaptureFixture
) -> None:
    add_revision(watched.path, plan())
    watched.watch.poll()
    add_revision(watched.path, plan(revision=2), document)
    watched.watch.poll()
    watched.watch.poll()
    assert watched.names() == [("house.example", 1)]
    assert len(caplog.records) == 1


def test_a_document_of_another_site_is_refused(watched: Watched) -> None:
    from dialplan.document import dumps

    add_revision(watched.path, plan("a.example"), dumps(plan("b.example")))
    watched.watch.poll()
    assert watched.names() == []


def test_a_missing_database_raises_and_changes_nothing(watched: Watched) -> None:
    add_revision(watched.path, plan())
    watched.watch.poll()
    for path in watched.directory.glob("admin.db*"):
        path.rename(path.with_suffix(".away" + path.suffix))
    with pytest.raises(SQLAlchemyError):
        watched.watch.poll()
    assert watched.gone == []


def test_a_database_that_lost_everything_takes_no_site_away(watched: Watched) -> None:
    add_revision(watched.path, plan())
    watched.watch.poll()
    change(watched.path, "DELETE FROM plan_revision")
    watched.watch.poll()
    assert watched.gone == []


def test_one_removed_site_is_gone_and_its_copy_too(watched: Watched) -> None:
    add_revision(watched.path, plan("a.example"))
    add_revision(watched.path, plan("b.example"))
    watched.watch.poll()
    change(watched.path, "DELETE FROM plan_revision WHERE site = 'a.example'")
    watched.watch.poll()
    assert watched.gone == ["a.example"]
    again = Watched(watched.directory)
    again.watch.recall()
    assert again.names() == [("b.example", 1)]


def test_the_copy_of_the_newest_plan_is_recalled_and_compared_later(watched: Watched) -> None:
    add_revision(watched.path, plan(revision=4))
    watched.watch.poll()
    again = Watched(watched.directory)
    again.watch.recall()
    again.watch.poll()
    assert again.names() == [("house.example", 4)]
    add_revision(watched.path, plan(revision=5))
    again.watch.poll()
    assert again.names()[1:] == [("house.example", 5)]


def test_a_restored_backup_with_the_same_number_but_other_content_runs(watched: Watched) -> None:
    add_revision(watched.path, plan(revision=2, name="Ola"))
    watched.watch.poll()
    change(watched.path, "DELETE FROM plan_revision")
    add_revision(watched.path, plan(revision=2, name="Nora"))
    watched.watch.poll()
    assert [person.name for person in watched.plans[-1].directory.people] == ["Nora"]
