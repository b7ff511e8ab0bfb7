"""A resident's change of a site: saved, compiled, published; or a problem that says why not."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from flask import current_app, g

from webadmin.auth.reach import lifted
from webadmin.editing.act import STALE
from webadmin.editing.changes import Edit, Refused, Stale, change
from webadmin.pbx_link import PbxAway, PbxLink
from webadmin.publishing.log_ins import NewLogIn
from webadmin.resident.answers import Problem


def published(site_id: int, edit: Edit, note: str) -> tuple[NewLogIn, ...]:
    """Change a site as this account; returns new log-ins.

    Raises:
        Problem: the outcome would not work (422), or somebody was quicker (409).
    """
    who, account_id, at = g.account.email, g.account.id, datetime.now(UTC)
    try:
        with lifted():
            return change(site_id, edit, who=who, account_id=account_id, note=note, at=at).log_ins
    except Stale:
        raise Problem(409, "stale", STALE) from None
    except Refused as fault:
        raise Problem(422, "refused", "That would not work: {0}", None, str(fault.errors[0])) from None


def tell_pbx() -> None:
    """Let the PBX read before the browser goes on; when it is away it reads by itself later."""
    link: PbxLink = current_app.extensions["doorline.pbx"]
    with suppress(PbxAway):
        link.reload()
