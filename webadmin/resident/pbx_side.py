"""Asks the PBX's small HTTP side in the name of one of one's devices."""

from __future__ import annotations

import http.client
import json
from typing import Any

from flask import current_app
from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Credential, Device
from webadmin.resident.bearer import token_of
from webadmin.resident.whose import Own

SECONDS = 1.0
LARGEST_ANSWER = 512 * 1024


class NoAnswer(Exception):
    """The PBX is away, or refuses."""


def door_states(own: Own) -> dict[str, str]:
    """What doors are at the moment, by id: "locked", "open", "held", "locked_down"; empty when unknown."""
    with lifted():
        query = select(Credential).join(
            Device, (Device.ref == Credential.device) & (Device.site_id == own.site.id)
        )
        where = (Credential.site == own.site.domain, Device.person_id == own.person.id)
        credentials = db.session.scalars(query.where(*where, Credential.state == "active")).all()
    for credential in credentials[:1]:
        try:
            answer = ask("GET", "/device/doors", token_of(credential))
        except NoAnswer:
            return {}
        return {str(door["id"]): str(door["state"]) for door in answer.get("doors", ())}
    return {}


def ask(method: str, path: str, token: str) -> dict[str, Any]:
    """One question whose answer is an object.

    Raises:
        NoAnswer: as `fetch`, or it is none.
    """
    try:
        found = json.loads(fetch(method, path, token))
    except ValueError as fault:
        raise NoAnswer(type(fault).__name__) from None
    if not isinstance(found, dict):
        raise NoAnswer("no object")
    return found


def fetch(method: str, path: str, token: str) -> bytes:
    """One question, on this machine or wherever the PBX's plain port is.

    Raises:
        NoAnswer: there was no good one.
    """
    side = current_app.config["DOORLINE"].http
    host = "127.0.0.1" if side.host in ("", "0.0.0.0", "::", "localhost") else side.host
    connection = http.client.HTTPConnection(host, side.port, timeout=SECONDS)
    try:
        connection.request(method, path, headers={"Authorization": f"Bearer {token}", "Content-Length": "0"})
        answer = connection.getresponse()
        content = answer.read(LARGEST_ANSWER)
        if answer.status != 200:
            raise NoAnswer(f"status {answer.status}")
        return content
    except (OSError, http.client.HTTPException) as fault:
        raise NoAnswer(type(fault).__name__) from None
    finally:
        connection.close()
