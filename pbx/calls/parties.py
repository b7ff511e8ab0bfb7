"""Who calls, by what way somebody is reached, what media must know of both, how a beginning is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.directory import Device
from dialplan.route import Route
from media.engine import LegRole
from pbx.facts import CallStarted

if TYPE_CHECKING:
    from pbx.registrar.binding import Binding

FOREVER = float("inf")

NO_WORD_SECONDS = 4.0
"""A placed leg that has not even said "trying" by then counts as unreachable: the next step need not
wait for it. It may still turn up and ring as long as its step runs."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: `leg` is the id of the calling side's leg, `device` the device that proved itself."""

    site: str
    call: str
    leg: str
    device: str
    dialled: str


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to a device: `key` tells bindings of a device apart, `way` is the runner's own. Without a word
    for `patience` seconds it counts as unreachable; every `ask_seconds` the runner may look for another."""

    device: str
    key: str
    way: object
    patience: float = NO_WORD_SECONDS
    ask_seconds: float = FOREVER


def call_started(caller: Caller, route: Route, *, originated: bool = False) -> CallStarted:
    """What is told when a call begins."""
    return CallStarted(
        caller.site,
        caller.call,
        caller.leg,
        caller.device,
        caller.dialled,
        route.label,
        route.panel or None,
        originated,
    )


def reach_of(binding: Binding, ask_seconds: float = FOREVER) -> Reach:
    """A binding as the call sees it; two bindings of one device are two ways. `ask_seconds`: how long silence
    is borne of a device that can be woken."""
    key = f"{binding.device} {binding.contact} {id(binding.flow)}"
    return Reach(binding.device, key, binding, ask_seconds=ask_seconds)


def leg_role(device: Device | None) -> LegRole:
    """What media must know of the end of a leg."""
    return device.kind if device is not None and device.kind != "controller" else "phone"
