"""Asks DNS what a search wants to know, by dnspython; a name that is not there is an empty answer."""

from __future__ import annotations

import logging

import dns.asyncresolver
import dns.exception
from dns.rdtypes.IN.NAPTR import NAPTR
from dns.rdtypes.IN.SRV import SRV

from pbx.trunks.finding import Naptr, Place, Question, Records, Search, Srv

log = logging.getLogger("doorline.trunks")

ASK_SECONDS = 5.0
MOST_QUESTIONS = 30
"""More than any sound carrier needs; no zone makes us ask without end."""


class Resolver:
    """Drives searches. `resolver` None: the one of this machine's configuration."""

    def __init__(self, resolver: dns.asyncresolver.Resolver | None = None) -> None:
        self._resolver = resolver

    async def places(self, search: Search) -> list[Place]:
        """Carry a search through; an empty list when nothing was found."""
        try:
            question = next(search)
            for _ in range(MOST_QUESTIONS):
                question = search.send(await self._ask(question))
        except StopIteration as found:
            places: list[Place] = found.value
            return places
        search.close()
        return []

    async def _ask(self, question: Question) -> Records:
        if question.kind == "ADDRESS":
            return await self._addresses(question.name)
        records = await self._look_up(question.name, question.kind)
        if question.kind == "NAPTR":
            return [_naptr(each) for each in records if isinstance(each, NAPTR)]
        return [
            Srv(each.priority, each.weight, each.port, _name(each.target))
            for each in records
            if isinstance(each, SRV)
        ]

    async def _addresses(self, name: str) -> list[str]:
        four = [str(each) for each in await self._look_up(name, "A")]
        return four or [str(each) for each in await self._look_up(name, "AAAA")]

    async def _look_up(self, name: str, kind: str) -> list[object]:
        if self._resolver is None:
            self._resolver = dns.asyncresolver.get_default_resolver()
        try:
            answer = await self._resolver.resolve(name, kind, lifetime=ASK_SECONDS)
        except dns.exception.DNSException as fault:
            log.debug("%s %s: %s", kind, name, type(fault).__name__)
            return []
        return list(answer)


def _naptr(record: NAPTR) -> Naptr:
    service = record.service.decode("ascii", "replace")
    return Naptr(record.order, record.preference, service, _name(record.replacement))


def _name(name: object) -> str:
    return str(name).rstrip(".")
