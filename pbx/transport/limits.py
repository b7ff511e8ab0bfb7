"""What one source may cost us, decided before anything is parsed: rates, connections, silent connections.

A source is an IPv4 address or an IPv6 /64 (what one customer usually holds). Tables are bounded by
forgetting their older half, so that a flood of invented addresses costs a fixed amount of memory and time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Protocol

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of the transport; rates in messages per second, lengths of time in seconds, sizes in bytes.

    `amplification`: how many bytes may go to a UDP address that has not proved to receive them, per byte
    that came from it (0 switches the bound off, for listeners of peers known by address). `idle_seconds`
    ends a connection that says nothing at all; it is longer than the longest registration.
    """

    messages_per_second: float = 50.0
    message_burst: int = 200
    connections: int = 10_000
    connections_per_source: int = 100
    trusted_sources: tuple[Network, ...] = ()
    unauthenticated_seconds: float = 30.0
    idle_seconds: float = 3900.0
    write_buffer: int = 256 * 1024
    handshake_seconds: float = 10.0
    unreadable: int = 10
    amplification: int = 3
    sources: int = 32_768
    flows: int = 32_768


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """CIDR texts as networks; `ValueError` names the first that is none."""
    return tuple(ip_network(text) for text in texts)


class TokenBuckets:
    """A token bucket per key, kept as one number: the moment at which its debt is paid (GCRA, ITU-T I.371).

    At most `size` keys are remembered, in two generations; to forget a key is to give it a full bucket.
    """

    __slots__ = ("_burst", "_interval", "_old", "_size", "_young")

    def __init__(self, rate: float, burst: int, size: int) -> None:
        self._interval = 1.0 / rate
        self._burst = burst / rate - self._interval + 1e-6  # sums of intervals are not exact
        self._size = max(1, size // 2)
        self._young: dict[object, float] = {}
        self._old: dict[object, float] = {}

    def take(self, key: object, now: float) -> bool:
        """Take one token; False when there is none left, which costs the key nothing."""
        paid = self._young.get(key)
        if paid is None:
            paid = self._old.pop(key, now)
            if len(self._young) >= self._size:
                self._old = self._young
                self._young = {}
        if paid < now:
            paid = now
        if paid - now > self._burst:
            self._young[key] = paid
            return False
        self._young[key] = paid + self._interval
        return True

    def charge(self, key: object, tokens: int, now: float) -> float:
        """Take `tokens` whether they are there or not; return the seconds until the bucket is in order
        again."""
        paid = max(self._young.get(key, now), now) + tokens * self._interval
        if key in self._young or len(self._young) < self._size:
            self._young[key] = paid
        return max(0.0, paid - now - self._burst)

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


class Sources:
    """Names the source of an address and knows which ones are trusted; answers are remembered, boundedly."""

    __slots__ = ("_known", "_size", "_trusted")

    def __init__(self, trusted: tuple[Network, ...], size: int) -> None:
        self._trusted = trusted
        self._size = size
        self._known: dict[str, str | None] = {}

    def of(self, host: str) -> str | None:
        """The source that `host` counts against, or None for a trusted one."""
        try:
            return self._known[host]
        except KeyError:
            pass
        if len(self._known) >= self._size:
            self._known.clear()
        source = self._known[host] = self._find(host)
        return source

    def _find(self, host: str) -> str | None:
        try:
            address = ip_address(host)
        except ValueError:
            return host
        if isinstance(address, IPv6Address):
            if address.ipv4_mapped is not None:
                address = address.ipv4_mapped
            elif address.scope_id:
                address = IPv6Address(int(address))
        if any(address in network for network in self._trusted):
            return None
        if isinstance(address, IPv6Address):
            return str(IPv6Network((int(address) & ~((1 << 64) - 1), 64)))
        return str(address)


class Watched(Protocol):
    """A connection as the gate sees it. Times are of the driver's clock."""

    opened: float
    heard: float

    @property
    def authenticated(self) -> bool:
        """Whether its peer has proved who it is."""

    def shut(self, why: str) -> None:
        """End it now, without waiting for what is still unsent."""
