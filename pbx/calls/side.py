"""What a SIP session of ours knows by itself: whose leg it is, and what media must know of its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.directory import Device
from media.engine import LegRole

if TYPE_CHECKING:
    from pbx.calls.runner import Runner

SDP = "application/sdp"


@dataclass(frozen=True, slots=True)
class Side:
    """What a SIP session's context says: the call it belongs to, and which leg of it it is."""

    runner: Runner
    leg: str


def leg_role(device: Device | None) -> LegRole:
    """What media must know of the end of a leg."""
    return device.kind if device is not None and device.kind != "controller" else "phone"
