from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from config.layers import SettingsError
from pbx import console
from pbx.ami.accounts import AccountFile
from pbx.certificates import load_or_make
from pbx.facts import CallStarted
from pbx.settings import Database, Paths, Settings
from tests.support.ami import OFFICE, ami_house


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    urls = Database(admin_url=f"sqlite:///{tmp_path}/admin.db", pbx_url=f"sqlite:///{tmp_path}/pbx.db")
    monkeypatch.setattr(console, "load", lambda: Settings(paths=Paths(var=tmp_path), database=urls))
    return tmp_path


def test_an_account_shows_its_secret_once(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add = ["ami-account", "add", "fop", "--read", "call,user", "--write", "call", "--site", OFFICE]
    assert console.main([*add, "--permit", "192.0.2.0/24"]) == 0
    (account,) = AccountFile(var / "ami-accounts.json").all()
    assert account.secret in capsys.readouterr().out
    assert (account.read, account.write) == (("call", "user"), ("call",))
    assert console.main(["ami-account", "list"]) == 0
    listed = capsys.readouterr().out
    assert listed == f"fop  read call,user  write call  {OFFICE}  192.0.2.0/24\n"
    assert console.main(["ami-account", "remove", "fop"]) == 0
    assert AccountFile(var / "ami-accounts.json").all() == []


def test_faults_are_one_line(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["ami-account", "remove", "nobody"]) == 1
    assert capsys.readouterr().err == "doorline: there is no account nobody\n"
    assert console.main(["ami-account", "add", "x", "--read", "calls"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert console.main(["calls"]) == 1
    assert "does not answer" in capsys.readouterr().err


def test_an_account_for_a_program_of_ours(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = var / "webadmin-ami.secret"
    command = ["ami-account", "add", "webadmin", "--write", "system", "--secret-file", str(path)]
    assert console.main(command) == 0
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().out == ""
    assert console.main(command) == 0
    assert path.read_text() == first
    path.unlink()
    assert console.main(command) == 0
    (account,) = AccountFile(var / "ami-accounts.json").all()
    assert path.read_text() == account.secret + "\n" != first


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(console.main, arguments)


async def test_calls_and_ladders_of_a_running_pbx(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with ami_house(var) as house:
        await house.server.listen_console(var / "console.sock")
        house.facts.publish(CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Nordmann", "d-panel"))
        house.control.call_ids["c1"] = ("abc",)

        class Flow:
            transport, remote = "udp", ("192.0.2.1", 5060)

        head = b"INVITE sip:201@office.example SIP/2.0\r\nCall-ID: abc\r\nCSeq: 1 INVITE\r\n"
        house.ring.tap("in", Flow(), head + b"X: y\r\n" * 300 + b"\r\n", 1.0)
        assert await run("calls") == 0
        assert capsys.readouterr().out.startswith(f"c1  {OFFICE}  ringing")
        assert await run("call", "c1") == 0
        assert "INVITE sip:201@office.example" in capsys.readouterr().out
        assert await run("call", "c1", "--full") == 0
        assert capsys.readouterr().out.count("X: y") == 300
        assert await run("stats") == 0
        assert capsys.readouterr().out == "calls_active 1\n"


async def test_the_doctor(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run("doctor") == 1
    assert "FAIL  certificate" in capsys.readouterr().out
    load_or_make(var / "tls", ["localhost"])
    async with ami_house(var) as house:
        await house.server.listen_console(var / "console.sock")
        assert await run("doctor") == 0
        assert "ok    1 AMI accounts" in capsys.readouterr().out
        (var / "leaky.key").write_text("x")
        (var / "leaky.key").chmod(0o644)
        assert await run("doctor") == 1
        assert "leaky.key can be read by others" in capsys.readouterr().out


@pytest.mark.uvloop
async def test_a_socket_of_a_killed_pbx_is_replaced(var: Path) -> None:
    async with ami_house(var) as house:
        path = var / "console.sock"
        await house.server.listen_console(path)
        await house.server.listen_console(path)
        assert await run("calls") == 0


def test_wrong_settings_are_told(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Settings:
        raise SettingsError("sip.udp_port: too big")

    monkeypatch.setattr(console, "load", broken)
    assert console.main(["calls"]) == 2


async def test_calls_and_registrations_live(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with ami_house(var) as house:
        await house.server.listen_console(var / "console.sock")
        house.facts.publish(CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Nordmann", "d-panel"))
        assert await run("watch", "--times", "2", "--seconds", "0") == 0
    said = capsys.readouterr().out
    assert said.count("c1  office.example  ringing") == 2
    assert "kari-phone/sip:kari@127.0.0.1:5062" in said


def test_backup_and_restore_say_why_not(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert console.main(["backup", str(var / "b")]) == 1
    assert "is not there" in capsys.readouterr().err
    (var / "b").write_bytes(b"rubbish")
    assert console.main(["restore", str(var / "b")]) == 1
    assert "not a whole backup" in capsys.readouterr().err
