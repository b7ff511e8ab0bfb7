""" "Ring me now" and "why did it not ring?", asked of the PBX in the name of one's own device."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webadmin.db import db
from webadmin.resident.answers import Body, Problem, nothing_there, taken
from webadmin.resident.bearer import token_of
from webadmin.resident.own_devices import credential_of
from webadmin.resident.pbx_side import NoAnswer, ask
from webadmin.resident.whose import own_device, site_of

AWAY = "The door server did not answer just now. Try again in a minute."


class Which(Body):
    """One of one's devices."""

    device: int


def add_to(api: Blueprint) -> None:
    """Add the routes."""
    api.post("/test-ring")(test_ring)
    api.get("/receipts")(receipts)


def test_ring() -> ResponseReturnValue:
    """Ring this device as a visitor would, for twenty seconds."""
    return _asked("POST", "/device/ring", taken(Which).device)


def receipts() -> ResponseReturnValue:
    """What became of the calls of the last day at this device: `?device=NUMBER`."""
    key = request.args.get("device", "")
    if not key.isdecimal() or len(key) > 18:
        raise nothing_there()
    return _asked("GET", "/device/receipts", int(key))


def _asked(method: str, path: str, key: int) -> dict[str, Any]:
    device = own_device(db.session(), key)
    credential = credential_of(site_of(device).domain, device.ref)
    token = token_of(credential) if credential is not None else ""
    if not token:
        raise nothing_there()
    try:
        return ask(method, path, token)
    except NoAnswer:
        raise Problem(503, "away", AWAY) from None
