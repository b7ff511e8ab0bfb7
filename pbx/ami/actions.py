"""What each action does, through `pbx.control` (Asterisk, main/manager.c and res_pjsip)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from pbx.ami.answering import Answer, Asked, Later
from pbx.ami.carriers import Carriers
from pbx.ami.catalogue import CATALOGUE
from pbx.ami.channels import ChannelBook
from pbx.ami.commands import Commands, NoSuchCommand
from pbx.ami.conversation import AMI_VERSION, Conversation, Notice, notice
from pbx.ami.entrances import Entrances
from pbx.ami.filters import FilterError
from pbx.ami.listings import Listings
from pbx.ami.standing import StandingAlarms
from pbx.ami.steering import Steering
from pbx.ami.wire import Action, Fields, sendable
from pbx.control import Control

ASTERISK_VERSION = "22.0.0"
"""Whose manners these are; clients choose their dialect by it."""

SYSTEM_NAME = "Doorline"

OUR_EVENTS = frozenset(
    (
        "dooropened doorfailed doorheld doorreleased doorlocked doorunlocked planloaded alarmraised "
        "alarmcleared"
    ).split()
)
"""User events nobody but the server may send: who waits for a door must be able to believe it."""

USER_EVENT_FIELDS = 32

__all__ = ["ASTERISK_VERSION", "CATALOGUE", "Actions", "Later"]


class Actions:
    """Performs allowed actions and answers them on their conversation.

    Args:
        control: the running PBX.
        book: its channels.
        commands: what `Command` understands.
        at: civil time.
        tell: sends an event to everybody who may have it.
        alarms: those that stand.
    """

    def __init__(
        self,
        control: Control,
        book: ChannelBook,
        commands: Commands,
        at: Callable[[], datetime],
        tell: Callable[[Notice], None],
        alarms: StandingAlarms | None = None,
    ) -> None:
        self._control = control
        self._book = book
        self._commands = commands
        self._at = at
        self._tell = tell
        self.started = self.reloaded = at()
        self._answers: Mapping[str, Answer] = {
            "command": self._command,
            "coresettings": self._settings,
            "corestatus": self._status,
            "filter": self._filter,
            "reload": self._reload,
            "userevent": self._user_event,
            **Listings(control, book, at).answers(),
            **Steering(control, book, tell).answers(),
            **Entrances(control).answers(),
            **Carriers(control).answers(),
            **(alarms or StandingAlarms(at)).answers(),
        }

    def booted(self) -> Fields:
        """The fields of FullyBooted."""
        at = self._at()
        return [
            ("Uptime", str(int((at - self.started).total_seconds()))),
            ("LastReload", str(int((at - self.reloaded).total_seconds()))),
            ("Status", "Fully Booted"),
        ]

    def perform(self, action: Action, conversation: Conversation) -> Later | None:
        """Answer `action` now, or return the coroutine that will."""
        account = conversation.account
        assert account is not None, "an action before login"
        return self._answers[action.name](Asked(action, conversation, account))

    def _command(self, asked: Asked) -> None:
        line = asked.get("Command")
        try:
            output, response = self._commands.run(line, asked.account), "Success"
        except NoSuchCommand:
            output, response = [f"No such command '{line[:80]}'"], "Error"
        lines = [("Output", text) for text in output]
        asked.conversation.reply(
            asked.action, [("Message", "Command output follows"), *lines], response
        )

    def _settings(self, asked: Asked) -> None:
        fields = [
            ("AMIversion", AMI_VERSION),
            ("AsteriskVersion", ASTERISK_VERSION),
            ("SystemName", SYSTEM_NAME),
            ("CoreMaxCalls", "0"),
            ("CoreMaxLoadAvg", "0.000000"),
            ("CoreRunUser", ""),
            ("CoreRunGroup", ""),
            ("CoreMaxFilehandles", "0"),
            ("CoreRealTimeEnabled", "No"),
            ("CoreCDRenabled", "No"),
            ("CoreHTTPenabled", "Yes"),
        ]
        asked.conversation.reply(asked.action, fields)

    def _status(self, asked: Asked) -> None:
        calls = {channel.call for channel in self._book if asked.account.sees(channel.site)}
        fields = [
            ("CoreStartupDate", f"{self.started:%Y-%m-%d}"),
            ("CoreStartupTime", f"{self.started:%H:%M:%S}"),
            ("CoreReloadDate", f"{self.reloaded:%Y-%m-%d}"),
            ("CoreReloadTime", f"{self.reloaded:%H:%M:%S}"),
            ("CoreCurrentCalls", str(len(calls))),
        ]
        asked.conversation.reply(asked.action, fields)

    def _filter(self, asked: Asked) -> None:
        if asked.get("Operation").lower() != "add":
            asked.fail("Unknown operation")
            return
        try:
            asked.conversation.filters.add(asked.get("Filter"))
        except FilterError as fault:
            asked.fail(str(fault))
        else:
            asked.done("Filter added successfully")

    def _user_event(self, asked: Asked) -> None:
        """Tell everybody of the sender's sites what he wants to say."""
        name, sites = asked.get("UserEvent"), asked.account.sites
        site = asked.get("Site") or (next(iter(sites)) if sites is not None and len(sites) == 1 else None)
        if not name:
            asked.fail("No UserEvent specified")
        elif name.lower() in OUR_EVENTS:
            asked.fail("Events of this name are the server's own")
        elif (site is None and sites is not None) or not asked.account.sees(site):
            asked.fail("Name one of your sites as Site")
        else:
            more = [
                (key.title(), value)
                for key, value in asked.action
                if key not in ("action", "actionid", "userevent") and sendable(key)
            ]
            self._tell(notice("UserEvent", "user", site, [("UserEvent", name), *more[:USER_EVENT_FIELDS]]))
            asked.done("Event Sent")

    async def _reload(self, asked: Asked) -> None:
        done = await self._control.reload(asked.account.sites)
        self.reloaded = self._at()
        faults = [result for result in done if result.error]
        if faults:
            asked.fail("; ".join(f"{result.site}: {result.error}" for result in faults))
            return
        revisions = [("Revision", f"{result.site}={result.revision}") for result in done]
        asked.conversation.reply(asked.action, [("Message", "Module Reloaded"), *revisions])
