"""What protects one leg, on the control side: its keys or its ICE and DTLS transports (RFC 4568, 8842)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from media.description import Extra, Heard, StreamLine
from media.errors import SdpError
from media.ice_lite import Credentials
from media.keying import OFFERED, SUITE_BYTES, Crypto, Keying, profile_of, write_crypto
from media.webrtc import Transport, media_attributes, session_attributes

SHARED = 1 << 16
"""Stream numbers from here on are no ports of their own: they share the WebRTC port of their worker."""


@dataclass(frozen=True, slots=True)
class Station:
    """Where a worker receives WebRTC, and as whom. `gate` numbers a new transport."""

    udp: int
    tcp: int
    fingerprint: tuple[str, str]
    addresses: tuple[str, ...]
    gate: Callable[[], int]


@dataclass(slots=True)
class Gate:
    """One transport of a leg: our credentials and what the peer said of itself."""

    number: int
    ours: Credentials
    theirs: Keying | None = None

    def order(self) -> list[object]:
        """What the worker must know of it."""
        theirs = self.theirs
        prints = [list(one) for one in theirs.fingerprints] if theirs is not None else []
        return ["gate", self.number, *self.ours, theirs.ufrag if theirs is not None else None, prints]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Keys of one SDES stream, agreed."""

    tag: int
    suite: str
    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)


def _credentials() -> Credentials:
    return Credentials(secrets.token_hex(6), secrets.token_hex(16))


class Cover:
    """The protection of one leg's streams, by kind. A stream keeps what it has through renegotiation."""

    def __init__(self) -> None:
        self.gates: dict[str, Gate] = {}
        self.sealed: dict[str, Sealed] = {}
        self.ssrcs: dict[str, int] = {}
        self._keys: dict[tuple[str, str], bytes] = {}
        self._answered: dict[str, tuple[int, str]] = {}
        self._setup = "actpass"
        self._bundle = True
        self._told: dict[int, list[object]] = {}

    # -- before a description is written ------------------------------------------------------------------

    def prepare_offer(self, lines: Sequence[StreamLine], station: Callable[[], Station]) -> None:
        """Our offer has these lines: each gets its own transport until an answer bundles them."""
        self._answered.clear()
        self._setup, self._bundle = "actpass", True
        for line in lines:
            if line.open:
                self._prepare(line, station)

    def prepare_answer(
        self, lines: Sequence[StreamLine], heard: Heard, station: Callable[[], Station]
    ) -> None:
        """Our answer has these lines to that offer. Raises SdpError when its protection cannot be met."""
        self._setup = "passive"
        bundled = heard.streams.bundle
        self._bundle = bool(bundled)
        shared: Gate | None = None
        for line, end in zip(lines, heard.ends, strict=False):
            if not line.open or end is None or end.keying is None:
                continue
            profile = profile_of(line.protocol)
            if profile == "sdes":
                self._choose(line.kind, end.keying)
            elif line.mid in bundled and shared is not None:
                self.gates[line.kind] = shared
            self._prepare(line, station)
            if profile == "webrtc":
                gate = self.gates[line.kind]
                if line.mid in bundled:
                    shared = gate
                _refuse_unless(end.keying.setup in {"", "actpass", "active"})
                if _restarted(gate.theirs, end.keying):
                    gate.ours = _credentials()

    def _prepare(self, line: StreamLine, station: Callable[[], Station]) -> None:
        profile = profile_of(line.protocol)
        if profile == "webrtc":
            if line.kind not in self.gates:
                self.gates[line.kind] = Gate(station().gate(), _credentials())
            self.ssrcs.setdefault(line.kind, secrets.randbelow(0xFFFFFFFE) + 1)
        elif profile == "sdes":
            for suite, size in SUITE_BYTES.items():
                if (line.kind, suite) not in self._keys:
                    self._keys[line.kind, suite] = secrets.token_bytes(size)

    def _choose(self, kind: str, keying: Keying) -> None:
        """The first of their keys with a whole tag, else the first: only those that we can use were read
        (RFC 4568 section 5.1.2)."""
        whole = (one for one in keying.cryptos if one.suite in OFFERED)
        first = next(whole, keying.cryptos[0])
        self._answered[kind] = (first.tag, first.suite)

    # -- once offer and answer are there ------------------------------------------------------------------

    def agree(self, kinds: Mapping[str, int], lines: Sequence[StreamLine], heard: Heard) -> None:
        """Offer and answer agreed on these kinds, at these places. Raises SdpError(488), never goes bare."""
        sealed: dict[str, Sealed] = {}
        gates: dict[str, Gate] = dict(self.gates)
        bundled = {kind for kind, place in kinds.items() if lines[place].mid in heard.streams.bundle}
        shared: Gate | None = None
        for kind, place in kinds.items():
            end, profile = heard.ends[place], profile_of(lines[place].protocol)
            _refuse_unless(profile_of(heard.streams.lines[place].protocol) == profile)
            if profile == "plain" or end is None or end.keying is None:
                _refuse_unless(profile == "plain")
                continue
            if profile == "sdes":
                sealed[kind] = self._seal(kind, end.keying)
                continue
            _refuse_unless(end.keying.setup in {"", "active"} or self._setup == "passive")
            if kind in bundled:
                shared = gates[kind] = shared or gates[kind]
            gates[kind].theirs = end.keying
        self.sealed, self.gates = sealed, gates

    def _seal(self, kind: str, keying: Keying) -> Sealed:
        chosen = self._answered.get(kind)
        for theirs in keying.cryptos:
            if chosen is None or chosen == (theirs.tag, theirs.suite):
                return Sealed(theirs.tag, theirs.suite, self._keys[kind, theirs.suite], theirs.key)
        raise SdpError("No usable protection of the media", 488)

    # -- what the worker is told --------------------------------------------------------------------------

    def news(self) -> list[list[object]]:
        """Orders that bring the worker's gates up to date."""
        orders: list[list[object]] = []
        now = {gate.number: gate.order() for gate in self.gates.values()}
        for number in self._told.keys() - now.keys():
            orders.append(["shut", number])
        orders += [order for number, order in now.items() if self._told.get(number) != order]
        self._told = now
        return orders

    def shut(self) -> list[list[object]]:
        """Orders that close them."""
        orders: list[list[object]] = [["shut", number] for number in self._told]
        self._told = {}
        return orders

    # -- what is written ----------------------------------------------------------------------------------

    def extra(self, lines: Sequence[StreamLine], station: Callable[[], Station]) -> Extra:
        """The attributes our description has for it."""
        if all(profile_of(line.protocol) == "plain" or not line.open for line in lines):
            return Extra()
        media = tuple(tuple(self._attributes(line, station)) for line in lines)
        return Extra(tuple(session_attributes(lines, bundle=self._bundle)), media)

    def _attributes(self, line: StreamLine, station: Callable[[], Station]) -> list[str]:
        profile = profile_of(line.protocol) if line.open else "plain"
        if profile == "plain":
            return []
        if profile == "sdes":
            return [write_crypto(one) for one in self._cryptos(line.kind)]
        at, ours = station(), self.gates[line.kind].ours
        transport = Transport(
            at.addresses, at.udp, at.tcp, ours.ufrag, ours.password, at.fingerprint, self._setup
        )
        return media_attributes(line, transport, self.ssrcs[line.kind])

    def _cryptos(self, kind: str) -> list[Crypto]:
        chosen = self._answered.get(kind)
        if chosen is not None:
            return [Crypto(*chosen, self._keys[kind, chosen[1]])]
        return [
            Crypto(tag, suite, self._keys[kind, suite]) for tag, suite in enumerate(OFFERED, start=1)
        ]


def _refuse_unless(fits: bool) -> None:
    if not fits:
        raise SdpError("No usable protection of the media", 488)


def _restarted(before: Keying | None, now: Keying) -> bool:
    """Whether an offer restarts ICE: both credentials new (RFC 8445 section 9)."""
    return before is not None and (before.ufrag, before.password) != (now.ufrag, now.password)
