from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from pbx.ami.accounts import AccountError, AccountFile


def add(path: Path, *, sites: Iterable[str] = (), permit: Iterable[str] = ()) -> AccountFile:
    file = AccountFile(path)
    file.add("kari", read=["call", "system"], write=["call"], sites=sites, permit=permit)
    return file


def test_there_is_no_account_by_default(tmp_path: Path) -> None:
    file = AccountFile(tmp_path / "ami-accounts.json")
    assert file.all() == []
    assert file.find("admin", "127.0.0.1") is None


def test_secrets_are_generated_and_the_file_is_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "ami-accounts.json"
    file = add(path)
    file.add("ola", read=[], write=[])
    assert path.stat().st_mode & 0o777 == 0o600
    assert len({account.secret for account in file.all()}) == 2
    assert all(len(account.secret) >= 32 for account in file.all())
    assert [entry.name for entry in path.parent.iterdir()] == ["ami-accounts.json"]


def test_another_process_sees_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    reader = AccountFile(path)
    assert reader.find("kari", "127.0.0.1") is None
    writer = add(path, sites=["office.example"])
    found = reader.find("kari", "127.0.0.1")
    assert found is not None
    assert found.sees("office.example")
    assert not found.sees("house.example")
    writer.remove("kari")
    assert reader.find("kari", "127.0.0.1") is None


def test_no_sites_means_all(tmp_path: Path) -> None:
    found = add(tmp_path / "a.json").find("kari", "127.0.0.1")
    assert found is not None
    assert found.sees("any.example")


@pytest.mark.parametrize(
    ("permit", "source", "good"),
    [
        ([], "127.0.0.1", True),
        ([], "::1", True),
        ([], "::ffff:127.0.0.1", True),
        ([], "192.0.2.1", False),
        (["192.0.2.0/24"], "192.0.2.7", True),
        (["192.0.2.9/24"], "192.0.2.7", True),
        (["192.0.2.0/24"], "127.0.0.1", False),
        (["192.0.2.0/24"], "2001:db8::1", False),
        ([], "not an address", False),
    ],
)
def test_source_addresses(tmp_path: Path, permit: list[str], source: str, good: bool) -> None:
    assert (add(tmp_path / "a.json", permit=permit).find("kari", source) is not None) is good


def test_all_means_every_class(tmp_path: Path) -> None:
    account = AccountFile(tmp_path / "a.json").add("fop", read=["all"], write=["All"])
    assert "security" in account.read
    assert "originate" in account.write


def test_what_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    file = add(tmp_path / "a.json")
    with pytest.raises(AccountError, match="exists already"):
        file.add("kari", read=[], write=[])
    with pytest.raises(AccountError, match="not a name"):
        file.add("a\r\nb", read=[], write=[])
    with pytest.raises(AccountError, match="not a class"):
        file.add("ola", read=["calls"], write=[])
    with pytest.raises(AccountError, match="not a network"):
        file.add("ola", read=[], write=[], permit=["localhost"])
    with pytest.raises(AccountError, match="no account ola"):
        file.remove("ola")


def test_an_account_may_get_a_new_secret(tmp_path: Path) -> None:
    file = add(tmp_path / "a.json")
    old = file.all()[0].secret
    assert file.add("kari", read=[], write=[], replace=True).secret != old


BROKEN = ["", "[]", "{}", '{"version": 2, "accounts": {}}', '{"version": 1, "accounts": 5}']


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_lets_nobody_in(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    path.chmod(0o600)
    file = AccountFile(path)
    with pytest.raises(AccountError):
        file.all()
    assert file.find("kari", "127.0.0.1") is None


def test_a_file_that_others_can_read_lets_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    add(path)
    path.chmod(0o644)
    assert AccountFile(path).find("kari", "127.0.0.1") is None


def test_an_account_without_secret_is_no_account(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    add(path)
    document = json.loads(path.read_text())
    document["accounts"]["kari"]["secret"] = ""
    path.write_text(json.dumps(document))
    os.utime(path)
    assert AccountFile(path).find("kari", "127.0.0.1") is None
