"""Telephones in a ring, by real trunks: a PJSIP telephone behind a peered carrier, and one that registers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from pbx.certificates import load_or_make
from tests.support.carrier_server import PASSWORD, REALM, USER, Carrier, carrier
from tests.support.phones import Phone, phone
from tests.support.ports import free_port
from tests.support.system import ROOT, System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

SITE = "story.example"
FILE = ROOT / "tests/data/sites/landlines.toml"


async def bring_trunks(doorline: System, *tables: str) -> None:
    """Make these the node's trunks; the PBX reads them by itself."""
    secret = doorline.var / "trunk.password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD)
    file = doorline.var / "trunks.toml"
    file.write_text("\n".join(tables).replace("SECRET", str(secret)))
    await doorline.command("-m", "webadmin", "trunks", str(file))


def peered(name: str, port: int) -> str:
    """A trunk that knows us by address."""
    place = f'host = "127.0.0.1"\nport = {port}\naddresses = ["127.0.0.1"]\noptions_seconds = 10\n'
    return f'[trunks.{name}]\nkind = "peered"\n{place}'


def registering(name: str, port: int) -> str:
    """A trunk that logs in."""
    account = f'username = "{USER}"\nrealm = "{REALM}"\npassword_file = "SECRET"\n'
    return f'[trunks.{name}]\nhost = "127.0.0.1"\nport = {port}\n{account}'


async def landline(one: Phone) -> None:
    """An account that logs in nowhere: whoever calls its address, calls it."""
    one.do("register", user="landline", domain="127.0.0.1", secret="x", server="127.0.0.1", expires=0)


async def move_in(doorline: System, gate: Phone, app: Phone) -> None:
    """Register the panel and the app."""
    for one, device in ((gate, "gate"), (app, "kari-app")):
        await one.register(device, SITE, doorline.secrets[SITE, device], doorline.server())


async def test_app_and_landline_mailbox_digits_and_the_second_trunk(tmp_path: Path) -> None:
    port = free_port("udp")
    async with (
        carrier(challenges=False) as first,
        system(tmp_path, FILE) as doorline,
        phone(tmp_path, "gate", tone=440) as gate,
        phone(tmp_path, "app", "--auto", "180", tone=700) as app,
        phone(tmp_path, "line", "--port", str(port), "--auto", "180", tone=900) as line,
    ):
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        await move_in(doorline, gate, app)
        await landline(line)
        await bring_trunks(doorline, peered("first", first.port), peered("second", port))
        assert doorline.pbx is not None
        for name in ("first", "second"):
            await doorline.pbx.says(f"trunk {name}: Reachable", seconds=30)

        first.mode = "503"  # the first carrier has no room: the second rings; its mailbox takes nothing
        gate.do("call", to=f"sip:kari@{SITE}")
        await app.expect("incoming")
        ringing = await line.expect("incoming")
        assert "To: <sip:+4722334455@" in ringing["text"]
        assert first.numbers == ["+4722334455"]
        line.do("answer")
        await line.confirmed()
        await asyncio.sleep(1.5)  # what does not happen can only be waited for
        assert not gate.saw("state", state="CONFIRMED")
        assert not app.saw("state", state="DISCONNECTED")
        line.do("dtmf", digits="5")
        await gate.confirmed()
        await agent.says(r"edge relay=front on=1")
        await app.disconnected()
        assert await gate.hears(900)
        assert await line.hears(440)
        line.do("hangup")
        await gate.disconnected()

        first.mode = "silent"  # and now it says nothing at all; hash refuses, and the app rings on
        marks = [len(each.log) for each in (gate, app, line)]
        gate.do("call", to=f"sip:kari@{SITE}")
        await app.expect("incoming", after=marks[1])
        await line.expect("incoming", after=marks[2], seconds=30)
        line.do("answer")
        await line.expect("state", state="CONFIRMED", after=marks[2])
        line.do("dtmf", digits="#")
        await line.expect("state", state="DISCONNECTED", after=marks[2])
        app.do("answer")
        await gate.expect("state", state="CONFIRMED", after=marks[0])
        app.do("hangup")
        await gate.expect("state", state="DISCONNECTED", after=marks[0])
        assert len(agent.said(r"edge relay=front on=1")) == 1


async def until_registered(doorline: System, one: Carrier) -> None:
    """The trunk has logged in and may be used."""
    await one.until(lambda: one.registers > 0, "a REGISTER with the right answer")
    assert doorline.pbx is not None
    await doorline.pbx.says("trunk carrier: Registered", seconds=30)


async def test_a_registering_trunk_its_limits_and_a_restart(tmp_path: Path) -> None:
    async with (
        carrier() as one,
        system(tmp_path, FILE) as doorline,
        phone(tmp_path, "gate", tone=440) as gate,
        phone(tmp_path, "app", "--auto", "180", tone=700) as app,
    ):
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        await move_in(doorline, gate, app)
        await bring_trunks(doorline, registering("carrier", one.port))
        await until_registered(doorline, one)

        gate.do("call", to=f"sip:olga@{SITE}")  # alone, a telephone wins by answering; 8 opens like 5
        await gate.confirmed()
        one.press("8")
        await agent.says(r"edge relay=front on=1")
        one.hang_up()
        await gate.disconnected()
        app.do("call", to=f"sip:112@{SITE}")
        refused = await app.disconnected()
        assert refused["code"] == 403
        assert one.numbers == ["+4799887766"]

        for _ in range(4):  # five begun minutes a day are the limit
            mark = len(gate.log)
            gate.do("call", to=f"sip:olga@{SITE}")
            await gate.expect("state", state="CONFIRMED", after=mark)
            one.hang_up()
            await gate.expect("state", state="DISCONNECTED", after=mark)
        assert len(one.numbers) == 5
        await refused_at(gate)
        assert await alarms(doorline) == ["1"]
        await refused_at(gate)
        assert await alarms(doorline) == ["1"]
        assert doorline.pbx is not None

        doorline.pbx.process.terminate()
        await doorline.pbx.process.wait()
        registers = one.registers
        await doorline.start_pbx()
        await one.until(lambda: one.registers > registers, "the registration after the restart")
        await doorline.pbx.says("trunk carrier: Registered", seconds=30)
        await refused_at(gate)
        assert len(one.numbers) == 5
        assert await alarms(doorline) == []  # it was told of before
        assert not [line for line in doorline.pbx.lines if re.search(PASSWORD, line)]


async def alarms(doorline: System) -> list[str]:
    """How often the limits of trunks were an alarm since the PBX began."""
    stats = await doorline.command("-m", "pbx.console", "stats")
    return re.findall(r"facts_alarms\{kind=trunk_limit\} (\d+)", stats)


async def test_a_peered_trunk_by_tls_has_its_name_checked_and_its_sound_protected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["127.0.0.1"]
    good, other = (load_or_make(tmp_path / name, names) for name in ("good", "other"))
    monkeypatch.setenv("SSL_CERT_FILE", str(good.authority))  # whom this machine trusts
    async with (
        carrier(challenges=False, certificate=good) as one,
        carrier(challenges=False, certificate=other) as impostor,
        system(tmp_path, FILE) as doorline,
        phone(tmp_path, "gate", tone=440) as gate,
    ):
        await gate.register("gate", SITE, doorline.secrets[SITE, "gate"], doorline.server())
        secure = 'transport = "tls"\nsrtp = true\n'
        tables = (peered("impostor", impostor.port) + secure, peered("good", one.port) + secure)
        await bring_trunks(doorline, *tables)
        assert doorline.pbx is not None
        await doorline.pbx.says("trunk good: Reachable", seconds=30)
        await doorline.pbx.says("trunk impostor: no connection", seconds=30)
        gate.do("call", to=f"sip:olga@{SITE}")
        await gate.confirmed()
        assert b"RTP/SAVP" in one.offers[0]
        assert b"a=crypto:" in one.offers[0]
        one.hang_up()
        await gate.disconnected()
        assert impostor.options == 0


async def refused_at(gate: Phone) -> None:
    """A visitor's call to the telephone ends at once: nobody may be called."""
    mark = len(gate.log)
    gate.do("call", to=f"sip:olga@{SITE}")
    ended = await gate.expect("state", state="DISCONNECTED", after=mark)
    assert ended["code"] == 480
