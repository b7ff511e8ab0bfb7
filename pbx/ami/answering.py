"""What the rooms that answer actions share: who asks, what he may see, and answers that come later."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from pbx.ami.channels import Channel, ChannelBook
from pbx.ami.conversation import Account, Conversation
from pbx.ami.wire import Action
from pbx.control import Control, Endpoint

Later = Coroutine[object, object, None]
"""The rest of an answer that has to wait."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One allowed action, with who asked and where the answer goes."""

    action: Action
    conversation: Conversation
    account: Account

    def get(self, name: str) -> str:
        """A header's value, "" without it."""
        return self.action.get(name)

    def done(self, message: str) -> None:
        """Answer that it worked."""
        self.conversation.reply(self.action, [("Message", message)])

    def fail(self, message: str) -> None:
        """Answer that it did not, and why."""
        self.conversation.error(self.action, message)

    def sent(self) -> None:
        """Let what was answered so far leave now; the rest comes later."""
        self.conversation.on_sent()


Answer = Callable[[Asked], Later | None]


def channel_of(book: ChannelBook, asked: Asked, header: str = "Channel") -> Channel | None:
    """The channel an action names, if the account sees it; else the action is refused here."""
    name = asked.get(header)
    if not name:
        asked.fail("No channel specified")
        return None
    channel = book.named(name)
    if channel is None or not asked.account.sees(channel.site):
        asked.fail("No such channel")
        return None
    return channel


def endpoint_named(control: Control, asked: Asked, name: str, site: str = "") -> Endpoint | None:
    """The device of that user name at the sites the account sees; None too when two sites have one."""
    found = [
        endpoint
        for each in control.sites()
        if asked.account.sees(each) and site in ("", each)
        for endpoint in control.endpoints(each)
        if endpoint.username == name
    ]
    return found[0] if len(found) == 1 else None
