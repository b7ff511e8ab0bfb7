"""Whether panels and controllers are there now, and with which software: as the PBX knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webadmin.pbx_link import PbxAway, PbxLink


@dataclass(frozen=True, slots=True)
class Presence:
    """`here`: registered; then with the software it names and the address it comes from."""

    here: bool
    software: str
    address: str


def presences(link: PbxLink, domain: str) -> Mapping[str, Presence] | None:
    """By user name; None when the PBX does not answer."""
    try:
        found = link.listing("PanelList", "PanelListComplete", Site=domain, Kind="all")
    except PbxAway:
        return None
    return {
        each["Panel"]: Presence(
            each.get("Status") == "Registered", each.get("UserAgent", "")[:80], each.get("Address", "")
        )
        for each in found
        if "Panel" in each
    }
