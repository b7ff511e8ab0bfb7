"""A relay with a web server (RFC 9110): one GET, or a POST with a body, opens the door.

The address stands in the plan, which admins write; where it may lead stands in the settings, which the
operator of the server writes (security S17): only hosts of that list are asked, no redirect is followed and
no proxy is used. A log-in belongs to its host and never stands in a plan.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import aiohttp
from yarl import URL

from pbx.doors.opener import Done, OpenOrder
from pbx.tasks import Tasks

SECONDS = 1.8
"""The opener gives up after 2 s."""


@dataclass(frozen=True, slots=True)
class RelayHost:
    """A host that may be asked. `host` is a name or address, `port` None for the scheme's own; the log-in is
    "none", "basic" or "digest" (user and secret), or "bearer" (secret alone)."""

    host: str
    port: int | None = None
    login: Literal["none", "basic", "digest", "bearer"] = "none"
    user: str = ""
    secret: str = ""


class HttpDriver:
    """Drives the doors whose `driver` is "http".

    Args:
        hosts: the allow-list.
        settled: run after an answer (it drains the SIP driver).
    """

    def __init__(self, hosts: Sequence[RelayHost], settled: Callable[[], None] = lambda: None) -> None:
        self._hosts = {(host.host.lower(), host.port): host for host in hosts}
        self._settled, self._tasks = settled, Tasks("doors-http")

    def open(self, order: OpenOrder, done: Done, now: float) -> None:
        """Ask the relay, beside the loop's other work; `done` follows within 2 s."""
        try:
            url = URL(filled(order.door.address, order), encoded=True)
            host = self._allowed(url)
        except ValueError:
            host = None
        if host is None or order.action != "open":
            done(False, "host_not_allowed" if host is None else "no_hold", now)
            return
        self._tasks.spawn(self._ask(host, url, order, done), name=order.door.id)

    async def close(self) -> None:
        """Give up what is under way."""
        await self._tasks.close()

    def _allowed(self, url: URL) -> RelayHost | None:
        if url.scheme not in ("http", "https") or url.user is not None or not url.host:
            return None
        found = self._hosts.get((url.host.lower(), url.port))
        usual = url.port == {"http": 80, "https": 443}[url.scheme]
        return found if found is not None or not usual else self._hosts.get((url.host.lower(), None))

    async def _ask(self, host: RelayHost, url: URL, order: OpenOrder, done: Done) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                detail = await _request(host, url, filled(order.door.payload, order))
        except TimeoutError:
            detail = "timeout"
        except (aiohttp.ClientError, OSError):
            detail = "unreachable"
        done(detail == "opened", detail, time.monotonic())
        self._settled()


def filled(text: str, order: OpenOrder) -> str:
    """The text with the open time in it."""
    seconds = f"{order.seconds:g}"
    return text.replace("{seconds}", seconds).replace("{ms}", str(round(order.seconds * 1000)))


async def _request(host: RelayHost, url: URL, body: str) -> str:
    headers, middlewares = dict[str, str](), list[aiohttp.ClientMiddlewareType]()
    if host.login == "bearer":
        headers["Authorization"] = f"Bearer {host.secret}"
    elif host.login == "basic":
        headers["Authorization"] = aiohttp.encode_basic_auth(host.user, host.secret)
    elif host.login == "digest":
        middlewares.append(aiohttp.DigestAuthMiddleware(host.user, host.secret))
    async with (
        aiohttp.ClientSession(trust_env=False, middlewares=tuple(middlewares)) as session,
        session.request(
            "POST" if body else "GET",
            url,
            data=body.encode() or None,
            headers=headers,
            allow_redirects=False,
        ) as response,
    ):
        return "opened" if 200 <= response.status < 300 else f"status_{response.status}"
