"""`/metrics`: the rooms' counters in Prometheus' text format, for loopback or with a token."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Protocol

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from pbx.web.meanings import COUNTERS, HELP

Stats = Callable[[], Mapping[str, float]]

_NOT_A_NAME = re.compile(r"[^a-z0-9_]")
_LABELS = re.compile(r"([^{]+)(?:\{(.*)\})?")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Lateness(Protocol):
    """How late timers come."""

    sum: float

    def histogram(self) -> list[tuple[str, float]]:
        """Cumulative counts by upper bound in seconds."""


class _Rooms(Collector):
    """What `Control.stats` says, each name with `doorline_` before it, with type and help where known."""

    def __init__(self, stats: Stats, lateness: Lateness | None) -> None:
        self._stats = stats
        self._lateness = lateness

    def collect(self) -> Iterator[Metric]:
        """One family a name; samples of one family differ by their labels."""
        families: dict[str, Metric] = {}
        for key, value in sorted(self._stats().items()):
            found = _LABELS.fullmatch(key)
            plain, inside = (found[1], found[2]) if found is not None else (key, None)
            name = "doorline_" + _NOT_A_NAME.sub("_", plain.lower())
            labels = dict(pair.split("=", 1) for pair in inside.split(",")) if inside else {}
            family = families.setdefault(name, _family(plain, name))
            sample = f"{name}_total" if family.type == "counter" else name
            family.add_sample(sample, labels, value)
        yield from families.values()
        if self._lateness is not None:
            text = "How late timers of the event loop come, in seconds."
            late = HistogramMetricFamily("doorline_timer_lateness_seconds", text)
            late.add_metric([], self._lateness.histogram(), self._lateness.sum)
            yield late


def _family(plain: str, name: str) -> Metric:
    """The empty family of a name: counters are told by what they count, everything else is a gauge."""
    text = HELP.get(plain)
    if plain in COUNTERS:
        return Metric(name, text or plain.replace("_", " "), "counter")
    return Metric(name, text or plain.replace("_", " "), "gauge" if text else "unknown")


class Metrics:
    """Answers with the counters of this moment.

    Args:
        stats: counters and gauges by name.
        token: lets others than loopback in, as `Authorization: Bearer TOKEN`; empty: nobody else.
        lateness: of timers, where it is measured.
    """

    def __init__(self, stats: Stats, token: str = "", lateness: Lateness | None = None) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Rooms(stats, lateness))
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
