"""An alarm by a signed HTTP POST.

`Doorline-Signature: v1=<hex>` is HMAC-SHA256 of `<timestamp>.<body>`; the receiver compares it, refuses a
timestamp too old, and drops an id it has seen. Hosts stand in a list, redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp

from pbx.alarms.book import Message

SECONDS = 10.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotAllowed(ValueError):
    """The address is not one alarms may be sent to."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where alarms are posted, and the secret that signs them."""

    url: str
    secret: str

    @classmethod
    def to(cls, url: str, secret: str, hosts: Collection[str]) -> Hook:
        """A hook at one of `hosts`.

        Raises:
            NotAllowed: another host, plain HTTP beyond this machine, or no secret.
        """
        parts = urlsplit(url)
        if parts.hostname not in hosts:
            raise NotAllowed(f"the webhook's host {parts.hostname} is not in alarms.webhook_hosts")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise NotAllowed("a webhook is https, or http on this machine")
        if len(secret) < 16:
            raise NotAllowed("alarms.webhook_secret needs 16 characters or more")
        return cls(url, secret)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the receiver computes too."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def post(hook: Hook, message: Message, now: datetime) -> None:
    """Send one alarm; the same id at every try, a timestamp of its own.

    Raises:
        OSError: it was not taken (another status than 2xx, no answer); try again later.
    """
    body = json.dumps(
        {
            "id": message.id,
            "state": message.state,
            "site": message.site,
            "kind": message.kind,
            "subject": message.subject,
            "detail": message.detail,
            "at": message.at.isoformat(),
        }
    ).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "Doorline-Id": message.id,
        "Doorline-Timestamp": timestamp,
        "Doorline-Signature": signature(hook.secret, timestamp, body),
    }
    limit = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as client,
            client.post(hook.url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if not 200 <= answer.status < 300:
                raise OSError(f"status {answer.status}")
    except (aiohttp.ClientError, TimeoutError) as fault:
        raise OSError(str(fault) or type(fault).__name__) from None
