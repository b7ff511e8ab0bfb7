"""A browser looks at a ringing panel: aiortc receives only, joins late, and the panel answers no wish."""

from __future__ import annotations

import asyncio

import pytest
from aiortc import RTCSessionDescription

from tests.media import offers
from tests.media.aiortc_peer import aiortc_peer
from tests.media.calls import running
from tests.media.loopback import Phone
from tests.media.pictures import Camera

pytestmark = [pytest.mark.peer, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


async def test_it_gets_the_panel_s_picture_and_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(1) as (engine, _), aiortc_peer(monkeypatch) as peer:
        panel, screen, camera = Phone(), Phone(), Camera()
        session = engine.open("c")
        offer = offers.video_phone(panel.port, screen.port)
        session.receive_offer("a", offer, source="127.0.0.1", role="panel")
        told = session.answer("a")
        session.film("a")
        await asyncio.sleep(0.1)
        for packet in camera.key(40):   # long before anybody looks
            screen.send(offers.port_of(told, "video"), packet)
        browser = peer.connection
        browser.addTransceiver("video", direction="recvonly")
        await browser.setLocalDescription(await browser.createOffer())
        asked = browser.localDescription.sdp.encode()
        session.receive_offer("v", asked, source="127.0.0.1", role="viewer")
        answer = session.answer("v", like="a")
        session.view("a", "v")
        await browser.setRemoteDescription(RTCSessionDescription(answer.decode(), "answer"))
        came = 0
        async with asyncio.timeout(15):
            while came < 60:
                screen.send(offers.port_of(told, "video"), camera.frame()[0])
                await asyncio.sleep(0.02)
                came = await peer.came("video")
        assert panel.received() == screen.received() == []
        session.close()
        panel.close()
        screen.close()
