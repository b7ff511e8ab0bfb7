"""What a call wants done: values the runner performs, in the order they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from dialplan.route import Target
from pbx.facts import EndReason, Fact


@dataclass(frozen=True, slots=True)
class ReachTarget:
    """Find out where `target` can be rung; the answer returns as `Call.target_reached(ring, ...)`."""

    ring: int
    target: Target


@dataclass(frozen=True, slots=True)
class PlaceLeg:
    """Send an INVITE to one binding of `device`; `expires` seconds go into its Expires header, so
    that a phone left alone by our death stops by itself (RFC 3261 section 13.2.1)."""

    leg: str
    device: str
    reach: Any
    expires: int


@dataclass(frozen=True, slots=True)
class FindOtherWay:
    """If nothing at all came for this leg's INVITE, and there is another way to it, take that."""

    leg: str


@dataclass(frozen=True, slots=True)
class WakeDevice:
    """Push: somebody rings for `device`, for `seconds` at most."""

    device: str
    seconds: int


@dataclass(frozen=True, slots=True)
class LetSleep:
    """The device that was woken is wanted no more: its notification goes."""

    device: str


@dataclass(frozen=True, slots=True)
class EndLeg:
    """End this leg by whatever its state asks for: CANCEL, BYE, or a final response."""

    leg: str
    reason: EndReason


@dataclass(frozen=True, slots=True)
class OpenEarly:
    """Describe ourselves to the caller before anybody answers, so that its picture comes: in a 183, the one
    early dialog it ever sees; with `answers` by a 200 at once, for panels that send none before."""

    answers: bool


@dataclass(frozen=True, slots=True)
class RingCaller:
    """Tell the caller, once, that somebody's device rings: by 180, or by a tone where it hears us already."""


@dataclass(frozen=True, slots=True)
class TellPanel:
    """Say on the panel's screen how it goes: somebody rings, the next one is tried, nobody answers."""

    state: Literal["ringing", "next", "nobody"]


@dataclass(frozen=True, slots=True)
class AnswerCaller:
    """Answer the caller with what `leg` accepted, and let both hear each other."""

    leg: str


@dataclass(frozen=True, slots=True)
class RejoinCaller:
    """Let the caller, who was answered before, and `leg` hear each other."""

    leg: str


@dataclass(frozen=True, slots=True)
class RefuseCaller:
    """End the caller's unanswered INVITE with the status of `reason`."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class EndCaller:
    """Hang up on the caller, who was answered."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class ListenDigits:
    """From now on digits of this leg, and only of this leg, count."""

    leg: str


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """The answered side asks for `door`. Whether it may is decided by the runner, with what runs now."""

    door: str
    leg: str
    device: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Publish a fact."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class CloseCall:
    """Nothing of this call lives any more: give back media and forget it. Always the last effect."""


Effect = (
    ReachTarget
    | PlaceLeg
    | FindOtherWay
    | WakeDevice
    | LetSleep
    | EndLeg
    | OpenEarly
    | RingCaller
    | TellPanel
    | AnswerCaller
    | RejoinCaller
    | RefuseCaller
    | EndCaller
    | ListenDigits
    | OpenDoor
    | Announce
    | CloseCall
)
