"""Where a leg's packets may come from and where ours to it may go: a peer is not believed blindly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network

from media.description import End

Address = tuple[str, int]
_LOWEST_PORT = 1024


@dataclass(frozen=True, slots=True)
class Route:
    """Source addresses to accept, and where to send before anything came (None: wait until then)."""

    expected: frozenset[str]
    rtp: Address | None
    rtcp: Address | None


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of the network: our addresses, our port range, private networks that may be sent to."""

    own: Callable[[str], bool] = field(default=lambda _: False)
    ports: range = range(0)
    private: tuple[IPv4Network, ...] = ()

    def ours(self, address: str, port: int) -> bool:
        """Whether that is a port of our own relay, to which a loop would lead."""
        return port in self.ports and self.own(address)

    def may_send(self, address: str) -> bool:
        """Whether an address that only the description names may be sent to (no private or local one)."""
        return _public(address) or any(IPv4Address(address) in network for network in self.private)


def route(end: End, source: str | None, trust: Trust) -> Route:
    """The route of a stream whose description came from `source` (None: from a caller who vouches for it).

    A description that names a private or unusable address while its signalling came from elsewhere is that
    of a peer behind NAT: packets from the signalling's address are its own too, and ours go there.
    """
    signalled = end.address if end.address not in {"", "0.0.0.0"} else None
    known = _plain(source)
    expected = {address for address in (signalled, known) if address is not None}
    target = known
    if signalled is not None:
        if known is None or known == signalled or trust.may_send(signalled):
            target = signalled
        if _public(signalled):
            expected = {signalled}
    if target is None or end.address == "0.0.0.0":
        return Route(frozenset(expected), None, None)
    if end.port < _LOWEST_PORT or trust.ours(target, end.port):
        return Route(frozenset(expected), None, None)
    rtcp_port = end.rtcp_port if end.rtcp_port >= _LOWEST_PORT else end.port + 1
    return Route(frozenset(expected), (target, end.port), (target, min(rtcp_port, 65_535)))


@lru_cache(4096)
def _plain(source: str | None) -> str | None:
    if source is None:
        return None
    text = source.removeprefix("::ffff:")
    try:
        return str(IPv4Address(text))
    except ValueError:
        return None


def choose_own(addresses: Sequence[str], peer: str | None) -> str:
    """Which of our addresses a peer can reach: the first of the peer's own kind, else the first."""
    known = _plain(peer)
    if known is None:
        return addresses[0]
    kind = _kind(known)
    return next((address for address in addresses if _kind(address) == kind), addresses[0])


def _kind(address: str) -> str:
    if IPv4Address(address).is_loopback:
        return "loopback"
    return "public" if _public(address) else "private"


@lru_cache(4096)
def _public(address: str) -> bool:
    found = IPv4Address(address)
    return found.is_global and not found.is_multicast
