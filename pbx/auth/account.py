"""What authentication knows of devices: their credentials, and the addresses they may use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from pbx.sip.uri import SipUri

Algorithm = Literal["MD5", "SHA-256"]

_PLAIN = re.compile(r"sips?:([A-Za-z0-9_.+\-]++)@([a-z0-9.\-]++)")


@dataclass(frozen=True, slots=True)
class Credential:
    """A device's right to log in at a site.

    `ha1` and `ha1_sha256` are `H(username:site:secret)` in lower-case hex; the secret itself is never kept.
    `legacy`: an old phone may answer without qop (RFC 2069). `seq` rises with each change, which ends what
    the earlier one had granted. `push`: the device's push subscription, JSON, or "".
    """

    site: str
    device: str
    username: str
    ha1: str
    ha1_sha256: str | None = None
    algorithm: Algorithm = "MD5"
    legacy: bool = False
    state: Literal["active", "revoked"] = "active"
    seq: int = 0
    push: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A device that has proved who it is, by the credential of this `seq`."""

    site: str
    device: str
    username: str
    seq: int = 0


class Credentials(Protocol):
    """Where credentials are found: in memory, without waiting."""

    def find(self, site: str, username: str) -> Credential | None:
        """The credential of a device by its digest user name, in any state."""


class Directory(Protocol):
    """Who owns which device, by the plan that runs now."""

    def may_use(self, site: str, device: str, user: str) -> bool:
        """Whether `sip:user@site` is an address of the device itself or of its owner."""


def address_of(uri: str) -> tuple[str, str]:
    """User (`""` if there is none) and host of a SIP URI: an address of record.

    Raises `PeerError` (400, 414, 416) for anything else.
    """
    plain = _PLAIN.fullmatch(uri)
    if plain is not None and len(uri) < 256:
        return plain[1], plain[2]
    parsed = SipUri.parse(uri)
    return parsed.user or "", parsed.host


def may_speak_as(identity: Identity, directory: Directory, user: str, host: str) -> bool:
    """Whether the device may call itself `sip:user@host`: its own address, or its owner's; nothing else."""
    return host == identity.site and (
        user == identity.username or directory.may_use(identity.site, identity.device, user)
    )
