"""Alarms as sentences."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from webadmin.pbx_link import PbxLink

KINDS = {
    "panel_away": ("The panel is away", "Has it power and network? Visitors cannot ring there."),
    "controller_away": (
        "The controller is away",
        "Has it power and network? Its doors do not open from here.",
    ),
    "door_failing": ("The door does not open", "Look at the lock and its controller; try it from its page."),
    "door_rate": ("Doors are opened very often", "An operator's program opens more than one door a second."),
    "tamper": ("Somebody opened the case", "Go and look. Codes do not work there until it is shut."),
    "fire": ("Fire", "Doors are released as they are wired. This clears when the fire alarm does."),
    "on_battery": ("It runs on battery", "Mains power is missing. Look before the battery is empty."),
    "relays_fault": (
        "It cannot reach its relays",
        "The controller is there, but its doors do not open. Look at its log.",
    ),
    "camera_fault": (
        "There is no picture from its camera",
        "Visitors are heard and not seen. Look at the camera.",
    ),
    "forced_open": ("The door was forced", "It opened though nobody ordered it. Go and look."),
    "left_open": ("The door stands open", "Somebody should shut it."),
    "certificate_ending": ("The certificate soon ends", "Renew it; browsers and phones refuse an old one."),
    "disk_full": ("The disk is nearly full", "Make room, or nothing can be saved."),
    "clock_jumped": ("The clock jumped", "Check the machine's time; rules and passes go by it."),
    "wrong_codes": ("Wrong codes were tried", "Five in a row at this panel; it waits a while now."),
    "trunk_away": (
        "Telephones outside cannot be called",
        "The carrier does not answer. Other devices still ring.",
    ),
    "trunk_limit": ("A call outside was refused", "A limit on telephone calls was reached."),
}
OTHER = ("Something needs a look", "See the server's log.")


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that stands: `title` and `advice` are phrases; `site` "" for the server itself."""

    site: str
    kind: str
    subject: str
    detail: str
    title: str
    advice: str
    since: datetime | None


def standing(link: PbxLink, sites: Collection[str], server: bool) -> list[Alarm]:
    """Alarms of these sites, and with `server` those of the machine; the newest first.

    Raises:
        webadmin.pbx_link.PbxAway: the PBX does not answer.
    """
    found = [
        _alarm(each)
        for each in link.listing("AlarmList", "AlarmListComplete")
        if (each.get("Site", "") in sites if each.get("Site") else server)
    ]
    return sorted(found, key=lambda alarm: alarm.since or datetime.min.replace(tzinfo=UTC), reverse=True)


def _alarm(keys: dict[str, str]) -> Alarm:
    kind = keys.get("Alarm", "")
    try:
        since = datetime.fromisoformat(keys.get("Since", ""))
        since = since if since.tzinfo is not None else since.replace(tzinfo=UTC)
    except ValueError:
        since = None
    title, advice = KINDS.get(kind, OTHER)
    site, subject, detail = (keys.get(name, "") for name in ("Site", "Subject", "Detail"))
    return Alarm(site, kind, subject, detail, title, advice, since)
