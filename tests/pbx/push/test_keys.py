"""The server's own key is made once, for its owner only."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pbx.push.keys import PRIVATE, PUBLIC, load_or_make, point_of


def test_made_once(tmp_path: Path) -> None:
    key = load_or_make(tmp_path / "keys")
    again = load_or_make(tmp_path / "keys")
    assert point_of(key) == point_of(again) == (tmp_path / "keys" / PUBLIC).read_text().strip()
    assert len(point_of(key)) == 87 and point_of(key).startswith("B")
    assert stat.S_IMODE((tmp_path / "keys" / PRIVATE).stat().st_mode) == 0o600


def test_rubbish_is_not_used(tmp_path: Path) -> None:
    (tmp_path / PRIVATE).write_text("no key")
    with pytest.raises(ValueError):
        load_or_make(tmp_path)
