"""The few command lines that AMI's `Command` understands; the console asks by the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx.ami.channels import STATES, UP, Channel, ChannelBook
from pbx.ami.conversation import Account
from pbx.control import Control
from pbx.trace import Ring, ladder


class NoSuchCommand(Exception):
    """Nothing of that name is known."""


class Commands:
    """Answers command lines with lines of text.

    Args:
        control: the running PBX.
        book: its channels.
        ring: the last SIP messages.
        at: civil time.
        version: the line of `core show version`.
    """

    def __init__(
        self, control: Control, book: ChannelBook, ring: Ring, at: Callable[[], datetime], version: str
    ) -> None:
        self._control = control
        self._book = book
        self._ring = ring
        self._at = at
        self._version = version
        self._started = at()

    def run(self, line: str, account: Account) -> list[str]:
        """The output of one command.

        Raises:
            NoSuchCommand: it is not one of ours.
        """
        match line.split():
            case ["core", "show", "channels", *style] if style in ([], ["concise"], ["verbose"], ["count"]):
                return self._channels(account)
            case ["core", "show", "version"]:
                return [self._version]
            case ["core", "show", "uptime", *_]:
                return [f"System uptime: {int((self._at() - self._started).total_seconds())} seconds"]
            case ["doorline", "calls"]:
                return self._calls(account)
            case ["doorline", "ladder", call]:
                return self._ladder(call, account, full=False)
            case ["doorline", "ladder", call, "full"]:
                return self._ladder(call, account, full=True)
            case ["doorline", "stats"]:
                return [f"{name} {value:g}" for name, value in sorted(self._control.stats().items())]
        raise NoSuchCommand(line)

    def _visible(self, account: Account) -> list[Channel]:
        return [channel for channel in self._book if account.sees(channel.site)]

    def _channels(self, account: Account) -> list[str]:
        """Asterisk's table, with the closing lines that exporters read."""
        channels = self._visible(account)
        rows = [f"{'Channel':<32} {'Location':<32} {'State':<7} Application(Data)"]
        for c in channels:
            place = f"{c.exten or 's'}@{c.site}:1"
            application = "Dial()" if c.calling else "AppDial()"
            rows.append(f"{c.name:<32} {place:<32} {STATES[c.state]:<7} {application}")
        calls = len({channel.call for channel in channels})
        active = f"{len(channels)} active channel{'' if len(channels) == 1 else 's'}"
        return [*rows, active, f"{calls} active call{'' if calls == 1 else 's'}"]

    def _calls(self, account: Account) -> list[str]:
        rows = []
        for call in dict.fromkeys(channel.call for channel in self._visible(account)):
            legs = self._book.legs(call)
            age = int((self._at() - legs[0].began).total_seconds())
            state = "talking" if sum(leg.state == UP for leg in legs) > 1 else "ringing"
            rows.append(f"{call}  {legs[0].site}  {state}  {age} s  {' '.join(leg.name for leg in legs)}")
        return rows or ["no calls"]

    def _ladder(self, wanted: str, account: Account, *, full: bool) -> list[str]:
        channel = self._book.named(wanted)
        call = channel.call if channel else wanted
        site = self._book.site_of(call)
        if site is None or not account.sees(site):
            return [f"no call {wanted} in the last minutes"]
        messages = self._ring.of(self._control.dialogs(call))
        return ladder(messages, private=self._book.private(site), full=full) or ["no longer held"]
