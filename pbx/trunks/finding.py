"""Where a carrier's server is: NAPTR, SRV and addresses, in the order of RFC 3263 and RFC 2782 [S].

A search is a generator that yields questions and is sent the records found; who drives it does the asking.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from pbx.sip.flow import Transport
from pbx.trunks.trunk import TrunkTransport

MOST = 8
"""Places tried at most."""


@dataclass(frozen=True, slots=True)
class Naptr:
    """A NAPTR record: for us only those whose replacement is a name."""

    order: int
    preference: int
    service: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Srv:
    """An SRV record."""

    priority: int
    weight: int
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class Question:
    """Records of a name to be looked up; answered by a list of `Naptr`, `Srv`, or text (addresses)."""

    name: str
    kind: Literal["NAPTR", "SRV", "ADDRESS"]


@dataclass(frozen=True, slots=True)
class Place:
    """One server: `name` is what its certificate must bear."""

    transport: Transport
    host: str
    port: int
    name: str


Records = list[Naptr] | list[Srv] | list[str]
Search = Generator[Question, Records, list[Place]]

_SERVICES: dict[str, Transport] = {"SIPS+D2T": "tls", "SIP+D2T": "tcp", "SIP+D2U": "udp"}
_PREFIX: dict[Transport, str] = {"udp": "_sip._udp.", "tcp": "_sip._tcp.", "tls": "_sips._tcp."}
_AUTO: tuple[Transport, ...] = ("tls", "tcp", "udp")


def search(host: str, port: int, transport: TrunkTransport, chance: Callable[[], float]) -> Search:
    """Every place of a carrier, best first; none when the names lead nowhere.

    A port that somebody wrote switches SRV off, an address every look-up (RFC 3263 section 4.2). `chance`:
    a number from 0 to 1, for the weights.
    """
    plain: Transport = "udp" if transport == "auto" else transport
    if _is_address(host):
        return [Place(plain, host, port or _usual(plain), host)]
    if port:
        return (yield from _addresses(plain, host, port, host))
    for found, name in (yield from _ways(host, transport)):
        places: list[Place] = []
        for record in in_order((yield Question(name, "SRV")), chance):
            if record.target not in ("", "."):
                places += yield from _addresses(found, record.target, record.port, host)
        if places:
            return places[:MOST]
    return (yield from _addresses(plain, host, _usual(plain), host))


def in_order(records: Iterable[object], chance: Callable[[], float]) -> list[Srv]:
    """SRV records by priority, within one by weighted chance (RFC 2782)."""
    left = sorted((each for each in records if isinstance(each, Srv)), key=lambda each: each.priority)
    ordered: list[Srv] = []
    while left:
        same = [each for each in left if each.priority == left[0].priority]
        mark, total = chance() * sum(each.weight for each in same), 0.0
        for each in same:
            total += each.weight
            if total >= mark:
                break
        ordered.append(each)
        left.remove(each)
    return ordered


def _ways(host: str, transport: TrunkTransport) -> Generator[Question, Records, list[tuple[Transport, str]]]:
    """Transports to try, and where their SRV records are."""
    if transport != "auto":
        return [(transport, _PREFIX[transport] + host)]
    found = [each for each in (yield Question(host, "NAPTR")) if isinstance(each, Naptr)]
    found.sort(key=lambda each: (each.order, each.preference))
    ways = [
        (_SERVICES[each.service.upper()], each.replacement)
        for each in found
        if each.service.upper() in _SERVICES and each.replacement not in ("", ".")
    ]
    return ways or [(each, _PREFIX[each] + host) for each in _AUTO]


def _addresses(
    transport: Transport, target: str, port: int, name: str
) -> Generator[Question, Records, list[Place]]:
    found = [target] if _is_address(target) else (yield Question(target, "ADDRESS"))
    return [Place(transport, str(each), port, name) for each in found][:MOST]


def _usual(transport: Transport) -> int:
    return 5061 if transport == "tls" else 5060


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
