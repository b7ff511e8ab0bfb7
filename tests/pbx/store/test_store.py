"""The whole store with its threads: locked, missing and returning databases; no test sleeps."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from dialplan.plan import DialPlan
from migrations.lines import upgrade
from pbx.auth import Credential
from pbx.registrar.binding import StoredBinding
from pbx.store import engine as engines
from pbx.store import store as module
from pbx.store.engine import open_reader
from pbx.store.store import Store
from tests.pbx.store.rows import add_credential, add_revision, plan
from tests.support.databases import make_sqlite, postgresql

SECONDS = 20.0
KARI = StoredBinding("house.example", "kari-app", "k", "kari", "sip:kari@h", ("h", 1), ("h", 2), 300.0)


class Loop:
    """Stands in for the event loop: callbacks wait until the test's own thread runs them."""

    def __init__(self) -> None:
        self._posted: queue.Queue[Callable[[], object]] = queue.Queue()
        self.seen: list[tuple[str, object]] = []

    def post(self, callback: Callable[[], object]) -> None:
        self._posted.put(callback)

    def drain(self) -> None:
        while not self._posted.empty():
            self._posted.get()()

    def run_until(self, kind: str) -> object:
        while True:
            self._posted.get(timeout=SECONDS)()
            if self.seen and self.seen[-1][0] == kind:
                return self.seen[-1][1]

    def on_plan(self, plan: DialPlan) -> None:
        self.seen.append(("plan", (plan.site, plan.revision)))

    def on_gone(self, site: str) -> None:
        self.seen.append(("gone", site))

    def on_over(self, over: Sequence[Credential]) -> None:
        self.seen.append(("over", [(item.device, item.state) for item in over]))

    def nudged(self) -> None:
        self.seen.append(("nudged", None))


@contextmanager
def store_of(directory: Path, loop: Loop, urls: tuple[str, str] | None = None) -> Iterator[Store]:
    admin, pbx = urls or (f"sqlite:///{directory}/admin.db", f"sqlite:///{directory}/pbx.db")
    made = Store(
        admin_url=admin,
        pbx_url=pbx,
        copies=directory / "copies",
        post=loop.post,
        on_plan=loop.on_plan,
        on_plan_gone=loop.on_gone,
        on_over=loop.on_over,
    )
    try:
        yield made
    finally:
        assert made.stop(SECONDS)


def away(directory: Path, name: str) -> None:
    for path in directory.glob(f"{name}.db*"):
        path.rename(directory / f"away-{path.name}")


def back(directory: Path, name: str) -> None:
    for path in directory.glob(f"away-{name}.db*"):
        path.rename(directory / path.name.removeprefix("away-"))


def bindings_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM binding").fetchone()[0])


def wait_until_written(store: Store) -> None:
    """Wait for the writer by its own journal: `written` is called after the commit."""
    done = threading.Event()
    inner = store.bindings.written

    def written() -> None:
        inner()
        if store.bindings.waiting() == 0:
            done.set()

    store.bindings.written = written  # type: ignore[method-assign]
    store.bindings.put(KARI)
    assert done.wait(SECONDS)


def test_priming_hands_out_everything_before_the_threads_run(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    add_revision(tmp_path / "admin.db", plan())
    add_credential(tmp_path / "admin.db", 1)
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.prime()
        assert store.credentials.find("house.example", "kari-app") is None  # not before the loop turns
        loop.drain()
        assert loop.seen == [("plan", ("house.example", 1))]
        assert store.credentials.find("house.example", "kari-app") is not None
        assert store.status().reading


def test_a_nudge_brings_the_change_and_the_answer_after_it(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.prime()
        store.start()
        add_revision(tmp_path / "admin.db", plan(revision=2))
        store.nudge(loop.nudged)
        loop.run_until("nudged")
        assert ("plan", ("house.example", 2)) in loop.seen


def test_a_log_in_made_anew_ends_what_the_old_one_had(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    add_credential(tmp_path / "admin.db", 1)
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.prime()
        store.start()
        add_credential(tmp_path / "admin.db", 2, ha1="f" * 32)
        store.nudge(loop.nudged)
        loop.run_until("nudged")
        assert ("over", [("kari-app", "active")]) in loop.seen


def test_changes_are_found_without_a_nudge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "READ_SECONDS", 0.01)
    make_sqlite(tmp_path)
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.start()
        add_revision(tmp_path / "admin.db", plan())
        assert loop.run_until("plan") == ("house.example", 1)


def test_it_starts_from_copies_and_follows_the_database_when_it_is_back(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    add_revision(tmp_path / "admin.db", plan())
    add_credential(tmp_path / "admin.db", 1)
    with store_of(tmp_path, Loop()) as store:
        store.prime()
    away(tmp_path, "admin")
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.prime()
        loop.drain()
        assert ("plan", ("house.example", 1)) in loop.seen
        assert store.credentials.find("house.example", "kari-app") is not None
        assert not store.status().reading
        store.start()
        store.nudge(loop.nudged)
        loop.run_until("nudged")
        assert not store.status().reading
        back(tmp_path, "admin")
        add_revision(tmp_path / "admin.db", plan(revision=2))
        store.nudge(loop.nudged)
        loop.run_until("nudged")
        assert loop.seen[-2] == ("plan", ("house.example", 2))
        assert store.status().reading


def test_a_database_that_was_never_made_is_no_failure(tmp_path: Path) -> None:
    loop = Loop()
    with store_of(tmp_path, loop) as store:
        store.prime()
        assert store.restore() == []
        loop.drain()
        assert loop.seen == []
        assert not store.status().reading and not store.status().writing
    assert list(tmp_path.glob("*.db")) == []


def test_bindings_are_written_behind_and_restored(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    with store_of(tmp_path, Loop()) as store:
        store.start()
        wait_until_written(store)
        assert bindings_in(tmp_path / "pbx.db") == 1
    with store_of(tmp_path, Loop()) as store:
        assert [item.device for item in store.restore()] == ["kari-app"]


def test_who_was_revoked_meanwhile_is_not_restored(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    with store_of(tmp_path, Loop()) as store:
        store.start()
        wait_until_written(store)
    for seq, state in enumerate(("active", "revoked"), 1):
        add_credential(tmp_path / "admin.db", seq, state=state)
        loop = Loop()
        with store_of(tmp_path, loop) as store:
            store.prime()
            loop.drain()
            assert [item.device for item in store.restore()] == ["kari-app"] * (state == "active")


def test_a_binding_is_in_the_database_within_200_ms(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    with store_of(tmp_path, Loop()) as store:
        store.start()
        tries = []
        for _ in range(5):
            begin = time.monotonic()
            wait_until_written(store)
            tries.append(time.monotonic() - begin)
    assert min(tries) < 0.2, tries


def test_stopping_writes_what_waits(tmp_path: Path) -> None:
    make_sqlite(tmp_path)
    with store_of(tmp_path, Loop()) as store:
        store.start()
        store.bindings.put(KARI)
    assert bindings_in(tmp_path / "pbx.db") == 1


@pytest.mark.parametrize("trouble", ["locked", "missing"])
def test_a_database_in_trouble_delays_writing_and_loses_nothing(
    tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    make_sqlite(tmp_path)
    with store_of(tmp_path, Loop()) as store, closing(sqlite3.connect(tmp_path / "pbx.db")) as other:
        if trouble == "locked":
            other.execute("BEGIN EXCLUSIVE")
        else:
            away(tmp_path, "pbx")
        failed = threading.Event()
        inner = store.bindings.failed

        def note() -> None:
            inner()
            failed.set()

        monkeypatch.setattr(store.bindings, "failed", note)
        store.start()
        store.bindings.put(KARI)
        assert failed.wait(SECONDS)
        assert store.status().waiting >= 1
        if trouble == "locked":
            other.rollback()
        else:
            back(tmp_path, "pbx")
        wait_until_written(store)
        assert store.status().writing
        assert bindings_in(tmp_path / "pbx.db") == 1


def test_the_plan_tells_the_visit_log_the_type_of_its_site(tmp_path: Path) -> None:
    from tests.pbx.store.test_history import VISIT

    make_sqlite(tmp_path)
    add_revision(tmp_path / "admin.db", plan("office.example", kind="commercial"))
    add_revision(tmp_path / "admin.db", plan("house.example", kind="residential"))
    with store_of(tmp_path, Loop()) as store:
        store.prime()
        assert store.visits.append(VISIT)
        store.start()
    with closing(sqlite3.connect(tmp_path / "pbx.db")) as database:
        assert database.execute("SELECT site FROM visit").fetchall() == [("office.example",)]


def test_a_failure_is_logged_once_and_without_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.001)
    make_sqlite(tmp_path)
    away(tmp_path, "pbx")
    with store_of(tmp_path, Loop()) as store:
        turns = queue.Queue[None]()
        monkeypatch.setattr(store.visits, "failed", lambda: turns.put(None))
        store.start()
        store.bindings.put(KARI)
        for _ in range(5):
            turns.get(timeout=SECONDS)
    lines = [record.getMessage() for record in caplog.records if "PBX's database" in record.getMessage()]
    assert len(lines) == 1
    assert "kari" not in lines[0]


@pytest.mark.peer
def test_the_same_on_postgresql(tmp_path: Path) -> None:
    with postgresql() as url:
        upgrade("admin", url)
        upgrade("pbx", url)
        loop = Loop()
        with store_of(tmp_path, loop, (url, url)) as store:
            store.prime()
            store.visits.set_kind("office.example", "commercial")
            store.start()
            wait_until_written(store)
            assert [item.device for item in store.restore()] == ["kari-app"]
            assert store.status().reading and store.status().writing
        reader = open_reader(url)
        with reader.connect() as connection, pytest.raises(SQLAlchemyError, match="read-only"):
            connection.execute(text("DELETE FROM plan_revision"))
        reader.dispose()
