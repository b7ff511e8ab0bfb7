"""A browser's push subscription, and which push services we speak to at all [S]."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST = 2048


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where to post, and the keys to encrypt with, in base64url: a point of 65 bytes, and 16 bytes."""

    endpoint: str
    p256dh: str
    auth: str


def parse(text: str) -> Subscription | None:
    """A subscription as WebAdmin keeps it: JSON with endpoint and keys; None for anything else."""
    try:
        fields = json.loads(text) if 0 < len(text) <= 2 * LONGEST else {}
        keys = fields["keys"]
        found = Subscription(fields["endpoint"], keys["p256dh"], keys["auth"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(each, str) for each in (found.endpoint, found.p256dh, found.auth)):
        return None
    return found if _length(found.p256dh) == 65 and _length(found.auth) == 16 else None


def may_post(endpoint: str, hosts: Iterable[str]) -> bool:
    """Whether an address is one of a push service we know: https, no user, a listed host.

    `hosts`: names, `*.` before one for all below it, or `name:port` for another port than 443.
    """
    try:
        split = urlsplit(endpoint)
        port = split.port or 443
    except ValueError:
        return False
    name = (split.hostname or "").lower()
    if split.scheme != "https" or not name or "@" in split.netloc or len(endpoint) > LONGEST:
        return False
    return any(_same(name, port, each.lower()) for each in hosts)


def _same(name: str, port: int, listed: str) -> bool:
    host, _, wanted = listed.partition(":")
    if port != int(wanted or 443):
        return False
    return name.endswith(host[1:]) if host.startswith("*.") else name == host


def _length(text: str) -> int:
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return 0
