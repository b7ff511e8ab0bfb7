"""GET /api/v1/panel/passes: the papers of the device that asks, by its token, with an ETag."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.guests.service import PassRefused, as_pass, running_plan
from webadmin.models import Credential, GuestPass, Site
from webadmin.papers.signing import Holder, papers
from webadmin.resident.bearer import token_of

pages = Blueprint("papers", __name__)
LONGEST = 512


@pages.get("/api/v1/panel/passes")
def passes() -> ResponseReturnValue:
    """The papers of a panel or controller; none for anything else."""
    with lifted():
        credential = _credential(request.headers.get("Authorization", ""))
        if credential is None:
            return {"error": "token", "message": "This device is not known.", "field": None}, 401
        site = db.session.scalars(select(Site).where(Site.domain == credential.site)).one()
        try:
            plan = running_plan(db.session(), site)
        except PassRefused:
            return {"passes": []}
        found = plan.device(credential.device)
        if found is None or found.kind not in ("panel", "controller"):
            return {"error": "device", "message": "This device opens no doors.", "field": None}, 403
        rows = db.session.scalars(
            select(GuestPass).where(GuestPass.site == site.domain, GuestPass.state == "active")
        )
        holder = Holder(credential.device, credential.username)
        key = current_app.extensions["doorline.pass_key"]
        made = papers(key, plan, holder, map(as_pass, rows), datetime.now(UTC))
    body = json.dumps({"passes": made}, separators=(",", ":"))
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    return response.make_conditional(request)


def _credential(header: str) -> Credential | None:
    scheme, _, given = header.partition(" ")
    parts = given.strip().split(";")
    if scheme.lower() != "bearer" or len(header) > LONGEST or len(parts) != 3:
        return None
    where = (Credential.site == parts[0], Credential.device == parts[1])
    found = db.session.scalars(select(Credential).where(*where)).one_or_none()
    wanted = token_of(found) if found is not None else ""
    right = hmac.compare_digest(wanted.encode(), given.strip().encode("utf-8", "surrogateescape"))
    return found if right and wanted else None
