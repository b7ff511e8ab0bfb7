"""The token by which a device asks the HTTP side: `SITE;DEVICE;HEX`, made from its log-in [S].

HEX is HMAC-SHA-256 of "doorline bearer" under the device's HA1 (as kept, 32 hex digits), so nobody but who
knows the secret can make one, and nothing more need be stored. `webadmin.resident.bearer` makes them.
"""

from __future__ import annotations

import hmac
from typing import Protocol

from pbx.auth.account import Credential, Identity

PURPOSE = b"doorline bearer"
LONGEST = 512


class ByDevice(Protocol):
    """Where log-ins are found by device."""

    def of_device(self, site: str, device: str) -> Credential | None:
        """The device's log-in, in any state."""


def token_of(credential: Credential) -> str:
    """The token of a device."""
    proof = hmac.new(credential.ha1.encode(), PURPOSE, "sha256").hexdigest()
    return f"{credential.site};{credential.device};{proof}"


class Bearers:
    """Says who asks, and counts tokens that are nobody's: forged, revoked, or of another device."""

    def __init__(self, credentials: ByDevice) -> None:
        self._credentials = credentials
        self._refused = 0

    def __call__(self, header: str) -> Identity | None:
        """Who sends this `Authorization` header; None for nobody."""
        found = check(header, self._credentials)
        self._refused += found is None and header != ""
        return found

    def stats(self) -> dict[str, float]:
        """For metrics."""
        return {"refused": self._refused}


def check(header: str, credentials: ByDevice) -> Identity | None:
    """Who sends this `Authorization` header; None for nobody. An unknown device costs the same."""
    scheme, _, given = header.partition(" ")
    parts = given.strip().split(";")
    if scheme.lower() != "bearer" or len(header) > LONGEST or len(parts) != 3:
        return None
    site, device, proof = parts
    credential = credentials.of_device(site, device)
    usable = credential is not None and credential.state == "active" and bool(credential.ha1)
    known = credential if credential is not None and usable else Credential(site, device, device, "0" * 32)
    wanted = token_of(known).rpartition(";")[2]
    right = hmac.compare_digest(wanted.encode(), proof.encode("utf-8", "surrogateescape"))
    if credential is None or not usable or not right:
        return None
    return Identity(credential.site, credential.device, credential.username, credential.seq)
