"""A flow: the path a message came by and its answer leaves by (RFC 5626 section 3.1)."""

from __future__ import annotations

from typing import Literal

Transport = Literal["udp", "tcp", "tls", "ws", "wss"]
Address = tuple[str, int]

_RELIABLE = frozenset(("tcp", "tls", "ws", "wss"))
_SECURE = frozenset(("tls", "wss"))


class Flow:
    """One UDP pair of addresses or one connection; compared and hashed by identity.

    ``channel`` belongs to the transport and means nothing here. ``identity`` is set by the user of the
    stack once the peer has proved who it is. UDP flows are interned by the transport, so that ``is`` works
    for them too.
    """

    __slots__ = ("alive", "channel", "identity", "local", "reliable", "remote", "secure", "transport")

    def __init__(self, transport: Transport, local: Address, remote: Address, channel: object = None) -> None:
        self.transport = transport
        self.local = local
        self.remote = remote
        self.channel = channel
        self.alive = True
        self.identity: object | None = None
        self.reliable = transport in _RELIABLE
        self.secure = transport in _SECURE

    def __repr__(self) -> str:
        state = "" if self.alive else " dead"
        return f"<Flow {self.transport} {self.remote[0]}:{self.remote[1]}{state}>"
