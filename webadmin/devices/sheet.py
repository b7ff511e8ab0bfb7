"""The sheet of a log-in, shown once: server, account, numbers, open digit; for people and for third-party
panels.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import segno
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.doors.plans import newest_plan
from webadmin.models import Device, Site
from webadmin.publishing.log_ins import NewLogIn
from webadmin.settings import Settings


def sheet(site: Site, made: NewLogIn, back: str) -> ResponseReturnValue:
    """The page with a log-in that was just made; `back` is where its button leads."""
    with lifted():
        where = (Device.site_id == site.id, Device.ref == made.device)
        device = db.session.scalars(select(Device).where(*where)).one()
    plan = newest_plan(site)
    panel = plan.panel(device.ref) if plan is not None else None
    numbers: list[tuple[str, str]] = []
    keys: list[tuple[str, str]] = []
    if plan is not None and panel is not None:
        at = datetime.now(UTC).astimezone(ZoneInfo(site.time_zone))
        for entry in plan.listing(panel.device, at):
            numbers.append((entry.label, entry.number or entry.user))
            numbers += [(choice.label, choice.number or choice.user) for choice in entry.choices]
        doors = {door.id: door.name for door in plan.directory.doors}
        keys = [(key.digit, doors.get(key.door, key.door)) for key in panel.keys]
        if panel.doors and all(digit != "5" for digit, _ in keys):
            keys.insert(0, ("5", doors.get(panel.doors[0], "")))
    return render_template(
        "devices/sheet.html", made=made, device=device, host=host(), ports=_settings().sip, back=back,
        numbers=numbers, keys=keys, code=qr(f"sip:{made.username}:{made.secret}@{site.domain}"),
    )  # fmt: skip


def host() -> str:
    """What telephones call this machine: its public name, else the name this page was asked by."""
    public = urlsplit(_settings().webadmin.public_url).hostname
    return public or request.host.rpartition(":")[0] or request.host


def register_at() -> str:
    """The SIP address where telephones register: by TLS where the machine has a public name."""
    sip = _settings().sip
    if _settings().webadmin.public_url.startswith("https://") and sip.tls_host:
        return f"sip:{host()}:{sip.tls_port};transport=tls"
    return f"sip:{host()}:{sip.tcp_port};transport=tcp"


def qr(text: str) -> Markup:
    """A QR code as SVG (ISO/IEC 18004)."""
    return Markup(segno.make(text, micro=False).svg_inline(scale=4, border=2, dark="#000", light="#fff"))


def _settings() -> Settings:
    found: Settings = current_app.config["DOORLINE"]
    return found
