"""One of our streams on its two sockets: RTP and SRTP out, sender reports, and what comes back as RTCP
(RFC 3550, 3711, 4585). Safe to use from several threads.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime

from intercom.phone.description import Terms
from media import rtcp, rtp
from media.srtp import SUITES, Keys, Protection

RING = 512
"""Packets kept for who says that one is missing; two seconds of pictures and more."""

_NTP_EPOCH = 2_208_988_800  # seconds from 1900 to 1970
_ATTEMPTS = 64


def bind_pair(host: str) -> tuple[socket.socket, socket.socket]:
    """Sockets on an even port of `host` and on the next (RFC 3550 section 11). Raises OSError."""
    for _ in range(_ATTEMPTS):
        first = _bound(host, 0)
        port = first.getsockname()[1]
        # Half of the ports asked for are odd: there, the pair begins one below.
        try:
            other = _bound(host, port ^ 1)
        except OSError:
            first.close()
            continue
        return (first, other) if port % 2 == 0 else (other, first)
    raise OSError("no free pair of ports")


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.bind((host, port))
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


class Outlet:
    """Sends one stream; `rtp` and `rtcp` are its sockets, which the owner reads and `close` closes."""

    def __init__(self, rtp: socket.socket, rtcp: socket.socket, name: str) -> None:
        """`name` is the CNAME, the same for sound and picture, so that they are shown in step."""
        self.rtp, self.rtcp = rtp, rtcp
        self.sent = 0
        self._name = name
        self._lock = threading.Lock()
        self._terms: Terms | None = None
        self._protection: Protection | None = None
        self._ssrc = secrets.randbelow(0xFFFFFFFE) + 1
        self._sequence = secrets.randbelow(0x8000)
        self._base = secrets.randbelow(0x40000000)
        self._octets = 0
        self._last = (0, 0.0)  # an RTP timestamp and the moment of it
        self._ring: OrderedDict[int, bytes] = OrderedDict()

    @property
    def terms(self) -> Terms | None:
        """What was agreed last; None while the stream goes nowhere."""
        return self._terms

    @property
    def port(self) -> int:
        """Our RTP port."""
        number: int = self.rtp.getsockname()[1]
        return number

    def direct(self, terms: Terms | None) -> None:
        """From now on send as `terms` say. Protection that stays the same keeps its place in the stream."""
        with self._lock:
            before, self._terms = self._terms, terms
            if terms is None or not terms.suite:
                self._protection = None
            elif before is None or (before.ours, before.theirs) != (terms.ours, terms.theirs):
                self._protection = Protection(Keys(SUITES[terms.suite], terms.ours, terms.theirs))

    def send(self, payloads: list[bytes], elapsed: int, *, marks_last: bool = False) -> None:
        """Send what belongs to one moment, `elapsed` ticks of the codec's clock after the first.

        `marks_last`: the last packet bears the marker, as that of a picture does (RFC 6184 section 5.1).
        """
        with self._lock:
            terms = self._terms
            if terms is None or not terms.goes:
                return
            stamp = self._base + elapsed
            self._last = (stamp, time.monotonic())
            for place, payload in enumerate(payloads, 1):
                marker = place == len(payloads) if marks_last else self.sent == 0
                packet = rtp.build(
                    terms.payload_type, self._sequence, stamp, self._ssrc, payload, marker=marker
                )
                self._keep(packet)
                self._sequence = (self._sequence + 1) & 0xFFFF
                self.sent += 1
                self._octets += len(payload)
                self._transmit(packet, terms)

    def opened(self, data: bytes) -> bytes:
        """What came to the RTP socket, as plain RTP; b"" when it is not genuine."""
        with self._lock:
            return self._protection.unprotect(data) if self._protection is not None else data

    def hear(self, data: bytes) -> bool:
        """Take RTCP of the other side; True when it wants a key picture. What it missed is sent again."""
        with self._lock:
            terms = self._terms
            if terms is None:
                return False
            if self._protection is not None:
                data = self._protection.unprotect_rtcp(data)
            if not rtcp.plausible(data):
                return False
            wanted = False
            for report in rtcp.parse(data):
                wanted = wanted or rtcp.wants_picture(report)
                for sequence in rtcp.missed(report):
                    if packet := self._ring.get(sequence):
                        self._transmit(packet, terms)
            return wanted

    def report(self) -> None:
        """Send a sender report with our name."""
        with self._lock:
            terms = self._terms
            if terms is None or not self.sent:
                return
            stamp, moment = self._last
            stamp += int((time.monotonic() - moment) * terms.clock)
            ntp = int((datetime.now(UTC).timestamp() + _NTP_EPOCH) * (1 << 32))
            info = rtcp.SenderInfo(self._ssrc, ntp, stamp)
            data = rtcp.sender_report(info, self.sent, self._octets)
            data += rtcp.description(self._ssrc, self._name)
            if self._protection is not None:
                data = self._protection.protect_rtcp(data)
            with contextlib.suppress(OSError):
                self.rtcp.sendto(data, (terms.host, terms.rtcp_port))

    def close(self) -> None:
        """Close both sockets; nothing is sent any more."""
        with self._lock:
            self._terms = None
            self.rtp.close()
            self.rtcp.close()

    def _keep(self, packet: bytes) -> None:
        self._ring[self._sequence] = packet
        if len(self._ring) > RING:
            self._ring.popitem(last=False)

    def _transmit(self, packet: bytes, terms: Terms) -> None:
        if self._protection is not None:
            packet = self._protection.protect(packet)
        # A full buffer, or nobody there: a packet lost, as on any network.
        with contextlib.suppress(OSError):
            self.rtp.sendto(packet, (terms.host, terms.port))
