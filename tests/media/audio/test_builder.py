"""The builder's process, from its start to its end."""

from __future__ import annotations

from pathlib import Path

from media.audio.builder import Builder
from media.audio.prompts import Prompts

SHIPPED = Path(__file__).parents[3] / "config" / "prompts"


async def test_it_builds_beside_us(tmp_path: Path) -> None:
    builder = Builder()
    await builder.start(str(SHIPPED), str(tmp_path))
    await builder.built()
    assert Prompts(str(tmp_path)).clip("nb/menu", "pcma") is not None
    await builder.stop()


async def test_it_can_be_ended_at_any_time(tmp_path: Path) -> None:
    builder = Builder()
    await builder.stop()
    await builder.start(str(SHIPPED), str(tmp_path))
    await builder.stop()
    assert not list(tmp_path.rglob("menu.pcma"))
