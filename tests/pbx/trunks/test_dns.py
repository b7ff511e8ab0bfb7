"""DNS by dnspython: records become ours, what is not there is empty, no zone makes us ask without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import dns.asyncresolver
import dns.resolver
from dns.rdata import from_text
from dns.rdataclass import IN
from dns.rdatatype import RdataType

from pbx.trunks.dns import MOST_QUESTIONS, Resolver
from pbx.trunks.finding import Place, Question, Search, search

ZONE = {
    ("carrier.test", "NAPTR"): ['10 1 "s" "SIPS+D2T" "" _sips._tcp.carrier.test.'],
    ("_sips._tcp.carrier.test", "SRV"): ["10 1 5061 one.carrier.test.", "20 1 5062 two.carrier.test."],
    ("one.carrier.test", "A"): ["192.0.2.1"],
    ("two.carrier.test", "AAAA"): ["2001:db8::2"],
}


class Zone:
    """Answers from a table."""

    asked = 0

    async def resolve(self, name: str, kind: str, lifetime: float) -> list[Any]:
        self.asked += 1
        if (name, kind) not in ZONE:
            raise dns.resolver.NXDOMAIN
        return [from_text(IN, RdataType[kind], text) for text in ZONE[name, kind]]


def resolver(zone: Zone) -> Resolver:
    return Resolver(cast("dns.asyncresolver.Resolver", zone))


async def test_a_carrier_is_found() -> None:
    places = await resolver(Zone()).places(search("carrier.test", 0, "auto", lambda: 0.5))
    assert places == [
        Place("tls", "192.0.2.1", 5061, "carrier.test"),
        Place("tls", "2001:db8::2", 5062, "carrier.test"),
    ]
    assert await resolver(Zone()).places(search("nowhere.test", 0, "udp", lambda: 0.5)) == []


async def test_questions_without_end_end() -> None:
    def endless() -> Search:
        def ask() -> Iterator[Question]:
            while True:
                yield Question("a.test", "ADDRESS")

        return cast("Search", ask())

    zone = Zone()
    assert await resolver(zone).places(endless()) == []
    assert zone.asked == 2 * MOST_QUESTIONS
