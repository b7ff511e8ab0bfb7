"""The audio of one call as plain RTP (RFC 3550): sends our sound, counts what is heard; no picture is ever
shown here."""

from __future__ import annotations

import asyncio

from intercom.phone.sound import FRAME, SILENT, Sound
from media import rtp, sdp
from media.errors import SdpError

PCMA = 8
FRAME_SECONDS = 0.02

Address = tuple[str, int]


def describe(host: str, port: int, version: int) -> bytes:
    """Our session description: PCMA and telephone-event on one port (RFC 8866)."""
    family = "IP6" if ":" in host else "IP4"
    lines = (
        "v=0",
        f"o=- 1 {version} IN {family} {host}",
        "s=-",
        f"c=IN {family} {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {PCMA} 101",
        f"a=rtpmap:{PCMA} PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=ptime:20",
        "a=sendrecv",
    )
    return "".join(line + "\r\n" for line in lines).encode("ascii")


def where(description: bytes) -> Address | None:
    """Where the other side wants its audio; None if it takes none of ours. Raises SdpError."""
    found = sdp.parse(description)
    for media in found.media:
        if media.kind != "audio":
            continue
        connection = (media.first("c") or found.session.first("c") or "").split()
        if media.port == 0 or str(PCMA) not in media.formats or len(connection) != 3:
            return None
        return connection[2], media.port
    return None


class Audio(asyncio.DatagramProtocol):
    """One call's socket. Everything is heard from the answered address only (no stranger's sound at a
    door)."""

    def __init__(self, sound: Sound, ssrc: int) -> None:
        self._sound, self._ssrc = sound, ssrc
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._remote: Address | None = None
        self._next = 0.0
        self._version, self._live = 0, False
        self.sent = self.heard = 0

    @classmethod
    async def open(cls, host: str, sound: Sound, ssrc: int) -> Audio:
        """Bind a free port on our address `host`."""
        loop = asyncio.get_running_loop()
        transport, audio = await loop.create_datagram_endpoint(lambda: cls(sound, ssrc), local_addr=(host, 0))
        audio._transport = transport
        return audio

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Called by asyncio."""
        if self._remote == addr[:2] and rtp.plausible(data):
            self.heard += 1

    def description(self) -> bytes:
        """Our offer or answer; each is a new version of the same session."""
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")[:2]
        self._version += 1
        return describe(host, port, self._version)

    def talk_to(self, description: bytes, *, live: bool = True) -> bool:
        """Send to where `description` says from now on, silence until `live`; False if it takes none of our
        audio."""
        self._live = self._live or live
        try:
            self._remote = where(description)
        except SdpError:
            self._remote = None
        if self._remote is not None and self._timer is None:
            self._next = self._loop.time()
            self._send()
        return self._remote is not None

    def answer(self, offer: bytes) -> bytes | None:
        """Our answer to their offer; None when it has no place for our audio."""
        return self.description() if self.talk_to(offer, live=self._live) else None

    def key_picture(self) -> None:
        """There is no picture here."""

    def close(self) -> None:
        """End at once."""
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.close()

    def _send(self) -> None:
        assert self._transport is not None
        if self._remote is not None:
            number, stamp = self.sent, self.sent * FRAME
            payload = self._sound.frame() if self._live else SILENT
            packet = rtp.build(PCMA, number, stamp, self._ssrc, payload, marker=self.sent == 0)
            self._transport.sendto(packet, self._remote)
            self.sent += 1
        # A loop that was held up does not fire a burst afterwards.
        self._next = max(self._next + FRAME_SECONDS, self._loop.time())
        self._timer = self._loop.call_at(self._next, self._send)
