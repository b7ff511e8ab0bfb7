"""One leg of a call as the control side knows it: what was offered, what was agreed, which ports it has."""

from __future__ import annotations

from collections.abc import Mapping

from media.description import StreamLine, Streams, compose, read
from media.engine import LegRole
from media.errors import MediaMisuse, SdpError
from media.negotiate import Agreed, Place, answer_to, offer_like, own_offer, settle
from media.sdp import parse


class Leg:
    """Offer and answer of one leg (RFC 3264). Nothing agreed is lost by an offer that comes to nothing."""

    def __init__(self, name: str, session: int) -> None:
        self.name = name
        self.role: LegRole = "phone"
        self.source: str | None = None
        self.ports: dict[str, int] = {}
        self.served: set[int] = set()
        self.agreed: dict[str, Agreed] = {}
        self.listening = False
        self.address = ""
        self._session = session
        self._version = 0
        self._printed = b""
        self._ours: tuple[StreamLine, ...] = ()
        self._theirs = Streams(())
        self._offer_in: Streams | None = None
        self._offer_out: tuple[StreamLine, ...] | None = None
        self._answered_offer: tuple[StreamLine, ...] | None = None
        self._bandwidth: tuple[str, ...] = ()

    @property
    def panel(self) -> bool:
        return self.role == "panel"

    @property
    def bandwidth(self) -> tuple[str, ...]:
        """The b= lines of the whole session as this leg stated them."""
        return (self._offer_in or self._theirs).bandwidth

    def streams(self) -> dict[str, StreamLine]:
        """Per kind what this leg wants now: its open offer, else what it agreed to, else our offer to it."""
        if self._offer_in is not None:
            return {kind: self._offer_in.lines[place] for kind, place in self._offer_in.chosen().items()}
        if self.agreed:
            return {kind: _as_agreed(one) for kind, one in self.agreed.items()}
        return {line.kind: _as_offered(line) for line in self._offer_out or () if line.usable}

    def receive_offer(self, sdp: bytes) -> None:
        """Keep the peer's offer. Raises SdpError."""
        streams = read(parse(sdp))
        if not streams.chosen():
            raise SdpError("Nothing in the offer can be carried", 488)
        self._offer_in = streams

    def receive_answer(self, sdp: bytes) -> None:
        """Agree by the peer's answer. Raises SdpError; the leg then stays as it was."""
        offered = self._offer_out or self._answered_offer   # once more: in 183, then in 200
        if offered is None:
            raise MediaMisuse(f"no offer to leg {self.name}")
        theirs = read(parse(sdp))
        agreed = settle(offered, theirs, we_answered=False)
        if not agreed:
            raise SdpError("The answer accepts nothing that was offered", 488)
        self.agreed, self._theirs, self._ours = agreed, theirs, offered
        self._answered_offer, self._offer_out = offered, None

    def offer(self, like: Leg | None, place: Place) -> bytes:
        """Our offer, with the streams of leg `like`."""
        if like is None:
            # Within a call (a re-INVITE without an offer asks for one): what was last said, once more.
            lines = self._ours or own_offer(self.role, place)
        else:
            wanted = like.streams()
            if not wanted:
                raise MediaMisuse(f"leg {like.name} has nothing to offer")
            lines = offer_like(wanted, self._ours, place, to_panel=self.panel, from_panel=like.panel)
            self._bandwidth = like.bandwidth
        self._offer_out = lines
        return self._print(lines)

    def answer(self, like: Leg | None, place: Place) -> bytes:
        """Our answer to its open offer, agreed with that; the last answer again when none is open."""
        if self._offer_in is None:
            if not self._printed:
                raise MediaMisuse(f"no offer from leg {self.name}")
            return self._printed
        accepted: Mapping[str, StreamLine] | None = None if like is None else like.streams()
        lines = answer_to(
            self._offer_in, accepted, place, to_panel=self.panel, from_panel=like is not None and like.panel
        )
        agreed = settle(lines, self._offer_in, we_answered=True)
        if not agreed:
            raise SdpError("No codec in common", 488)
        self.agreed, self._theirs, self._ours, self._offer_in = agreed, self._offer_in, lines, None
        self._answered_offer = None
        self._bandwidth = like.bandwidth if like is not None else ()
        return self._print(lines)

    def withdraw(self) -> None:
        """Forget open offers, theirs and ours: they were refused; what was agreed holds."""
        self._offer_in = self._offer_out = None

    def _print(self, lines: tuple[StreamLine, ...]) -> bytes:
        streams = Streams(lines, self._bandwidth)
        same = compose(streams, address=self.address, session=self._session, version=self._version)
        if same != self._printed:
            self._version += 1
            same = compose(streams, address=self.address, session=self._session, version=self._version)
        self._printed = same
        return same


def _as_agreed(agreed: Agreed) -> StreamLine:
    """What the leg agreed to, as it wrote it itself."""
    theirs = agreed.theirs
    return StreamLine(
        theirs.kind, theirs.protocol, theirs.port, tuple(codec.theirs for codec in agreed.codecs),
        sends=theirs.sends, receives=theirs.receives, bandwidth=theirs.bandwidth,
        attributes=theirs.attributes, feedback=theirs.feedback,
    )


def _as_offered(line: StreamLine) -> StreamLine:
    """What we offered the leg, as if it were its own wish: directions turned round."""
    return StreamLine(
        line.kind, line.protocol, line.port, line.formats, sends=line.receives, receives=line.sends,
        bandwidth=line.bandwidth, attributes=line.attributes, feedback=line.feedback,
    )
