"""Tables are read strictly; another file's values count where this one says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercom.table import SettingsError, Table, read


def test_values_over_values(tmp_path: Path) -> None:
    above = Table(Path("a"), "", {"server": {"site": "x"}, "name": "a"})
    below = Table(Path("b"), "", {"server": {"site": "y", "port": 5060}, "other": 1})
    both = above.over(below)
    server = both.table("server")
    assert (server.text("site"), server.integer("port", 1, 65535)) == ("x", 5060)
    assert (both.text("name"), both.number("other", 0, 2)) == ("a", 1.0)
    both.done()


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[a]\nb = 1\n")
    for ask in (lambda table: table.text("b"), lambda table: table.integer("b", 2, 3), Table.done):
        with pytest.raises(SettingsError, match=r"x\.toml: a\.b"):
            ask(read(file).table("a"))
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path / "none.toml")
    file.write_text("= 1")
    with pytest.raises(SettingsError, match="not valid TOML"):
        read(file)
