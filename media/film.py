"""A panel's picture for several receivers: one source with its keyframe cache, and a projection for each.

It ends RTCP on both sides: receivers' wishes become few wishes to the panel, its reports become ours
(RFC 3550 section 6, RFC 4585, RFC 5104). No socket and no clock are touched here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from media import rtcp, rtp
from media.reception import Reception
from media.rewriter import Rewriter
from media.rtp import Packet
from media.video import GopCache

RING = 512
WISH_SECONDS = 0.5
PATIENCE_SECONDS = 5.0
"""A new receiver waits so long for a key picture; then it gets what comes."""

Wish = Literal["pli", "fir", "info"]


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """What the source's description says: codec by payload type, parameter sets, how to ask for a picture."""

    codecs: Mapping[int, str]
    sets: tuple[bytes, ...] = ()
    wish: Wish = "info"
    name: str = "doorline"
    """CNAME of what we send."""


class Outlet(Protocol):
    """A stream of the worker as a film sees it; sending raises OSError when the kernel does not take it."""

    @property
    def number(self) -> int: ...
    @property
    def ready(self) -> bool: ...
    def outlet(self) -> Callable[[bytes], int]: ...
    def send_report(self, data: bytes) -> None: ...


@dataclass(slots=True)
class Projection:
    """The film as one receiver gets it. `mapping`: payload type of the source -> of the receiver."""

    sink: Outlet
    mapping: Mapping[int, int]
    rewriter: Rewriter
    begun: bool = False
    asked_at: float | None = None
    """When it asked for a key picture; None when one has come since."""
    waiting: bool = True
    until: float = 0.0
    resent: int = 0
    unsent: int = 0
    ring: list[tuple[int, bytes]] = field(default_factory=lambda: [(-1, b"")] * RING)

    def show(self, packet: Packet, prefix: bytes, now: float) -> None:
        """Send one packet of the source on, after the parameter sets in `prefix` if there are any."""
        payload_type = self.mapping.get(packet.payload_type)
        if payload_type is None:
            return
        if prefix:
            self._send(self.rewriter.insert(packet, payload_type, prefix, now))
        self._send(self.rewriter.rewrite(packet, payload_type, now))

    def resend(self, sequence: int) -> None:
        """A packet was missed: send it once more, if it is still in the ring."""
        number, data = self.ring[sequence % RING]
        if number == sequence:
            self.resent += 1
            self._put(data)

    def _send(self, data: bytes | None) -> None:
        if data is not None:
            sequence = rtp.sequence_of(data)
            self.ring[sequence % RING] = (sequence, data)
            self._put(data)

    def _put(self, data: bytes) -> None:
        try:
            self.sink.outlet()(data)
        except OSError:
            self.unsent += 1


class Film:
    """Everything about one filmed source.

    Args:
        source: where the panel's packets come from, and its reports go to.
        ssrc: our name in reports to the panel.
        wanted: told when the panel must be asked for a picture by other means than RTCP.
    """

    def __init__(
        self, source: Outlet, plan: FilmPlan, ssrc: int, wanted: Callable[[int], None]
    ) -> None:
        self._source = source
        self._ssrc = ssrc
        self._wanted = wanted
        self._wished_at = float("-inf")
        self._owed = False
        self._number = 0
        self.codec = ""
        self._reception = Reception()
        self.plan = plan
        self.cache = GopCache("")
        self.projections: dict[int, Projection] = {}

    def renew(self, plan: FilmPlan) -> None:
        """A new description of the same source."""
        self.plan = plan
        self.codec = ""

    # -- the picture --------------------------------------------------------------------------------------

    def take(self, packet: Packet, now: float) -> None:
        """A packet came from the panel."""
        codec = self.plan.codecs.get(packet.payload_type)
        if codec is None:
            return
        if codec != self.codec:
            self.codec = codec
            self.cache = GopCache(codec, self.plan.sets)
        cache = self.cache
        self._reception.take(packet, now)
        was_whole = cache.whole
        cache.take(packet)
        if cache.opened:
            self._owed = False
            for one in self.projections.values():
                one.asked_at = None
        elif self._owed or (was_whole and not cache.whole) or (cache.understands and not cache.packets):
            self.wish(now)   # an old group of pictures helps no late joiner, and none at all still less
        prefix = cache.prefix if cache.opened else b""
        for one in self.projections.values():
            if one.waiting:
                if not one.begun and not self._begin(one, now):
                    continue   # the cache had this packet too, or nothing can be sent yet
                # Parameter sets that came before their picture belong to it.
                opens = cache.opened or not cache.understands or now >= one.until
                if not opens:
                    continue
                one.waiting = False
                if cache.opened:
                    self._replay(one, cache.packets[:-1], now)
            one.show(packet, prefix, now)

    def show_to(
        self, sink: Outlet, mapping: Mapping[int, int], rewriter: Callable[[], Rewriter], now: float
    ) -> None:
        """Begin to project to a receiver, from the newest key picture on; or change its payload types."""
        known = self.projections.get(sink.number)
        if known is not None:
            known.mapping = mapping
            return
        one = Projection(sink, mapping, rewriter())
        self.projections[sink.number] = one
        self._begin(one, now)

    def _begin(self, one: Projection, now: float) -> bool:
        """Send what is kept, as soon as the receiver can be sent to (a browser's handshake takes a while).

        True when it now waits for a key picture.
        """
        if not one.sink.ready:
            return False
        one.begun, one.until = True, now + PATIENCE_SECONDS
        if self.cache.ready:
            self._replay(one, self.cache.packets, now)
            if self.cache.whole:
                one.waiting = False
            else:
                one.rewriter.rest()   # what follows is kept back until the next key picture
        self.wish(now)
        return one.waiting

    def replay(self, packets_to: Callable[[bytes], int], mapping: Mapping[int, int], now: float) -> None:
        """Send the cache, numbered as it came, to a receiver that will get the source's own packets."""
        packets = self.cache.packets if self.cache.ready else []
        for number, packet in enumerate(packets):
            payload_type = mapping.get(packet.payload_type)
            if payload_type is None:
                continue
            place = (packet.sequence, packet.timestamp, packet.ssrc)
            if number == 0 and self.cache.prefix:
                prefix = rtp.build(payload_type, packet.sequence - 1, *place[1:], self.cache.prefix)
                self._put(packets_to, prefix)
            self._put(packets_to, rtp.build(payload_type, *place, packet.payload, marker=packet.marker))
        self.wish(now)

    def hide_from(self, number: int) -> None:
        """The receiver on that port sees no more."""
        self.projections.pop(number, None)

    def _replay(self, one: Projection, packets: list[Packet], now: float) -> None:
        prefix = self.cache.prefix
        for packet in packets:
            one.show(packet, prefix, now)
            prefix = b""

    @staticmethod
    def _put(send: Callable[[bytes], int], data: bytes) -> None:
        try:
            send(data)
        except OSError:
            return   # its buffer is full: the live picture goes on

    # -- reports ------------------------------------------------------------------------------------------

    def reported(self, data: bytes, now: float) -> None:
        """RTCP came from the panel: its clocks are told on as ours, the rest ends here."""
        for report in rtcp.parse(data):
            info = rtcp.sender_info(report)
            if info is None:
                continue
            self._reception.reported(info, now)
            for one in self.projections.values():
                if one.rewriter.source == info.ssrc:
                    self._tell(one, info)

    def _tell(self, one: Projection, info: rtcp.SenderInfo) -> None:
        rewriter = one.rewriter
        ours = rtcp.SenderInfo(rewriter.ssrc, info.ntp, rewriter.time_of(info.timestamp))
        report = rtcp.sender_report(ours, rewriter.packets, rewriter.octets)
        one.sink.send_report(report + rtcp.description(rewriter.ssrc, self.plan.name))

    def heard(self, number: int, data: bytes, now: float) -> None:
        """RTCP came from a receiver: packets it missed are sent again, wishes are passed on with measure."""
        one = self.projections.get(number)
        if one is None:
            return
        wishes = False
        for report in rtcp.parse(data):
            for sequence in rtcp.missed(report):
                one.resend(sequence)
            wishes = wishes or rtcp.wants_picture(report)
        if wishes:
            self.wish(now)
            self._help(one, now)

    def _help(self, one: Projection, now: float) -> None:
        """Who asks in vain, because the panel knows no wishes, gets once more what is kept."""
        if one.asked_at is None:
            one.asked_at = now
        elif now - one.asked_at >= WISH_SECONDS and one.begun and self.cache.ready:
            one.asked_at = now
            one.rewriter.rest()
            self._replay(one, self.cache.packets, now)
            one.waiting = not self.cache.whole
            if one.waiting:
                one.rewriter.rest()

    def wish(self, now: float) -> None:
        """Ask the panel for a key picture, at most once in half a second; one asked sooner is owed."""
        source = self._reception.ssrc
        if source is None:
            return   # it has not begun, and will begin with a key picture
        if now - self._wished_at < WISH_SECONDS:
            self._owed = True
            return
        self._wished_at, self._owed = now, False
        if self.plan.wish == "info":
            self._wanted(self._source.number)
            return
        if self.plan.wish == "fir":
            self._number += 1
            ask = rtcp.full_intra(self._ssrc, source, self._number)
        else:
            ask = rtcp.picture_loss(self._ssrc, source)
        self._source.send_report(self._reception.report(self._ssrc, now) + ask)

    def report(self, now: float) -> None:
        """The receiver report to the panel; every five seconds (RFC 3550 section 6.2)."""
        told = rtcp.description(self._ssrc, self.plan.name)
        self._source.send_report(self._reception.report(self._ssrc, now) + told)
