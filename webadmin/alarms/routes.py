"""The page of alarms."""

from __future__ import annotations

from flask import Blueprint, current_app, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webadmin.alarms import service
from webadmin.auth.wall import organisation_only
from webadmin.db import db
from webadmin.models import Device, Door
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.shell import sites

pages = Blueprint("alarms", __name__)


@pages.get("/alarms")
@organisation_only
def index() -> ResponseReturnValue:
    """Everything that stands, with what to do."""
    link: PbxLink = current_app.extensions["doorline.pbx"]
    known = {each.domain: each for each in sites()}
    found: list[service.Alarm] | None
    try:
        found = service.standing(link, known, g.reach.everything)
    except PbxAway:
        found = None
    names: dict[tuple[int, str], str] = {}
    for columns in ((Device.site_id, Device.ref, Device.name), (Door.site_id, Door.ref, Door.name)):
        names |= {(site_id, ref): name for site_id, ref, name in db.session.execute(select(*columns)) if name}
    return render_template("alarms/index.html", alarms=found, known=known, names=names)
