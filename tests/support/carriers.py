"""Carriers on the virtual clock: trunks whose flows lead to engines of the test's own."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Coroutine
from typing import Any, cast

from dialplan.rows import RateRow, TelephonyRow
from pbx.facts import Facts
from pbx.sip.engine import Engine
from pbx.transport.driver import Driver
from pbx.transport.gate import Gate
from pbx.trunks.desk import TrunkDesk
from pbx.trunks.finding import Place, Search
from pbx.trunks.guard import Guard, Use
from pbx.trunks.link import Ground
from pbx.trunks.trunk import Trunk

LIMITS = TelephonyRow(
    countries=("NO",), calls=2, minutes_per_day=60, money_per_day=10_000, rates=(RateRow("+47", 100),)
)


def trunk(ref: str = "carrier", **changes: Any) -> Trunk:
    """A peered trunk."""
    fields: dict[str, Any] = {
        "ref": ref,
        "name": ref.title(),
        "kind": "peered",
        "host": "192.0.2.50",
        "port": 0,
        "transport": "tcp",
        "username": "",
        "realm": "carrier.example",
        "password": "",
        "from_domain": "carrier.example",
        "addresses": ("192.0.2.48/29",),
        "listen_port": 0,
        "srtp": False,
        "number_format": "plus",
        "caller_id": "+4722000000",
        "expires": 300,
        "options_seconds": 30,
        **changes,
    }
    return Trunk(**fields)


def registering(ref: str = "carrier", **changes: Any) -> Trunk:
    """A trunk that logs in."""
    account = {"kind": "registering", "username": "doorline", "password": "s3cret", "addresses": ()}
    return trunk(ref, **{**account, **changes})


class PlayedDriver:
    """A driver of which a link wants the clock only: messages travel by the exchange."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock

    def touch(self) -> None:
        """Nothing is to be drained."""

    def drain(self, now: float | None = None) -> None:
        """The exchange settles by itself."""


class NoFinder:
    """Nobody is looked for: flows are handed over by the test."""

    async def places(self, search: Search) -> list[Place]:
        search.close()
        return []


def desk(
    engine: Engine,
    clock: Callable[[], float],
    token: Callable[[], str],
    feed: Facts,
    saved: list[Use],
    day: Callable[[str], str],
) -> TrunkDesk:
    """Trunks without a socket."""
    ground = Ground(
        engine=engine,
        driver=cast("Driver", PlayedDriver(clock)),
        gate=Gate(),
        finder=NoFinder(),
        host="127.0.0.1",
        token=token,
        chance=lambda: 0.5,
        spawn=_never,
        server_context=_no_tls,
        client_context=_no_tls,
    )
    return TrunkDesk(ground, Guard(day, saved.append, feed.publish), feed.publish)


def _never(work: Coroutine[Any, Any, None]) -> None:
    work.close()


def _no_tls() -> ssl.SSLContext:
    raise AssertionError("no TLS here")
