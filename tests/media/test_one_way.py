"""P3: whatever is described and whoever is shown, no picture leaves towards a panel. Packets are counted."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media import rtp
from media.errors import SdpError
from media.session import Session
from tests.media import offers
from tests.media.calls import running
from tests.media.loopback import Phone
from tests.media.test_session import session

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive", "")
HARMLESS = {"a=recvonly", "a=inactive"}

pictures = st.tuples(
    st.sampled_from(DIRECTIONS),
    st.sampled_from((0, 4002, 4004, 9)),
    st.sampled_from(("RTP/AVP", "RTP/AVPF")),
    st.sampled_from(("97", "97 98", "98 97")),
)


def described(directions: list[tuple[str, int, str, str]], whole: str) -> bytes:
    """A description with any number of pictures, and a direction for all of them."""
    lines = [f"a={whole}"] if whole else []
    lines.append("m=audio 4000 RTP/AVP 0")
    for direction, port, protocol, tokens in directions:
        lines += [f"m=video {port} {protocol} {tokens}", "a=rtpmap:97 H264/90000", "a=rtpmap:98 VP8/90000"]
        lines += [f"a={direction}"] if direction else []
    return offers.sdp(*lines)


def one_way(said: bytes) -> None:
    """Every picture in what a panel is told is recvonly, inactive, or refused."""
    for part in said.decode().split("m=")[1:]:
        lines = part.splitlines()
        if not lines[0].startswith("video") or lines[0].split()[1] == "0":
            continue
        assert HARMLESS & set(lines), part


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(pictures, max_size=4), st.sampled_from(DIRECTIONS), st.lists(pictures, max_size=3))
def test_whatever_a_panel_and_a_resident_describe(
    panel: list[tuple[str, int, str, str]], whole: str, resident: list[tuple[str, int, str, str]]
) -> None:
    one, worker = session(pairs=20)
    one.receive_offer("a", described(panel, whole), source="127.0.0.1", role="panel")
    with suppress(SdpError):
        one_way(one.answer("a"))
        one.film("a")
        _shown_to_everybody(one, described(resident, ""))
        one_way(one.answer("a", like="b"))
        one_way(one.offer("a", like="b"))
        one.receive_offer("b", described(resident, ""))
        one_way(one.offer("a", like="b"))
    panels = {port for port in one._legs["a"].ports.values()} - {one._legs["a"].ports.get("audio")}
    shown = [order for order in worker.orders if order[0] in ("join", "view", "replay")]
    towards = [order for order in shown if order[2] in panels]
    assert all(not order[3] for order in towards), towards


def _shown_to_everybody(one: Session, answer: bytes) -> None:
    one.offer("b", like="a", toward="127.0.0.1")
    one.receive_answer("b", answer, source="127.0.0.1")
    one.view("a", "b")
    one.view("b", "a")
    one.connect("a", "b")


@pytest.mark.parametrize("early", [False, True])
async def test_no_packet_of_a_picture_reaches_the_panel(early: bool) -> None:
    async with running(0) as (engine, _):
        one, (panel, camera, phone, screen) = engine.open("c"), (Phone() for _ in range(4))
        one.receive_offer(
            "a", offers.video_phone(panel.port, camera.port), source="127.0.0.1", role="panel"
        )
        told = one.answer("a")
        one.film("a")
        to_b = one.offer("b", like="a", toward="127.0.0.1")
        one.receive_answer("b", offers.video_phone(phone.port, screen.port), source="127.0.0.1")
        if early:
            one.view("a", "b")
        one.view("b", "a")
        one.connect("a", "b")
        seen: list[bytes] = []
        for number in range(200):
            for leg, at in ((camera, told), (screen, to_b)):
                leg.send(offers.port_of(at, "video"), rtp.build(97, number, 3000 * number, 7, b"\x65" * 50))
            await asyncio.sleep(0)
            seen += screen.received()
        await asyncio.sleep(0.05)
        seen += screen.received()
        assert len(seen) >= 195
        assert camera.received() == panel.received() == []
        one.close()
        for each in (panel, camera, phone, screen):
            each.close()
