"""A third-party panel opens its own door: the server presses the panel's digits on its leg."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.scenarios.house import House
from tests.support.system import ROOT, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(120)]

FILE = ROOT / "tests/data/sites/panel-digit.toml"


async def test_five_by_the_resident_reaches_the_panel_as_its_own_digits(tmp_path: Path) -> None:
    async with system(tmp_path, FILE) as doorline, AsyncExitStack() as stack:
        home = House(doorline, tmp_path, stack=stack)
        for device in ("gate", "kari-phone"):
            await home.move_in(device)
        gate = home.tap("kari")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await gate.confirmed()
        assert await gate.hears(700)
        home["kari-phone"].do("dtmf", digits="7")
        home["kari-phone"].do("dtmf", digits="5")
        await gate.expect("digit", digit="*")
        await gate.expect("digit", digit="1")
        pressed = [event["digit"] for event in gate.log if event["event"] == "digit"]
        assert pressed == ["*", "1"], "the resident's own keys must not reach a panel that opens by keys"
