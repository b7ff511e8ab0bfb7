"""Who rings when, with real phones: order and times, declines, absence, late comers, races."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import pytest

from tests.scenarios.house import SITE, house

pytestmark = [pytest.mark.peer, pytest.mark.timeout(300)]


async def test_one_after_another_in_the_set_order_and_times(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", "ola-phone", "per-phone") as home:
        gate = home.tap("2")
        rang = [
            (await home[device].expect("incoming", seconds=25))["ns"]
            for device in ("ola-phone", "per-phone", "kari-phone")
        ]
        await home["ola-phone"].disconnected()
        home["kari-phone"].do("answer")
        await gate.confirmed()
        steps = [(later - earlier) / 1e9 for earlier, later in itertools.pairwise(rang)]
        assert steps == pytest.approx([5.0, 5.0], abs=1.0)


async def test_a_decline_in_a_sequence_rings_the_next_at_once(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone", "per-phone") as home:
        home.tap("2")
        await home["ola-phone"].expect("incoming")
        home["ola-phone"].do("refuse", code=603)
        await home["per-phone"].expect("incoming", seconds=4)


async def test_hidden_people_are_not_called(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", "nora-phone") as home:
        gate = home.tap("1")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await gate.confirmed()
        home["kari-phone"].do("hangup")
        await gate.disconnected()
        assert not home["nora-phone"].saw("incoming")


async def test_a_hidden_persons_own_button_looks_like_nobody_there(tmp_path: Path) -> None:
    async with house(tmp_path, "nora-phone") as home:
        assert (await home.tap("nora").disconnected())["code"] == 480
        assert not home["nora-phone"].saw("incoming")


async def test_busy_and_declining_look_to_the_visitor_like_no_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as home:
        await home.move_in("kari-phone", "--auto", "486")
        await home.move_in("kari-app", "--auto", "603")
        assert (await home.tap("kari").disconnected())["code"] == 480


async def test_one_declines_and_the_others_ring_on(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", "kari-app", "ola-phone") as home:
        gate = home.tap("1")
        for device in ("kari-phone", "kari-app", "ola-phone"):
            await home[device].expect("incoming")
        home["kari-phone"].do("refuse", code=603)
        await home["kari-app"].disconnected()
        home["ola-phone"].do("answer")
        await gate.confirmed()


@pytest.mark.slow
async def test_a_phone_that_never_answers_gives_way_to_the_fallback_and_the_limit(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone", "per-phone") as home:
        gate = home.tap("2")
        await home["ola-phone"].expect("incoming")
        await home["per-phone"].expect("incoming", seconds=20)
        first = len(home["per-phone"].log)
        await home["per-phone"].disconnected(seconds=20)
        await home["per-phone"].expect("incoming", seconds=20, after=first)
        assert (await gate.disconnected(seconds=60))["code"] == 480
        await home["per-phone"].expect("state", state="DISCONNECTED", after=first + 3)


async def test_two_that_answer_in_the_same_moment(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone") as home:
        await home.move_in("kari-phone", "--auto", "200")
        await home.move_in("kari-app", "--auto", "200")
        gate = home.tap("1")
        await gate.confirmed()
        await home["ola-phone"].disconnected()
        up = ("kari-phone", "kari-app")
        while sum(home[device].saw("state", state="DISCONNECTED") for device in up) == 0:
            await asyncio.sleep(0.05)
        winner = next(device for device in up if not home[device].saw("state", state="DISCONNECTED"))
        assert await gate.hears({"kari-phone": 700.0, "kari-app": 800.0}[winner])


async def test_a_device_that_appears_while_it_rings_joins(tmp_path: Path) -> None:
    async with house(tmp_path, "ola-phone") as home:
        gate = home.tap("1")
        await home["ola-phone"].expect("incoming")
        await home.move_in("kari-phone")
        await home["kari-phone"].expect("incoming", seconds=4)
        home["kari-phone"].do("answer")
        await gate.confirmed()
        await home["ola-phone"].disconnected()


async def test_the_visitor_gives_up(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone") as home:
        gate = home.tap("kari")
        await home["kari-phone"].expect("incoming")
        await gate.expect("state", state="EARLY")
        gate.do("hangup")
        await home["kari-phone"].disconnected()


async def test_hold_and_resume_reach_the_other_side(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone") as home:
        gate = home.tap("kari")
        await home["kari-phone"].expect("incoming")
        home["kari-phone"].do("answer")
        await gate.confirmed()
        assert await gate.hears(700)
        home["kari-phone"].do("hold")
        held = await gate.find(lambda e: "a=sendonly" in e.get("text", ""), 5.0, "re-INVITE with sendonly")
        assert held["text"].startswith("INVITE")
        assert not await gate.hears(700, seconds=2.0)
        home["kari-phone"].do("unhold")
        assert await gate.hears(700)
        assert await home["kari-phone"].hears(440)


async def test_residents_call_each_other(tmp_path: Path) -> None:
    async with house(tmp_path, "kari-phone", "ola-phone") as home:
        home["kari-phone"].do("call", to=f"sip:ola@{SITE}")
        await home["ola-phone"].expect("incoming")
        home["ola-phone"].do("refuse", code=486)
        assert (await home["kari-phone"].disconnected())["code"] == 486
