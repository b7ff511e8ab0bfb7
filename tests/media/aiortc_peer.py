"""aiortc as a browser: somebody else's ICE, DTLS and SRTP against ours."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aioice.ice
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack, VideoStreamTrack


class AiortcPeer:
    """A peer connection that counts what it hears and sees, packet by packet."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection()
        self.frames: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self.connection.on("track", self._track)

    def _track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(self._count(track)))

    async def _count(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                await track.recv()
            except MediaStreamError:
                return
            self.frames[track.kind] += 1

    async def answer(self, offer: bytes, *, video: bool = False) -> bytes:
        """Take an offer; the answer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(offer.decode(), "offer"))
        self.connection.addTrack(AudioStreamTrack())
        if video:
            self.connection.addTrack(VideoStreamTrack())
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp.encode()

    async def offer(self) -> bytes:
        """An offer of sound and picture."""
        self.connection.addTrack(AudioStreamTrack())
        self.connection.addTrack(VideoStreamTrack())
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp.encode()

    async def accept(self, answer: bytes) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.decode(), "answer"))

    async def came(self, kind: str) -> int:
        """RTP packets of a kind that arrived."""
        report = await self.connection.getStats()
        return sum(
            one.packetsReceived for one in report.values() if one.type == "inbound-rtp" and one.kind == kind
        )

    async def close(self) -> None:
        await self.connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def aiortc_peer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AiortcPeer]:
    """A peer on loopback, which aioice would leave out."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    one = AiortcPeer()
    try:
        yield one
    finally:
        await one.close()
