"""The key is made once, shared, and for the owner only."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from webadmin.secret_key import secret_key


def test_it_is_made_once_and_read_ever_after(tmp_path: Path) -> None:
    path = tmp_path / "var" / "key"
    key = secret_key(path)
    assert len(key) >= 40
    assert secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["key"]


def test_workers_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret_key, [tmp_path / "key"] * 16))) == 1
