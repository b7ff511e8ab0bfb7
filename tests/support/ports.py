"""Port numbers on loopback that are free at the moment of asking."""

from __future__ import annotations

import socket


def free_port(kind: str = "tcp", host: str = "127.0.0.1") -> int:
    """A free port of `kind` ("tcp" or "udp") on `host`; the caller should bind it at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
