"""One leg of a call as the control side knows it: what was offered, what was agreed, which ports it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from media.cover import SHARED, Cover, Station
from media.description import End, Extra, Heard, StreamLine, Streams, compose, read
from media.engine import LegRole
from media.errors import MediaMisuse, NoCapacity, SdpError
from media.keying import Profile, profile_of
from media.negotiate import Agreed, answer_to, as_agreed, as_offered, offer_like, own_offer, settle

Take = Callable[[str], int]
"""Takes a port of ours for a leg's stream of one kind."""


_NOTHING = Heard(Streams(()), ())


def _nowhere() -> Station:
    raise NoCapacity("No WebRTC here")


def _nothing(_: str) -> int:
    raise NoCapacity("No WebRTC here")


class Leg:
    """Offer and answer of one leg (RFC 3264). Nothing agreed is lost by an offer that comes to nothing."""

    def __init__(self, name: str, session: int) -> None:
        self.name = name
        self.role: LegRole = "phone"
        self.source: str | None = None
        self.ports: dict[str, int] = {}
        self.served: set[int] = set()
        self.agreed: dict[str, Agreed] = {}
        self.ends: dict[str, End] = {}
        self.listening = False
        self.loop = ""             # the prompt that is played to it over and over
        self.profile: Profile = "plain"
        self.cover = Cover()
        self.station: Callable[[], Station] = _nowhere
        self.take_shared: Take = _nothing
        self.rewritten = False
        """Whether its picture must be numbered as one stream of ours, whatever feeds it."""
        self.video_ssrc: int | None = None
        self.address = ""
        self._session = session
        self._version = 0
        self._printed = b""
        self._said: tuple[Streams, Extra] | None = None
        self._ours: tuple[StreamLine, ...] = ()
        self._theirs = _NOTHING
        self._offer_in: Heard | None = None
        self._offer_out: tuple[StreamLine, ...] | None = None
        self._answered_offer: tuple[StreamLine, ...] | None = None
        self._bandwidth: tuple[str, ...] = ()

    @property
    def panel(self) -> bool:
        return self.role == "panel"

    @property
    def views(self) -> bool:
        """Whether it only sees: no sound, and nothing comes from it."""
        return self.role == "viewer"

    def _seen(self, streams: dict[str, StreamLine]) -> dict[str, StreamLine]:
        return {kind: line for kind, line in streams.items() if kind == "video"} if self.views else streams

    @property
    def bandwidth(self) -> tuple[str, ...]:
        """The b= lines of the whole session as this leg stated them."""
        return (self._offer_in or self._theirs).streams.bandwidth

    def streams(self) -> dict[str, StreamLine]:
        """Per kind what this leg wants now: its open offer, else what it agreed to, else our offer to it."""
        if self._offer_in is not None:
            streams = self._offer_in.streams
            return {kind: streams.lines[place] for kind, place in streams.chosen().items()}
        if self.agreed:
            return {kind: as_agreed(one) for kind, one in self.agreed.items()}
        return {line.kind: as_offered(line) for line in self._offer_out or () if line.usable}

    def receive_offer(self, sdp: bytes) -> None:
        """Keep the peer's offer. Raises SdpError."""
        heard = read(sdp)
        if not heard.streams.chosen():
            raise SdpError("Nothing in the offer can be carried", 488)
        lines = heard.streams.lines
        profiles = {profile_of(lines[place].protocol) for place in heard.streams.chosen().values()}
        if self.profile not in {"plain", *profiles}:
            raise SdpError("Media that were protected stay so", 488)
        self.profile = next((one for one in profiles if one != "plain"), self.profile)
        self._offer_in = heard

    def receive_answer(self, sdp: bytes) -> None:
        """Agree by the peer's answer. Raises SdpError; the leg then stays as it was."""
        offered = self._offer_out or self._answered_offer   # once more: in 183, then in 200
        if offered is None:
            raise MediaMisuse(f"no offer to leg {self.name}")
        self._agree(offered, read(sdp), we_answered=False)
        self._answered_offer, self._offer_out = offered, None

    def offer(self, like: Leg | None, take: Take) -> bytes:
        """Our offer, with the streams of leg `like`."""
        if like is None:
            # Within a call (a re-INVITE without an offer asks for one): what was last said, once more.
            lines = self._ours or own_offer(self.role, self.profile)
        else:
            wanted = self._seen(like.streams())
            if not wanted:
                raise MediaMisuse(f"leg {like.name} has nothing to offer")
            lines = offer_like(
                wanted, self._ours, to_panel=self.panel, from_panel=like.panel or self.views,
                profile=self.profile,
            )
            self._bandwidth = like.bandwidth
        self.cover.prepare_offer(lines, self.station)
        self._open(lines, take)
        self._offer_out = lines
        return self._print(lines)

    def answer(self, like: Leg | None, take: Take) -> bytes:
        """Our answer to its open offer, agreed with that; the last answer again when none is open."""
        if self._offer_in is None:
            if not self._printed:
                raise MediaMisuse(f"no offer from leg {self.name}")
            return self._printed
        accepted: Mapping[str, StreamLine] | None = {} if self.views else None
        if like is not None:
            accepted = self._seen(like.streams())
        lines = answer_to(
            self._offer_in.streams, accepted,
            to_panel=self.panel, from_panel=self.views or (like is not None and like.panel),
        )
        self.cover.prepare_answer(lines, self._offer_in, self.station)
        self._open(lines, take)
        self._agree(lines, self._offer_in, we_answered=True)
        self._offer_in = self._answered_offer = None
        self._bandwidth = like.bandwidth if like is not None else ()
        return self._print(lines)

    def withdraw(self) -> None:
        """Forget open offers, theirs and ours: they were refused; what was agreed holds."""
        self._offer_in = self._offer_out = None

    def uproot(self) -> None:
        """Its ports, keys and transports are gone: what was agreed is known, and has to be offered anew."""
        self.withdraw()
        self.ports, self.served, self.cover = {}, set(), Cover()
        self.loop, self._said = "", None

    def _agree(self, ours: tuple[StreamLine, ...], theirs: Heard, *, we_answered: bool) -> None:
        settled = settle(ours, theirs.streams.lines, we_answered=we_answered)
        if not settled:
            raise SdpError("Nothing that was offered is accepted", 488)
        self.cover.agree({kind: place for kind, (place, _) in settled.items()}, ours, theirs)
        found = {kind: theirs.ends[place] for kind, (place, _) in settled.items()}
        self.ends = {kind: end for kind, end in found.items() if end is not None}
        self.agreed = {kind: agreed for kind, (_, agreed) in settled.items()}
        self._ours, self._theirs = ours, theirs

    def _open(self, lines: tuple[StreamLine, ...], take: Take) -> None:
        for line in lines:
            if not line.open:
                continue
            shared = profile_of(line.protocol) == "webrtc"
            if line.kind not in self.ports:
                self.ports[line.kind] = self.take_shared(line.kind) if shared else take(line.kind)
            elif shared != (self.ports[line.kind] >= SHARED):
                raise SdpError("A stream stays on its port", 488)

    def _print(self, lines: tuple[StreamLine, ...]) -> bytes:
        streams = Streams(lines, self._bandwidth)
        extra = self.cover.extra(lines, self.station)
        if (streams, extra) != self._said:
            self._said = (streams, extra)
            self._version += 1
            ports = {
                kind: self.station().udp if port >= SHARED else port for kind, port in self.ports.items()
            }
            self._printed = compose(
                streams, ports, address=self.address, session=self._session, version=self._version,
                extra=extra,
            )
        return self._printed
