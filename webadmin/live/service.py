"""Calls and registrations of this moment, as the PBX tells them by AMI; only of sites within reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from webadmin.pbx_link import PbxLink


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a call. `who` is "" where the site's privacy hides it; `state` as Asterisk names it."""

    channel: str
    who: str
    state: str
    caller: bool


@dataclass(frozen=True, slots=True)
class LiveCall:
    """A call. `seconds` since it began, `dialled` "" where privacy hides it."""

    id: str
    site: str
    dialled: str
    seconds: int
    legs: tuple[Leg, ...]

    @property
    def talking(self) -> bool:
        """Whether somebody has answered."""
        return any(leg.state == "Up" for leg in self.legs if not leg.caller)

    @property
    def channel(self) -> str:
        """The side whose hang-up ends the call."""
        return next((leg.channel for leg in self.legs if leg.caller), self.legs[0].channel)


@dataclass(frozen=True, slots=True)
class Contact:
    """A device that is logged in, with the software it names."""

    device: str
    software: str
    address: str


def calls(link: PbxLink, sites: Collection[str]) -> list[LiveCall]:
    """Calls of these sites, the oldest first.

    Raises:
        webadmin.pbx_link.PbxAway: the PBX does not answer.
    """
    found: dict[str, list[Mapping[str, str]]] = {}
    for each in link.listing("CoreShowChannels", "CoreShowChannelsComplete"):
        if each.get("AccountCode") in sites:
            found.setdefault(each.get("Linkedid", ""), []).append(each)
    made = [_call(key, channels) for key, channels in found.items()]
    return sorted(made, key=lambda call: -call.seconds)


def contacts(link: PbxLink, users: Collection[str]) -> list[Contact]:
    """Who of these user names is logged in; the PBX names no device of a residential site's people.

    Raises:
        webadmin.pbx_link.PbxAway: the PBX does not answer.
    """
    return [
        Contact(each["Endpoint"], each.get("UserAgent", "")[:80], each.get("ViaAddr", ""))
        for each in link.listing("PJSIPShowContacts", "ContactListComplete")
        if each.get("Endpoint") in users
    ]


def _call(key: str, channels: list[Mapping[str, str]]) -> LiveCall:
    legs = []
    for each in channels:
        name = each.get("Channel", "")
        device = name.removeprefix("PJSIP/").rpartition("-")[0]
        hidden = device in ("", "private")
        caller = each.get("Application") == "Dial"
        legs.append(Leg(name, "" if hidden else device, each.get("ChannelStateDesc", ""), caller))
    legs.sort(key=lambda leg: (not leg.caller, leg.channel))
    dialled = next((each.get("Exten", "") for each in channels if each.get("Application") == "Dial"), "")
    seconds = max((_seconds(each.get("Duration", "")) for each in channels), default=0)
    return LiveCall(
        key, channels[0].get("AccountCode", ""), "" if dialled == "s" else dialled, seconds, tuple(legs)
    )


def _seconds(text: str) -> int:
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        return 0
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds
