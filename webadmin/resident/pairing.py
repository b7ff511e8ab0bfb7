"""POST /api/v1/pair: a code for a log-in, and for the keys that are pinned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from webadmin.auth.entering import WAIT
from webadmin.auth.reach import lifted
from webadmin.db import writing
from webadmin.models import Credential
from webadmin.pairing import service
from webadmin.pairing.keys import public_key
from webadmin.resident.acting import tell_pbx
from webadmin.resident.answers import Body, Problem, taken
from webadmin.resident.bearer import token_of
from webadmin.talking import addresses

PBX_KEY = "order_ed25519.pub"
ADMIN_KEY = "pass_ed25519.pub"
NOT_READY = "The door server has made no key yet. Start it once; the code is still good."
NO_CODE = "That code does not work. It is good for ten minutes, and once. Ask for a new one."


class Code(Body):
    """What a device sends."""

    code: Annotated[str, Field(min_length=8, max_length=20)]
    kind: Literal["panel", "controller", "station", "agent"]
    public_key: Annotated[str, Field(max_length=2048)] = ""


def add_to(api: Blueprint) -> None:
    """Add the route."""
    api.post("/pair")(pair)


def pair() -> ResponseReturnValue:
    """Trade a code for a log-in."""
    body, at = taken(Code), datetime.now(UTC)
    if body.kind == "agent" and None in _keys().values():
        raise Problem(503, "not_ready", NOT_READY)  # it would have nothing to pin, and the code were gone
    source = request.remote_addr or ""
    with lifted(), writing() as session:
        done = service.pair(session, body.code, body.kind, body.public_key, source, at)
        answer = {} if isinstance(done, service.PairingRefused) else _answer(session, done)
    if isinstance(done, service.PairingRefused):
        if done.wait:
            raise Problem(429, "too_many_tries", WAIT.reason)
        raise Problem(404, "no_code", NO_CODE, "code")
    tell_pbx()
    return answer


def _answer(session: Any, done: service.Paired) -> dict[str, Any]:
    where, made = addresses(), done.log_in
    credential = session.query(Credential).filter_by(site=made.site, device=made.device).one()
    return {
        "site": made.site,
        "device": made.device,
        "kind": done.device.kind,
        "name": done.device.name or made.device,
        "username": made.username,
        "secret": made.secret,
        "token": token_of(credential),
        "server": where["wss"],
        "wss": where["wss"],
        "pbx": where["pbx"],
        "directory": f"{where['pbx']}/panels/directory",
        **_keys(),
        "ice": [],
    }


def _keys() -> dict[str, str | None]:
    keys = current_app.config["DOORLINE"].paths.var / "keys"
    return {"pbx_key": public_key(keys, PBX_KEY), "admin_key": public_key(keys, ADMIN_KEY)}
