"""A backup taken under load brings the server back on an empty machine (issue 4, Done when 6)."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, House, house
from tests.support.phones import Phone

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]

REVISION = rf"{SITE} runs revision (\d+)"
PHONES = ("kari-phone", "ola-phone", "per-phone")


async def renewed(one: Phone, stop: asyncio.Event) -> int:
    """Register again and again until told to stop; how often."""
    times = 0
    while not stop.is_set():
        after = len(one.log)
        one.do("renew")
        await one.expect("registration", code=200, after=after)
        times += 1
    return times


async def talk(home: House) -> None:
    """The visitor rings everybody, and Kari answers."""
    marks = {device: len(one.log) for device, one in home.phones.items()}
    gate = home.tap("1")
    for device in PHONES:
        await home[device].expect("incoming", after=marks[device])
    home["kari-phone"].do("answer")
    await gate.expect("state", state="CONFIRMED", after=marks["gate"])


def registrations_of(one: Phone) -> int:
    """How often a phone has registered."""
    return sum(event["event"] == "registration" for event in one.log)


async def lose_everything(home: House, new: Path) -> None:
    """The machine dies; from now on our programs run with an empty directory."""
    pbx = home.doorline.pbx
    assert pbx is not None
    pbx.process.send_signal(signal.SIGKILL)
    await pbx.process.wait()
    home.doorline.environment |= {
        "DOORLINE_DATABASE__ADMIN_URL": f"sqlite:///{new}/admin.db",
        "DOORLINE_DATABASE__PBX_URL": f"sqlite:///{new}/pbx.db",
        "DOORLINE_PATHS__VAR": str(new),
    }


async def test_a_backup_under_load_brings_the_house_back(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar.gz"
    old.mkdir()
    async with house(old, *PHONES) as home:
        doorline, stop = home.doorline, asyncio.Event()
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        assert doorline.pbx is not None
        before = await doorline.pbx.says(REVISION)
        await talk(home)
        async with asyncio.TaskGroup() as group:
            load = [group.create_task(renewed(home[device], stop)) for device in PHONES[1:]]
            await doorline.command("-m", "pbx.console", "backup", str(file))
            stop.set()
        assert min(task.result() for task in load) > 1
        assert await home["gate"].hears(700)
        home["kari-phone"].do("hangup")
        await home["gate"].disconnected()
        await lose_everything(home, new)
        said = await doorline.command("-m", "pbx.console", "restore", str(file))
        assert said.startswith("restored what was backed up at")
        registrations = {name: registrations_of(one) for name, one in home.phones.items()}
        assert not agent.said("edge relay=front on=1")
        pbx = await doorline.start_pbx()
        assert (await pbx.says(REVISION))[1] == before[1]
        await talk(home)
        assert {name: registrations_of(one) for name, one in home.phones.items()} == registrations
        home["kari-phone"].do("dtmf", digits="5")
        await agent.says("edge relay=front on=1")
