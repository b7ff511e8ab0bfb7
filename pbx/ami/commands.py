"""The command lines that AMI's `Command` understands; the console asks by the same way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pbx.ami.channels import STATES, UP, Channel, ChannelBook
from pbx.ami.conversation import Account
from pbx.control import Control, Endpoint
from pbx.trace import Ring, ladder

COMMANDS = (
    "channel request hangup CHANNEL",
    "core show calls",
    "core show channels [concise|verbose|count]",
    "core show uptime",
    "core show version",
    "dialplan show [SITE]",
    "doorline calls",
    "doorline doors",
    "doorline ladder CALL [full]",
    "doorline stats",
    "pjsip show contacts",
    "pjsip show endpoints",
    "pjsip show registrations",
    "sip show peers",
)


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
        words = line.split()
        match words:
            case ["core", "show", "channels"] | ["core", "show", "channels", "verbose"]:
                return self._channels(account)
            case ["core", "show", "channels", "concise"]:
                return [concise(channel, self._at()) for channel in self._visible(account)]
            case ["core", "show", "channels", "count"] | ["core", "show", "calls"]:
                return self._totals(account)
            case ["core", "show", "version"]:
                return [self._version]
            case ["core", "show", "uptime", *_]:
                return [f"System uptime: {int((self._at() - self._started).total_seconds())} seconds"]
            case ["core", "show", "help"] | ["help"]:
                return list(COMMANDS)
            case ["channel", "request", "hangup", name] | ["hangup", "request", name]:
                return self._hang_up(name, account)
            case ["doorline", *rest]:
                return self._doorline(rest, line, account)
        return self._devices(words, line, account)

    def _doorline(self, words: list[str], line: str, account: Account) -> list[str]:
        match words:
            case ["calls"]:
                return self._calls(account)
            case ["doors"]:
                return self._doors(account)
            case ["ladder", call]:
                return self._ladder(call, account, full=False)
            case ["ladder", call, "full"]:
                return self._ladder(call, account, full=True)
            case ["stats"]:
                return [f"{name} {value:g}" for name, value in sorted(self._control.stats().items())]
        raise NoSuchCommand(line)

    def _devices(self, words: list[str], line: str, account: Account) -> list[str]:
        match words:
            case ["pjsip", "show", "endpoints"] | ["pjsip", "list", "endpoints"]:
                return self._endpoints(account)
            case ["pjsip", "show", "contacts"] | ["pjsip", "list", "contacts"]:
                return self._contacts(account)
            case ["pjsip", "show", "registrations"] | ["sip", "show", "registry"]:
                return self._registrations(account)
            case ["sip", "show", "peers"]:
                return self._endpoints(account)
            case ["dialplan", "show"] | ["dialplan", "show", _]:
                return self._dialplan(words[2] if len(words) > 2 else "", account)
        raise NoSuchCommand(line)

    def _registrations(self, account: Account) -> list[str]:
        shown = self._control.trunks() if account.sites is None else ()
        lines = [f"{one.ref + '/sip:' + one.host:<48} {one.username:<24} {one.state}" for one in shown]
        return [*lines, "", f"Objects found: {len(lines)}"] if lines else ["No objects found."]

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
        return [*rows, *self._totals(account)]

    def _totals(self, account: Account) -> list[str]:
        channels = self._visible(account)
        calls = len({channel.call for channel in channels})
        active = f"{len(channels)} active channel{'' if len(channels) == 1 else 's'}"
        return [active, f"{calls} active call{'' if calls == 1 else 's'}"]

    def _hang_up(self, name: str, account: Account) -> list[str]:
        channel = self._book.named(name)
        if channel is None or not account.sees(channel.site):
            return [f"{name} is not a known channel"]
        self._control.hang_up(channel.call, channel.leg)
        return [f"Requested Hangup on channel '{channel.name}'"]

    def _shown(self, account: Account) -> list[Endpoint]:
        """Devices the account may know of; in a residential site only the building's own."""
        return [
            endpoint
            for site in self._control.sites()
            if account.sees(site)
            for endpoint in self._control.endpoints(site)
            if not (endpoint.personal and self._book.private(site))
        ]

    def _endpoints(self, account: Account) -> list[str]:
        shown = self._shown(account)
        rows = [f" Endpoint:  {'<Endpoint>':<40} <State>"]
        for endpoint in shown:
            state = "In use" if self._book.busy(f"PJSIP/{endpoint.username}") else "Not in use"
            label = f"{endpoint.username}/{endpoint.number}" if endpoint.number else endpoint.username
            rows.append(f" Endpoint:  {label:<40} {state if endpoint.contacts else 'Unavailable'}")
            rows += [f"    Contact:  {endpoint.username}/{contact.uri}" for contact in endpoint.contacts]
        return [*rows, f"Objects found: {len(shown)}"]

    def _contacts(self, account: Account) -> list[str]:
        found = [(endpoint, contact) for endpoint in self._shown(account) for contact in endpoint.contacts]
        rows = [
            f"  Contact:  {endpoint.username}/{contact.uri}  {contact.transport}  {contact.source}"
            f"  {contact.expires_seconds} s"
            for endpoint, contact in found
        ]
        return [*rows, f"Objects found: {len(found)}"]

    def _dialplan(self, wanted: str, account: Account) -> list[str]:
        """A site as a context, a device's number as an extension: what operators look for; the rules that
        ring people are the plan's and stand in WebAdmin."""
        rows: list[str] = []
        sites = [s for s in self._control.sites() if account.sees(s) and wanted in ("", s)]
        shown = self._shown(account)
        for site in sites:
            rows.append(f"[ Context '{site}' created by 'doorline' ]")
            rows += [
                f"  '{endpoint.number or endpoint.username}' => 1. Dial(PJSIP/{endpoint.username}) [plan]"
                for endpoint in shown
                if endpoint.site == site
            ]
        return rows or [f"There is no existence of '{wanted}' context"]

    def _doors(self, account: Account) -> list[str]:
        rows = [
            f"{door.site}  {door.door}  {door.name}  {door.driver}  {door.state}"
            for site in self._control.sites()
            if account.sees(site)
            for door in self._control.orders.doors(site)
        ]
        return rows or ["no doors"]

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


def concise(channel: Channel, at: datetime) -> str:
    """A channel as programs read it: fields between exclamation marks."""
    seconds = str(max(0, int((at - channel.began).total_seconds())))
    application = "Dial" if channel.calling else "AppDial"
    fields = (
        channel.name,
        channel.site,
        channel.exten or "s",
        "1",
        STATES[channel.state],
        application,
        "",
        channel.number,
        channel.site,
        "",
        "3",
        seconds,
        channel.bridge,
        channel.uniqueid,
    )
    return "!".join(field.replace("!", " ") for field in fields)
