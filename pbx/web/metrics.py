"""`/metrics`: the rooms' counters in Prometheus' text format, for loopback or with a token."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import Metric, UntypedMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

Stats = Callable[[], Mapping[str, float]]

_NOT_A_NAME = re.compile(r"[^a-z0-9_]")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class _Rooms(Collector):
    """What `Control.stats` says, each name with `doorline_` before it."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        """One sample a name."""
        for name, value in self._stats().items():
            safe = _NOT_A_NAME.sub("_", name.lower())
            yield UntypedMetricFamily(f"doorline_{safe}", name.replace("_", " "), value=value)


class Metrics:
    """Answers with the counters of this moment.

    Args:
        stats: counters and gauges by name.
        token: lets others than loopback in, as `Authorization: Bearer TOKEN`; empty: nobody else.
    """

    def __init__(self, stats: Stats, token: str = "") -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Rooms(stats))
        ProcessCollector(registry=self._registry)
        self._token = token.encode()

    async def answer(self, request: web.Request) -> web.Response:
        """Handle one request."""
        if not (_from_here(request) or self._knows_token(request)):
            raise web.HTTPForbidden(text="metrics are for this machine, or with a token\n")
        text = generate_latest(self._registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _knows_token(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if not self._token or scheme.lower() != "bearer":
            return False
        return hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self._token)


def _from_here(request: web.Request) -> bool:
    """Whether a program of this machine asks for itself, and not a proxy for somebody else."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address((request.remote or "").partition("%")[0]).is_loopback
    except ValueError:
        return False
