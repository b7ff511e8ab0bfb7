"""Requests by a reverse proxy on this machine: it says who asks, and browsers speak TLS with it.

Only a connection from loopback may speak for others, and only its last word counts: what stands before it in
X-Forwarded-For the client wrote itself.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web


def told_by_proxy(request: web.Request) -> web.Request:
    """The request as the proxy's client sent it: `remote` and `scheme` are that client's."""
    client = _address(request.headers.getall("X-Forwarded-For", [""])[-1].rpartition(",")[2].strip())
    peer = _address((request.remote or "").partition("%")[0])
    if client is None or peer is None or not peer.is_loopback:
        return request
    scheme = request.headers.get("X-Forwarded-Proto", "https").strip().lower()
    return request.clone(remote=str(client), scheme="http" if scheme == "http" else "https")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
