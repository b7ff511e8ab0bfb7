"""Two pages in Chromium, a panel and a resident's app: the whole story, also where only TCP gets through.

The resident sees who rings before answering, talks, opens the door by either kind of digit, and insists on
showing its own camera: no picture of it ever reaches the panel (P3).
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.browser import Browser, browsers, origin_of
from tests.support.ports import free_port
from tests.support.system import ROOT, Program, System, system

pytestmark = [pytest.mark.peer, pytest.mark.timeout(400)]

SITE = "watch.example"
WATCH = ROOT / "tests/data/sites/watch.toml"
AT_THE_DOOR, AT_HOME = 440.0, 700.0


@asynccontextmanager
async def porch_and_kari(scratch: Path) -> AsyncIterator[tuple[System, Browser, Browser]]:
    """The house, a page as its panel and a page as Kari's app, both registered."""
    port = free_port()
    origins = json.dumps([origin_of(port)])
    async with (
        system(scratch, WATCH, HTTP__PUBLIC_ORIGINS=origins) as doorline,
        browsers(scratch, "porch", "kari-app", port=port) as (porch, kari),
    ):
        await porch.sign_in(doorline, SITE, "porch", hertz=AT_THE_DOOR)
        await kari.sign_in(doorline, SITE, "kari-app", hertz=AT_HOME)
        yield doorline, porch, kari


async def visit(porch: Browser, kari: Browser, *, tcp: bool = False) -> int:
    """The visitor rings, Kari looks and then answers; where the panel's log was before."""
    after, before = len(porch.log), len(kari.log)
    porch.do("call", target=f"sip:kari@{SITE}")
    offer = (await kari.rings(before))["body"]
    assert re.search(r"^m=video .*(?:\r?\n[^m].*)*\r?\na=sendonly", offer, re.MULTILINE)
    await kari.sees_who_rings(tcp=tcp)
    assert await kari.shows(5)
    assert not any(event["event"] == "confirmed" for event in porch.log[after:])
    kari.do("answer", tcp=tcp, video=not tcp, hostile=not tcp)
    for page, begin in ((porch, after), (kari, before)):
        await page.expect("confirmed", seconds=20, after=begin)
        await page.expect("connection", seconds=20, after=begin, state="connected")
    return after


async def both_are_there(porch: Browser, kari: Browser) -> None:
    """Sound both ways, the picture one way."""
    assert await kari.sees(20)
    assert await kari.hears_tone(AT_THE_DOOR)
    assert await porch.hears_tone(AT_HOME)


async def door_opens(resident: Browser, agent: Program) -> None:
    """The resident's 5 opens, by either way."""
    for way in ("info", "rfc4733"):
        before = len(agent.lines)
        resident.do("digit", digit="5", way=way)
        edge = await agent.says(r"edge relay=(\w+) on=1", after=before, seconds=20)
        assert edge[1] == "front", way
        await agent.says(r"edge relay=(\w+) on=0", after=before, seconds=20)


async def insists_on_being_seen(porch: Browser, kari: Browser) -> None:
    """Kari's page offers its camera in the talk: it is taken for sound, and refused for the picture."""
    after = len(kari.log)
    kari.do("insist")
    await kari.expect("renewed", seconds=20, after=after)
    answers = [e["sdp"] for e in kari.log[after:] if e["event"] == "sdp" and e["originator"] == "remote"]
    assert re.search(r"^m=video .*(?:\r?\n[^m].*)*\r?\na=sendonly", answers[-1], re.MULTILINE)
    told = [e["sdp"] for e in porch.log if e["event"] == "sdp" and e["originator"] == "remote"]
    for video in re.findall(r"^m=video .*(?:\r?\n(?!m=).*)*", "\n".join(told), re.MULTILINE):
        assert re.search(r"^m=video 0|^a=recvonly|^a=inactive", video, re.MULTILINE), video


async def test_two_pages_complete_the_story_also_by_tcp_alone(tmp_path: Path) -> None:
    async with porch_and_kari(tmp_path) as (doorline, porch, kari):
        agent = await doorline.start_agent(SITE, "controller", ["front"])
        await visit(porch, kari)
        await both_are_there(porch, kari)
        assert (await kari.stats())["protocol"] == "udp"
        await insists_on_being_seen(porch, kari)
        await both_are_there(porch, kari)
        await door_opens(kari, agent)
        assert (await porch.stats())["videoIn"] == 0, "the visitor never sees the resident"
        kari.do("hangup")
        await porch.expect("ended", seconds=20)

        after = await visit(porch, kari, tcp=True)
        await both_are_there(porch, kari)
        assert (await kari.stats())["protocol"] == "tcp"
        assert (await porch.stats())["videoIn"] == 0
        porch.do("hangup")
        await kari.expect("ended", seconds=20, after=after)
