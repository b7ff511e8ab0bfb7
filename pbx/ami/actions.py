"""What each action does, through `pbx.control` (Asterisk, main/manager.c and res_pjsip)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import datetime

from pbx.ami.channels import UP, ChannelBook
from pbx.ami.commands import Commands, NoSuchCommand
from pbx.ami.conversation import AMI_VERSION, Account, Conversation, Permission
from pbx.ami.wire import Action, Fields
from pbx.control import Control, Endpoint

Later = Coroutine[object, object, None]
"""The rest of an answer that has to wait."""

ASTERISK_VERSION = "22.0.0"
"""Whose manners these are; clients choose their dialect by it."""

SYSTEM_NAME = "Doorline"


def _permission(name: str, write: str, synopsis: str) -> tuple[str, Permission]:
    return name.lower(), Permission(name, frozenset(write.split()), synopsis)


CATALOGUE: Mapping[str, Permission] = dict(
    [
        _permission("Command", "command", "Execute Asterisk CLI Command."),
        _permission("CoreSettings", "system reporting", "Show PBX core settings (version etc)."),
        _permission("CoreShowChannels", "system reporting", "List currently active channels."),
        _permission("CoreStatus", "system reporting", "Show PBX core status variables."),
        _permission("Hangup", "system call", "Hangup channel."),
        _permission("PJSIPShowEndpoints", "system", "Lists PJSIP endpoints."),
        _permission("Reload", "system config", "Read plans and credentials again."),
    ]
)
"""What is answered here; SIPpeers and all else get Asterisk's own error for a module that is not loaded."""


class Actions:
    """Performs allowed actions and answers them on their conversation.

    Args:
        control: the running PBX.
        book: its channels.
        commands: what `Command` understands.
        at: civil time.
    """

    def __init__(
        self, control: Control, book: ChannelBook, commands: Commands, at: Callable[[], datetime]
    ) -> None:
        self._control = control
        self._book = book
        self._commands = commands
        self._at = at
        self.started = self.reloaded = at()

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
        match action.name:
            case "command":
                self._command(action, conversation, account)
            case "coresettings":
                conversation.reply(action, self._settings())
            case "corestatus":
                conversation.reply(action, self._status(account))
            case "coreshowchannels":
                self._show_channels(action, conversation, account)
            case "hangup":
                self._hang_up(action, conversation, account)
            case "pjsipshowendpoints":
                self._show_endpoints(action, conversation, account)
            case "reload":
                return self._reload(action, conversation, account)
        return None

    def _command(self, action: Action, conversation: Conversation, account: Account) -> None:
        line = action.get("Command")
        try:
            output, response = self._commands.run(line, account), "Success"
        except NoSuchCommand:
            output, response = [f"No such command '{line[:80]}'"], "Error"
        lines = [("Output", text) for text in output]
        conversation.reply(action, [("Message", "Command output follows"), *lines], response)

    def _settings(self) -> Fields:
        return [
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

    def _status(self, account: Account) -> Fields:
        calls = {channel.call for channel in self._book if account.sees(channel.site)}
        return [
            ("CoreStartupDate", f"{self.started:%Y-%m-%d}"),
            ("CoreStartupTime", f"{self.started:%H:%M:%S}"),
            ("CoreReloadDate", f"{self.reloaded:%Y-%m-%d}"),
            ("CoreReloadTime", f"{self.reloaded:%H:%M:%S}"),
            ("CoreCurrentCalls", str(len(calls))),
        ]

    def _show_channels(self, action: Action, conversation: Conversation, account: Account) -> None:
        at = self._at()
        shown = [channel.shown(at) for channel in self._book if account.sees(channel.site)]
        conversation.listing(
            action, "Channels will follow", "CoreShowChannel", shown, "CoreShowChannelsComplete"
        )

    def _hang_up(self, action: Action, conversation: Conversation, account: Account) -> None:
        name = action.get("Channel")
        if not name:
            conversation.error(action, "No channel specified")
            return
        channel = self._book.named(name)
        if channel is None or not account.sees(channel.site):
            conversation.error(action, "No such channel")
        elif self._control.hang_up(channel.call, channel.leg):
            conversation.reply(action, [("Message", "Channel Hungup")])
        else:
            conversation.error(action, "No such channel")

    def _show_endpoints(self, action: Action, conversation: Conversation, account: Account) -> None:
        conversation.listing(
            action,
            "A listing of Endpoints follows, presented as EndpointList events",
            "EndpointList",
            self._endpoints(account),
            "EndpointListComplete",
        )

    def _endpoints(self, account: Account) -> Iterator[Fields]:
        """Devices the account may know of; in a residential site only the building's own."""
        for site in self._control.sites():
            if account.sees(site):
                private = self._book.private(site)
                for endpoint in self._control.endpoints(site):
                    if not (private and endpoint.personal):
                        yield self._endpoint(endpoint)

    def _endpoint(self, endpoint: Endpoint) -> Fields:
        channels = self._book.busy(f"PJSIP/{endpoint.username}")
        if any(channel.state == UP or channel.calling for channel in channels):
            state = "In use"
        elif channels:
            state = "Ringing"
        else:
            state = "Not in use" if endpoint.contacts else "Unavailable"
        contacts = "".join(f"{endpoint.username}/{contact.uri}," for contact in endpoint.contacts)
        return [
            ("ObjectType", "endpoint"),
            ("ObjectName", endpoint.username),
            ("Transport", endpoint.contacts[0].transport if endpoint.contacts else ""),
            ("Aor", endpoint.username),
            ("Auths", endpoint.username),
            ("OutboundAuths", ""),
            ("Contacts", contacts),
            ("DeviceState", state),
            ("ActiveChannels", ",".join(channel.name for channel in channels)),
        ]

    async def _reload(self, action: Action, conversation: Conversation, account: Account) -> None:
        done = await self._control.reload(account.sites)
        self.reloaded = self._at()
        faults = [result for result in done if result.error]
        if faults:
            conversation.error(action, "; ".join(f"{result.site}: {result.error}" for result in faults))
            return
        revisions = [("Revision", f"{result.site}={result.revision}") for result in done]
        conversation.reply(action, [("Message", "Module Reloaded"), *revisions])
