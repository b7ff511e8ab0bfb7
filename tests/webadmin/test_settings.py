"""WebAdmin's settings: one line per fault, the order of sources, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.layers import SettingsError
from webadmin.settings import Database, load


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own.toml"
    monkeypatch.setenv("DOORLINE_CONFIG", str(path))
    return path


def test_the_environment_beats_the_named_file_beats_the_defaults(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("[webadmin]\nport = 8111\nworkers = 3\n[sip]\nudp_port = 5999\n")
    monkeypatch.setenv("DOORLINE_WEBADMIN__PORT", "8222")
    found = load().webadmin
    assert (found.port, found.workers, found.host) == (8222, 3, "127.0.0.1")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[webadmin]\nport = 99999", "webadmin.port: "),
        ("[webadmin]\nprot = 8080", "webadmin.prot: "),
        ('[webadmin]\nhost = "0.0.0.0"', "webadmin.host: "),
        ('[webadmin]\nhost = "admin.example"', "webadmin.host: "),
        ('[webadmin]\npublic_url = "http://admin.example"', "webadmin.public_url: "),
        ('[database]\nadmin_url = "mysql://x/y"', "database.admin_url: "),
        ('[database]\nadmin_url = "no url"', "database.admin_url: "),
        ('[database]\nadmin_url = "sqlite://"', "database.admin_url: "),
        ("[webadmin", "configuration file: "),
    ],
)
def test_a_wrong_value_is_one_clear_line(file: Path, text: str, line: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_a_named_file_must_exist(file: Path) -> None:
    with pytest.raises(SettingsError, match="not a file"):
        load()


def test_keys_of_other_processes_are_not_ours_to_judge(file: Path) -> None:
    file.write_text("[ami]\nsessions = 7\nport = 5039\n[media]\nworkers = 2\n")
    assert load().ami.port == 5039


def test_postgresql_is_one_url() -> None:
    url = "postgresql://doorline@db.example/doorline"
    assert Database(admin_url=url, pbx_url=url).admin_url == url
