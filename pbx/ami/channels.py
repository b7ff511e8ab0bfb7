"""The channels AMI shows: one per leg, named as Asterisk names them, built from facts alone.

A residential site's channels carry a per-call name and nothing of the devices, numbers or buttons behind them
(ARCHITECTURE, decision 14): what is not in the book can leak into no event and no list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pbx.ami.wire import Fields
from pbx.control import Control
from pbx.facts import CallStarted, LegPlaced

UNKNOWN = "<unknown>"
PRIVATE = "private"
REMEMBERED = 5000

DOWN, RING, RINGING, UP = 0, 4, 5, 6
STATES = {DOWN: "Down", RING: "Ring", RINGING: "Ringing", UP: "Up"}


@dataclass(slots=True, eq=False)
class Channel:
    """One leg as operators see it. `device` is empty in a residential site; `began` is aware civil time."""

    site: str
    call: str
    leg: str
    name: str
    uniqueid: str
    linkedid: str
    began: datetime
    device: str
    username: str
    number: str
    display: str
    exten: str
    state: int
    calling: bool
    connected_number: str = ""
    connected_display: str = ""
    dialling: bool = False
    bridge: str = ""
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def device_name(self) -> str:
        """The name of the device behind it, as DeviceStateChange has it; empty where it must not be known."""
        return f"PJSIP/{self.username}" if self.device else ""

    @property
    def occupies(self) -> bool:
        """Whether its device is taken: it talks, or called somebody itself."""
        return self.state == UP or (self.calling and self.state == RING)

    def block(self, prefix: str = "") -> list[tuple[str, str]]:
        """Asterisk's channel block; `prefix` is "Dest" for the second leg of a dial event."""
        return [
            (f"{prefix}Channel", self.name),
            (f"{prefix}ChannelState", str(self.state)),
            (f"{prefix}ChannelStateDesc", STATES[self.state]),
            (f"{prefix}CallerIDNum", self.number or UNKNOWN),
            (f"{prefix}CallerIDName", self.display or UNKNOWN),
            (f"{prefix}ConnectedLineNum", self.connected_number or UNKNOWN),
            (f"{prefix}ConnectedLineName", self.connected_display or UNKNOWN),
            (f"{prefix}Language", "en"),
            (f"{prefix}AccountCode", self.site),
            (f"{prefix}Context", self.site),
            (f"{prefix}Exten", self.exten),
            (f"{prefix}Priority", "1"),
            (f"{prefix}Uniqueid", self.uniqueid),
            (f"{prefix}Linkedid", self.linkedid),
        ]

    def shown(self, at: datetime) -> Fields:
        """Its entry in CoreShowChannels."""
        seconds = max(0, int((at - self.began).total_seconds()))
        duration = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return [
            *self.block(),
            ("Application", "Dial" if self.calling else "AppDial"),
            ("ApplicationData", "" if self.calling else "(Outgoing Line)"),
            ("Duration", duration),
            ("BridgeId", self.bridge),
        ]


class ChannelBook:
    """Every channel there is, by call and leg.

    Args:
        control: who the devices are, and how private their site is.
        at: civil time.
    """

    def __init__(self, control: Control, at: Callable[[], datetime]) -> None:
        self._control = control
        self._at = at
        self._calls: dict[str, dict[str, Channel]] = {}
        self._sites: dict[str, str] = {}
        self._count = 0

    def __iter__(self) -> Iterator[Channel]:
        """Channels in the order they began, call by call."""
        for legs in self._calls.values():
            yield from legs.values()

    def __len__(self) -> int:
        return sum(map(len, self._calls.values()))

    def legs(self, call: str) -> list[Channel]:
        """The channels of a call; the caller's first while it is there."""
        return list(self._calls.get(call, {}).values())

    def find(self, call: str, leg: str) -> Channel | None:
        """The channel of a leg."""
        return self._calls.get(call, {}).get(leg)

    def site_of(self, call: str) -> str | None:
        """The site of a call, also of one of the last `REMEMBERED` that ended."""
        return self._sites.get(call)

    def named(self, name: str) -> Channel | None:
        """The channel an operator means, by name (any case) or Uniqueid."""
        wanted = name.lower()
        return next((c for c in self if wanted in (c.name.lower(), c.uniqueid)), None)

    def busy(self, device_name: str) -> list[Channel]:
        """The channels of a device; for its state."""
        return [channel for channel in self if channel.device_name == device_name]

    def begin(self, fact: CallStarted) -> Channel:
        """The caller's channel."""
        private = self.private(fact.site)
        exten = "s" if private else fact.dialled
        self._sites[fact.call] = fact.site
        if len(self._sites) > REMEMBERED:
            del self._sites[next(iter(self._sites))]
        state = DOWN if fact.originated else RING
        channel = self._add(fact.site, fact.call, fact.leg, fact.device, exten, state, linkedid="")
        channel.calling = True
        return channel

    def place(self, fact: LegPlaced) -> Channel:
        """A channel towards a device, linked with the caller's."""
        caller = self.caller(fact.call)
        linkedid = caller.linkedid if caller else ""
        channel = self._add(fact.site, fact.call, fact.leg, fact.device, "", DOWN, linkedid)
        channel.dialling = True
        if caller is not None:
            channel.connected_number, channel.connected_display = caller.number, caller.display
        return channel

    def caller(self, call: str) -> Channel | None:
        """The calling side's channel, while it is there."""
        return next((channel for channel in self.legs(call) if channel.calling), None)

    def drop(self, channel: Channel) -> None:
        """Forget a channel that ended."""
        legs = self._calls.get(channel.call, {})
        legs.pop(channel.leg, None)
        if not legs:
            self._calls.pop(channel.call, None)

    def private(self, site: str) -> bool:
        """Whether a site's visits are nobody's business; an unknown site counts as private."""
        return self._control.sites().get(site) != "commercial"

    def _add(
        self, site: str, call: str, leg: str, device: str, exten: str, state: int, linkedid: str
    ) -> Channel:
        self._count += 1
        at = self._at()
        uniqueid = f"{int(at.timestamp())}.{self._count}"
        endpoint = None if self.private(site) else self._control.endpoint(site, device)
        username = endpoint.username if endpoint else PRIVATE
        channel = Channel(
            site=site,
            call=call,
            leg=leg,
            name=f"PJSIP/{username}-{self._count:08x}",
            uniqueid=uniqueid,
            linkedid=linkedid or uniqueid,
            began=at,
            device=endpoint.device if endpoint else "",
            username=username,
            number=endpoint.number if endpoint else "",
            display=endpoint.name if endpoint else "",
            exten=exten,
            state=state,
            calling=False,
        )
        self._calls.setdefault(call, {})[leg] = channel
        return channel
