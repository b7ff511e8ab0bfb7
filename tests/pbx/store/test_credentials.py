"""Log-ins arrive, change, are revoked; a database that lost them throws nobody out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pbx.auth import Credential
from pbx.store.copies import Copies
from pbx.store.credentials import CredentialBook, CredentialWatch
from pbx.store.engine import open_reader
from tests.pbx.store.rows import add_credential, change
from tests.support.databases import make_sqlite


class Watched:
    def __init__(self, directory: Path) -> None:
        self.path = directory / "admin.db"
        url = make_sqlite(directory)[0] if not self.path.exists() else f"sqlite:///{self.path}"
        self.news: list[list[tuple[str, str, int]]] = []
        self.over: list[str] = []
        self.book = CredentialBook()
        self.watch = CredentialWatch(open_reader(url), Copies(directory / "copies"), self._arrive)

    def _arrive(self, changed: list[Credential]) -> None:
        self.over = [item.device for item in self.book.take(changed)]
        self.news.append(sorted((item.device, item.state, item.seq) for item in changed))


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_new_and_changed_log_ins_are_handed_out_once(watched: Watched) -> None:
    watched.watch.poll()
    add_credential(watched.path, 1, "a")
    add_credential(watched.path, 2, "b")
    watched.watch.poll()
    watched.watch.poll()
    add_credential(watched.path, 3, "a", "revoked")
    watched.watch.poll()
    assert watched.news == [[("a", "active", 1), ("b", "active", 2)], [("a", "revoked", 3)]]


def test_what_is_revoked_or_has_a_new_secret_is_over_and_nothing_else(watched: Watched) -> None:
    for seq, device in enumerate(("a", "b", "c"), 1):
        add_credential(watched.path, seq, device)
    watched.watch.poll()
    assert watched.over == [], "new ones had nothing before"
    add_credential(watched.path, 4, "a", ha1="f" * 32)
    add_credential(watched.path, 5, "b", "revoked")
    add_credential(watched.path, 6, "c")  # a push subscription changes the number, too
    watched.watch.poll()
    assert sorted(watched.over) == ["a", "b"]


def test_the_book_finds_by_site_and_user_name(watched: Watched) -> None:
    add_credential(watched.path, 1, "a", ha1="f" * 32)
    watched.watch.poll()
    found = watched.book.find("house.example", "a")
    assert found is not None and found.ha1 == "f" * 32
    assert watched.book.find("other.example", "a") is None
    assert watched.book.find("house.example", "A") is None
    assert len(watched.book) == 1


def test_the_algorithm_is_the_sites_and_md5_for_strangers(watched: Watched) -> None:
    add_credential(watched.path, 1, "a")
    change(watched.path, "UPDATE credential SET algorithm = 'SHA-256'")
    watched.watch.poll()
    assert watched.book.algorithm("house.example") == "SHA-256"
    assert watched.book.algorithm("unknown.example") == "MD5"


def test_a_renamed_user_leaves_the_old_name_revoked(watched: Watched) -> None:
    add_credential(watched.path, 1, "a")
    watched.watch.poll()
    change(watched.path, "UPDATE credential SET username = 'new', seq = 2")
    watched.watch.poll()
    old, new = (watched.book.find("house.example", name) for name in ("a", "new"))
    assert old is not None and old.state == "revoked"
    assert new is not None and new.state == "active"


def test_a_restored_backup_is_read_whole_and_what_it_lacks_is_revoked(watched: Watched) -> None:
    add_credential(watched.path, 5, "a")
    add_credential(watched.path, 6, "b")
    watched.watch.poll()
    change(watched.path, "DELETE FROM credential WHERE device = 'b'")
    change(watched.path, "UPDATE credential SET seq = 3")
    watched.watch.poll()
    assert watched.news[1:] == [[("a", "active", 3), ("b", "revoked", 6)]]
    watched.watch.poll()
    assert len(watched.news) == 2


def test_an_empty_table_throws_nobody_out(watched: Watched) -> None:
    add_credential(watched.path, 1, "a")
    watched.watch.poll()
    change(watched.path, "DELETE FROM credential")
    watched.watch.poll()
    assert len(watched.news) == 1


def test_the_copy_is_recalled(watched: Watched, tmp_path: Path) -> None:
    add_credential(watched.path, 1, "a")
    watched.watch.poll()
    again = Watched(tmp_path)
    again.watch.recall()
    assert again.news == [[("a", "active", 1)]]
    again.watch.poll()
    assert len(again.news) == 1


def test_a_copy_of_another_version_is_passed_over(tmp_path: Path) -> None:
    Copies(tmp_path / "copies").keep_credentials([{"name": "x"}])
    again = Watched(tmp_path)
    again.watch.recall()
    assert again.news == []
