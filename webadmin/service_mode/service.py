"""The service mode of a panel as the PBX knows it, and the picture it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webadmin.auth.reach import lifted
from webadmin.db import db
from webadmin.models import Credential
from webadmin.pbx_link import PbxLink
from webadmin.resident.bearer import token_of
from webadmin.resident.pbx_side import NoAnswer, fetch

JPEG_BEGIN = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Standing:
    """`announced`: the panel's screen says so. `picture`: the number of the one there is; 0: none yet."""

    until: datetime
    by: str
    announced: bool
    picture: int
    taken: datetime | None


def standing(link: PbxLink, domain: str, username: str) -> Standing | None:
    """The service mode of a panel now; None when it is in none.

    Raises:
        PbxAway: the PBX does not answer.
    """
    for each in link.listing("PanelList", "PanelListComplete", Site=domain):
        if each.get("Panel") == username and "ServiceUntil" in each:
            number = each.get("Picture", "")
            return Standing(
                datetime.fromisoformat(each["ServiceUntil"]),
                each.get("ServiceBy", "").rpartition(": ")[2],
                each.get("Announced") == "Yes",
                int(number) if number.isdecimal() else 0,
                datetime.fromisoformat(each["PictureTaken"]) if "PictureTaken" in each else None,
            )
    return None


def picture(domain: str, device: str) -> bytes:
    """The picture there is, as a JPEG; empty: none."""
    with lifted():
        query = select(Credential).where(Credential.site == domain, Credential.device == device)
        credential = db.session.scalars(query).first()
    token = token_of(credential) if credential is not None else ""
    if not token:
        return b""
    try:
        found = fetch("GET", "/panels/service", token)
    except NoAnswer:
        return b""
    return found if found.startswith(JPEG_BEGIN) else b""
