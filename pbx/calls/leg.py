"""One called side of a call: its state, and the rings that asked for it."""

from __future__ import annotations

from enum import Enum

FOREVER = float("inf")


class LegState(Enum):
    """Where a leg is. PLACED: INVITE sent, no word yet. ANSWERED: 200 came, but the leg has not won
    (it must first press a digit). CONNECTED: it won."""

    PLACED = "placed"
    RINGING = "ringing"
    ANSWERED = "answered"
    CONNECTED = "connected"
    ENDED = "ended"


class Leg:
    """A leg towards one binding of one device.

    Several rings of a route can want the same device (Kari alone, and Kari in the caretaker's
    group): they share the leg, which is stopped only when the last of them is over.
    """

    __slots__ = (
        "ask_at",
        "ask_seconds",
        "confirm",
        "device",
        "gives_up_at",
        "id",
        "key",
        "refused",
        "rings",
        "state",
    )

    def __init__(
        self,
        leg_id: str,
        device: str,
        key: str,
        ring: int,
        confirm: bool,
        now: float,
        *,
        patience: float,
        ask_seconds: float,
    ) -> None:
        self.id = leg_id
        self.device = device
        self.key = key
        self.refused = False
        self.rings = {ring}
        self.confirm = confirm
        self.state = LegState.PLACED
        self.gives_up_at = now + patience
        """Without a word by then nobody waits for it any more; it may still ring."""
        self.ask_seconds = ask_seconds
        self.ask_at = now + ask_seconds
        """When it is asked whether anything came; infinity for a leg that has one way only."""

    @property
    def rings_now(self) -> bool:
        """True while an INVITE of this leg is unanswered."""
        return self.state in (LegState.PLACED, LegState.RINGING)

    @property
    def live(self) -> bool:
        """True until the leg has ended."""
        return self.state is not LegState.ENDED

    @property
    def hoped_for(self) -> bool:
        """Whether this leg may still be answered, as far as anybody waits for it."""
        if self.state is LegState.PLACED:
            return self.gives_up_at != FOREVER
        return self.state in (LegState.RINGING, LegState.ANSWERED)

    @property
    def spoken(self) -> bool:
        """Whether its device rings by itself, or has said no: nothing need wake it."""
        return self.refused or self.state in (LegState.RINGING, LegState.ANSWERED, LegState.CONNECTED)

    def shares(self, other: Leg) -> bool:
        """Whether `other` rings because the same rings asked for it: another device of one person."""
        return other is not self and other.rings_now and other.rings <= self.rings
