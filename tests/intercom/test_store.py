"""What is called kept is there after any kill: in order, whole, and under numbers that never come back."""

from __future__ import annotations

import random
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from intercom.store import MOST_EVENTS, NAME, Keeper, Store, open_store
from tests.support.system import ROOT


def test_everything_comes_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    assert (store.fact("wrong"), store.document("passes"), store.inputs()) == ("", ("", ""), {})
    store.keep_fact("wrong", "3")
    store.keep_document("passes", "e1", "{}")
    first = store.add({"name": "lid"}, {"lid": True})
    second = store.add({"name": "gate"})
    epoch = store.epoch
    store.close()

    store = open_store(tmp_path / "state")
    assert (store.epoch, store.fact("wrong"), store.document("passes")) == (epoch, "3", ("e1", "{}"))
    assert store.inputs() == {"lid": True}
    assert store.events() == [(first, {"name": "lid"}), (second, {"name": "gate"})]
    store.told(second)
    store.close()

    store = open_store(tmp_path / "state")
    assert store.events() == []
    assert store.add({}) == second + 1  # a number that was told is never given again
    assert stat.S_IMODE((tmp_path / "state" / NAME).stat().st_mode) == 0o600
    assert store._file.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    store.close()


def test_the_oldest_go_first_when_there_are_too_many(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store._file.execute("INSERT INTO event (number, body) VALUES (1, '{}'), (?, '{}')", (MOST_EVENTS,))
    store.add({})
    assert [number for number, _ in store.events()] == [MOST_EVENTS, MOST_EVENTS + 1]
    store.close()


def test_an_event_is_kept_with_its_states_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(TypeError):
        store.add({"name": object()}, {"lid": True})
    assert (store.events(), store.inputs()) == ([], {})
    store.close()


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    store = open_store(tmp_path)
    assert store.events() == []
    assert (tmp_path / f"damaged-{NAME}").exists()
    store.close()


def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    store = Store(tmp_path)
    [pages] = store._file.execute("PRAGMA page_count").fetchone()
    store._file.execute(f"PRAGMA max_page_count = {pages}").close()
    with pytest.raises(sqlite3.OperationalError):
        store.add({"pad": "x" * 100_000})
    store._file.execute("PRAGMA max_page_count = 1000000").close()
    number = store.add({"pad": "y"})
    assert [each for each, _ in store.events()] == [number]
    store.close()


async def test_a_disk_that_fails_costs_durability_only(tmp_path: Path) -> None:
    keeper = Keeper(Store(tmp_path))
    assert await keeper.do(lambda: keeper.store.add({}), 0) == 1

    def fail() -> int:
        raise sqlite3.OperationalError("disk I/O error")

    assert await keeper.do(fail, 0) == 0
    keeper.close()


class Killed:
    """A store whose writer is killed again and again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.kept = self.told = 0

    def kill(self, seconds: float) -> None:
        """Write for so long, then SIGKILL; learn what was called kept."""
        command = (sys.executable, "-m", "tests.intercom.writing_child", str(self.directory))
        writer = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        first = writer.stdout.readline()
        try:
            writer.wait(seconds)
        except subprocess.TimeoutExpired:
            writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        lines = (first + rest).split(b"\n")[:-1]  # the last one may be cut
        numbers = [int(line) for line in lines]
        self.kept = max([self.kept, *numbers])
        self.told = max([self.told, *(-number for number in numbers)])

    def check(self) -> None:
        store = Store(self.directory)
        assert store.whole()
        numbers = [number for number, _ in store.events()]
        missing = set(range(self.told + 1, self.kept + 1)) - set(numbers)
        assert missing == set()
        assert len(set(numbers)) == len(numbers) and store.add({}) > self.kept
        store.close()


def killed(directory: Path, times: int, seed: int) -> None:
    chance, one = random.Random(seed), Killed(directory)
    for _ in range(times):
        one.kill(chance.uniform(0.0, 0.15))
        one.check()
    assert one.kept > times


@pytest.mark.peer
def test_killed_at_random_while_writing(tmp_path: Path) -> None:
    killed(tmp_path, 15, 1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_500_times_at_random_while_writing(tmp_path: Path) -> None:
    killed(tmp_path, 500, 2)
