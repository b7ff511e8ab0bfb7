"""How a browser may be woken: its push subscription, kept with its log-in (RFC 8030)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.db import db, writing
from webadmin.models import Credential, next_number
from webadmin.publishing.log_ins import COUNTER
from webadmin.resident.acting import tell_pbx
from webadmin.resident.answers import Body, Problem, nothing_there, taken
from webadmin.resident.whose import own_device, site_of

KEY = "vapid_p256.pub"
NO_SERVICE = "This browser's push service is not one we send to. Choose another browser, or ask the admin."
Base64 = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_-]+=*$")]


class Keys(Body):
    """What a browser's letters are encrypted with."""

    p256dh: Base64
    auth: Base64


class Wanted(Body):
    """A browser's subscription; `device`: the number its log-in has."""

    device: int
    endpoint: Annotated[str, Field(min_length=1, max_length=2048)]
    keys: Keys


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.get("/push/key")(push_key)
    api.post("/push")(subscribe)
    api.delete("/push")(unsubscribe)


def push_key() -> ResponseReturnValue:
    """The key by which push services know this server."""
    path = current_app.config["DOORLINE"].paths.var / "keys" / KEY
    try:
        return {"key": path.read_text(encoding="ascii").strip()}
    except OSError:
        raise Problem(503, "away", "Nothing was saved and nothing is lost. Try again in a minute.") from None


def subscribe() -> ResponseReturnValue:
    """Keep the subscription of one of one's own browsers."""
    body = taken(Wanted)
    own_device(db.session(), body.device)
    if not may_post(body.endpoint, current_app.config["DOORLINE"].push.hosts):
        raise Problem(422, "no_push_service", NO_SERVICE, "endpoint")
    for name, length in (("p256dh", 65), ("auth", 16)):
        if _length(getattr(body.keys, name)) != length:
            raise Problem(422, "invalid", "This value is not right. Nothing was changed.", f"keys.{name}")
    keys = {"p256dh": body.keys.p256dh, "auth": body.keys.auth}
    _keep(body.device, {"endpoint": body.endpoint, "keys": keys})
    return "", 204


def unsubscribe() -> ResponseReturnValue:
    """Forget it: `?device=NUMBER`."""
    key = request.args.get("device", "")
    if not key.isdecimal() or len(key) > 18:
        raise nothing_there()
    own_device(db.session(), int(key))
    _keep(int(key), None)
    return "", 204


def _keep(key: int, subscription: dict[str, object] | None) -> None:
    device = own_device(db.session(), key)
    domain, ref = site_of(device).domain, device.ref
    with lifted(), writing() as session:
        where = (Credential.site == domain, Credential.device == ref, Credential.state == "active")
        row = session.scalars(select(Credential).where(*where)).one_or_none()
        if row is None:
            raise nothing_there()
        if row.push_subscription == subscription:
            return
        row.push_subscription = subscription
        with session.no_autoflush:
            row.seq = next_number(session, COUNTER)
        row.changed_at = datetime.now(UTC)
    tell_pbx()


def may_post(endpoint: str, hosts: Iterable[str]) -> bool:
    """Whether an address is one of a push service of the list, as `pbx.push.subscription` sees it."""
    try:
        split = urlsplit(endpoint)
        port = split.port or 443
    except ValueError:
        return False
    name = (split.hostname or "").lower()
    if split.scheme != "https" or not name or "@" in split.netloc:
        return False
    for listed in hosts:
        host, _, wanted = listed.lower().partition(":")
        fits = name.endswith(host[1:]) if host.startswith("*.") else name == host
        if fits and port == int(wanted or 443):
            return True
    return False


def _length(text: str) -> int:
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return 0
