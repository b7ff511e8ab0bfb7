"""Local copies: kept whole, for the owner only, and never a reason to fail."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pbx.store.copies import Copies


def test_plans_and_credentials_come_back(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "copies")
    copies.keep_plan("house.example", 3, "d", "{}")
    copies.keep_credentials([{"username": "kari"}])
    assert list(copies.plans()) == [{"site": "house.example", "revision": 3, "digest": "d", "document": "{}"}]
    assert copies.credentials() == [{"username": "kari"}]
    copies.forget_plan("house.example")
    assert list(copies.plans()) == []


def test_files_are_for_the_owner_only_and_nothing_unfinished_stays(tmp_path: Path) -> None:
    Copies(tmp_path / "copies").keep_credentials([])
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["credentials.json"]
    assert stat.S_IMODE((tmp_path / "copies" / "credentials.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"17", b'{"site": "x"}'])
def test_a_broken_copy_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "house.example.plan.json").write_bytes(content)
    (tmp_path / "credentials.json").write_bytes(content)
    assert list(Copies(tmp_path).plans()) == []
    assert Copies(tmp_path).credentials() == []


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    copies = Copies(tmp_path / "file" / "copies")
    copies.keep_plan("house.example", 1, "d", "{}")
    assert list(copies.plans()) == []


def test_a_name_that_is_no_domain_makes_no_file(tmp_path: Path) -> None:
    Copies(tmp_path).keep_plan("../evil", 1, "d", "{}")
    assert list(tmp_path.iterdir()) == []
