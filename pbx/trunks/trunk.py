"""What a trunk is, as the database says it [S]."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Literal

from pbx.trunks.numbers import NumberFormat

TrunkTransport = Literal["auto", "udp", "tcp", "tls"]


@dataclass(frozen=True, slots=True)
class TrunkShown:
    """A trunk as operators see it; `state` in Asterisk's words."""

    ref: str
    name: str
    kind: str
    host: str
    username: str
    state: str
    cause: str
    calls: int


@dataclass(frozen=True, slots=True)
class Trunk:
    """One carrier; the password is shown in no `repr`.

    Attributes:
        ref: its id; trunks are tried in the order in which they are handed over.
        port: 0: by DNS, else the usual one. realm, from_domain: never "".
        addresses: CIDRs that it may call from, besides the address that we speak to.
        expires, options_seconds: seconds.
    """

    ref: str
    name: str
    kind: Literal["registering", "peered"]
    host: str
    port: int
    transport: TrunkTransport
    username: str
    realm: str
    password: str = field(repr=False)
    from_domain: str
    addresses: tuple[str, ...]
    listen_port: int
    srtp: bool
    number_format: NumberFormat
    caller_id: str
    expires: int
    options_seconds: int

    def sends_from(self, host: str) -> bool:
        """Whether `host` (a numeric address) is in the trunk's own list."""
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return any(address in ip_network(network, strict=False) for network in self.addresses)

    @property
    def uri_host(self) -> str:
        """Its host as URIs write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host
