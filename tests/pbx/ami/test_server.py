from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from pbx.ami.server import AmiLimits
from pbx.certificates import load_or_make
from pbx.facts import CallStarted, DoorOpened
from pbx.transport.tls import server_context
from tests.support.ami import HOUSE, OFFICE, Operator, ami_house, operator

CALL = CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Nordmann", "d-panel")
WRONG = ("Action: Login", "Username: op", "Secret: wrong")


@pytest.mark.uvloop
async def test_it_runs_on_uvloop(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        house.facts.publish(CALL)
        await client.event("Newchannel")
        await house.server.listen_console(tmp_path / "c.sock")
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "c.sock"))
        console = Operator(reader, writer)
        await console.banner()
        assert (await console.ask("Action: Ping"))["Ping"] == ["Pong"]
        writer.close()


async def test_login_events_and_logoff(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port) as client:
        assert await client.banner() == "Asterisk Call Manager/11.0.0"
        assert (await client.ask("Action: Login", *house.login))["Message"] == ["Authentication accepted"]
        assert (await client.event("FullyBooted"))["Status"] == ["Fully Booted"]
        house.facts.publish(CALL)
        assert (await client.event("Newchannel"))["Channel"] == ["PJSIP/panel-1-00000001"]
        house.facts.publish(DoorOpened(HOUSE, "gate-door", "app", None))
        assert (await client.event("UserEvent"))["UserEvent"] == ["DoorOpened"]
        assert (await client.ask("Action: Logoff"))["Response"] == ["Goodbye"]
        assert await client.closed() == b""


async def test_a_reload_is_answered_when_done_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        client.send("Action: Reload", "ActionID: r")
        client.send("Action: Ping", "ActionID: p")
        await client.event("FullyBooted")
        answers = [await client.message(), await client.message()]
        assert {answer["ActionID"][0] for answer in answers} == {"r", "p"}
        assert house.control.reloaded == [None]


async def test_a_wrong_secret_is_answered_late_and_ends_it(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port) as client:
        await client.banner()
        assert (await client.ask(*WRONG))["Message"] == ["Authentication failed"]
        await client.closed()
        assert house.server.stats()["failed_logins"] == 1


async def test_limits_per_source_and_in_all(tmp_path: Path) -> None:
    async with ami_house(tmp_path, AmiLimits(sessions=3, sessions_per_source=2)) as house:
        async with operator(house.host, house.port, *house.login):
            async with operator(house.host, house.port, *house.login):
                async with operator(house.host, house.port) as third:
                    assert await third.closed() == b""
                assert house.server.stats()["refused"] == 1
        async with asyncio.timeout(20):
            while house.server.stats()["sessions"]:
                await asyncio.sleep(0.01)
        async with operator(house.host, house.port, *house.login):
            pass


async def test_a_source_that_fails_too_often_is_not_heard(tmp_path: Path) -> None:
    async with ami_house(tmp_path, AmiLimits(failures=2, ban_seconds=60)) as house:
        for _ in range(2):
            house.server.login_failed("192.0.2.1")
            house.server.login_failed("127.0.0.1")
        assert house.server._banned("192.0.2.1")
        assert not house.server._banned("127.0.0.1")
        house.clock.now += 61
        assert not house.server._banned("192.0.2.1")
        house.server.login_failed("192.0.2.1")
        assert not house.server._banned("192.0.2.1")


async def test_the_console_needs_no_login(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house:
        path = tmp_path / "console.sock"
        await house.server.listen_console(path)
        assert path.stat().st_mode & 0o777 == 0o600
        reader, writer = await asyncio.open_unix_connection(str(path))
        client = Operator(reader, writer)
        await client.banner()
        house.facts.publish(CALL)
        assert (await client.ask("Action: Command", "Command: doorline calls"))["Output"] == [
            f"c1  {OFFICE}  ringing  0 s  PJSIP/panel-1-00000001"
        ]
        writer.close()
        await writer.wait_closed()


async def test_a_closed_server_says_so_and_hears_no_more_facts(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house, operator(house.host, house.port, *house.login) as client:
        await client.event("FullyBooted")
        await house.server.close()
        assert await client.closed() == b""
        house.facts.publish(CALL)
        assert house.server.stats()["channels"] == 0


async def test_a_taken_port_is_an_error(tmp_path: Path) -> None:
    async with ami_house(tmp_path) as house:
        with pytest.raises(OSError, match="address already in use"):
            await house.server.listen(house.host, house.port)


async def test_by_tls_with_the_servers_certificate(tmp_path: Path) -> None:
    made = load_or_make(tmp_path / "tls", ["127.0.0.1"])
    async with ami_house(tmp_path) as house:
        host, port = await house.server.listen(
            "127.0.0.1", 0, server_context(made.certificate, made.key)
        )
        trusting = ssl.create_default_context(cafile=str(made.authority))
        async with operator(host, port, *house.login, tls=trusting) as client:
            await client.event("FullyBooted")
            assert (await client.ask("Action: Ping"))["Ping"] == ["Pong"]
        with pytest.raises(ssl.SSLError):
            async with operator(host, port, tls=ssl.create_default_context()):
                pass
