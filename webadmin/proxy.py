"""Requests by a proxy on this machine: it says who asks, and browsers speak TLS with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def behind_proxy(app: Wsgi) -> Wsgi:
    """`app` with the words of a proxy on loopback believed; anybody else speaks for oneself."""
    believing = ProxyFix(app, x_for=1, x_proto=1)

    def ask(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not _is_loopback(environ.get("REMOTE_ADDR", "")):
            return app(environ, start)
        environ["wsgi.url_scheme"] = "https"  # unless the proxy says something else
        return believing(environ, start)

    return ask


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
