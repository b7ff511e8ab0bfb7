"""Events and wrong codes outlive the agent; what the PBX has taken does not come again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from intercom.memory import Memory, own_token
from intercom.settings import Documents, Settings, SettingsError, load


def settings(tmp_path: Path, more: str = "") -> Settings:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("secret")
    file = tmp_path / "intercom.toml"
    file.write_text(
        f'state_directory = "{tmp_path}/state"\n'
        '[server]\nsite = "house.example"\naddress = "127.0.0.1:5060"\n'
        f'[account]\nusername = "gate"\nsecret_file = "{secret}"\n'
        f'[inputs.lid]\npin = 5\nkind = "tamper"\n{more}'
    )
    return load(file)


class Life:
    """One life of an agent's memory."""

    def __init__(self, made: Settings) -> None:
        self._work: list[asyncio.Task[None]] = []
        self.memory = Memory(made, spawn=self._spawn, touch=lambda: None, hold=lambda held: None)
        self.reporter, self.wrong = self.memory.open("run")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._work.append(asyncio.get_running_loop().create_task(work))

    async def settle(self) -> None:
        while self._work:
            await self._work.pop(0)

    def told(self, now: float) -> list[tuple[str, int]]:
        self.reporter.line(True, now)
        body = self.reporter.report(now)
        assert body is not None
        return [(each["name"], each.get("n", 0)) for each in json.loads(body)["inputs"]]


async def test_what_was_not_taken_is_told_by_the_next(tmp_path: Path) -> None:
    life = Life(settings(tmp_path))
    life.reporter.learn("lid", True)
    life.reporter.opened("front")
    life.memory.remember_wrong(3)
    await life.settle()
    assert life.told(0.0) == [("lid", 1), ("front", 2), ("lid", 0)]
    life.memory.close()

    life = Life(settings(tmp_path))  # the answer never came
    assert life.wrong == 3
    life.reporter.learn("lid", True)  # as it was: nothing new
    await life.settle()
    assert life.told(0.0) == [("lid", 1), ("front", 2), ("lid", 0)]
    life.memory.told(life.reporter.answered(True, 0.1))
    await life.settle()
    life.memory.close()

    life = Life(settings(tmp_path))
    life.reporter.opened("front")
    await life.settle()
    assert life.told(0.0) == [("front", 3), ("lid", 0)]
    life.memory.close()


async def test_lockdowns_outlive_a_power_cut(tmp_path: Path) -> None:
    life = Life(settings(tmp_path))
    assert life.memory.locked_before() == {}
    assert life.memory.locked(b'{"doors": {"gate": 1000.5}}') == {"gate": 1000.5}
    for wrong in (b"", b"[]", b'{"doors": 1}', b'{"doors": {"gate": "x"}}', b" " * 9000):
        assert life.memory.locked(wrong) is None
    await life.settle()
    life.memory.close()
    life = Life(settings(tmp_path))
    assert life.memory.locked_before() == {"gate": 1000.5}
    life.memory.close()


async def test_doors_have_names_once_there_is_a_directory(tmp_path: Path) -> None:
    life = Life(settings(tmp_path))
    assert await life.memory.newest_directory() == "" and life.memory.door_name("gate") == "gate"
    await life.memory._fetched("directory", '{"doors": [{"id": "gate", "name": "Gate"}]}')
    assert [life.memory.door_name(each) for each in ("gate", "flat")] == ["Gate", "flat"]
    for odd in ("[]", '{"doors": 5}', '{"doors": [{}]}'):
        await life.memory._fetched("directory", odd)
        assert life.memory.door_name("gate") == "gate"
    life.memory.close()


async def test_nothing_to_fetch(tmp_path: Path) -> None:
    life = Life(settings(tmp_path))
    assert life.memory.fetching() is None
    life.memory.nudge()
    life.memory.close()


def test_wrong_settings_are_one_clear_line(tmp_path: Path) -> None:
    keyless = '[documents]\npasses = "https://x.example/p"\n'
    with pytest.raises(SettingsError, match="pass_key_file"):
        settings(tmp_path, keyless)
    with pytest.raises(SettingsError, match="https"):
        settings(tmp_path, '[documents]\ndirectory = "http://x.example/p"\n')
    made = settings(tmp_path, f'{keyless}pass_key_file = "{tmp_path}/none.pub"\n')
    with pytest.raises(SettingsError, match=r"none\.pub"):
        Memory(made, spawn=lambda work: None, touch=lambda: None, hold=lambda held: None)
    assert made.documents == Documents("", "https://x.example/p", tmp_path / "none.pub")
    assert own_token(made).startswith("house.example;gate;")
