"""An operator's desk without a socket: actions in, messages out, on a played PBX."""

from __future__ import annotations

import asyncio

from pbx.ami.actions import CATALOGUE, Actions
from pbx.ami.channels import ChannelBook
from pbx.ami.commands import Commands
from pbx.ami.conversation import CLASSES, Account, Conversation, Notice
from pbx.ami.wire import Action
from pbx.facts import CallStarted, LegPlaced
from pbx.trace import Ring
from tests.support.ami import AT, OFFICE, FakeControl, Message, parse


class Desk:
    """An operator's desk without a socket."""

    def __init__(self, sites: frozenset[str] | None = None) -> None:
        self.at = AT
        self.control = FakeControl()
        self.book = ChannelBook(self.control, lambda: AT)
        self.ring = Ring()
        self._told: list[Notice] = []
        commands = Commands(self.control, self.book, self.ring, lambda: AT, "Asterisk 22")
        self.actions = Actions(self.control, self.book, commands, lambda: AT, self._told.append)
        account = Account("op", "", CLASSES, CLASSES, sites)
        self.conversation = Conversation(NoAccounts(), "local", CATALOGUE, str, list, 0.0, account)
        self.conversation.outbox()

    def call(self, site: str = OFFICE) -> None:
        """Two channels of a call in progress."""
        caller, callee = ("d-panel", "d-kari") if site == OFFICE else ("h-panel", "h-ola")
        self.book.begin(CallStarted(site, f"c-{site}", "l0", caller, "201", "Nordmann", caller))
        self.book.place(LegPlaced(site, f"c-{site}", "l1", callee))

    def told(self) -> list[Message]:
        """Events sent to everybody."""
        return parse("".join(notice.data.decode() for notice in self._told))

    def ask(self, name: str, **fields: str) -> list[Message]:
        action = Action([("Action", name), ("ActionID", "1"), *fields.items()])
        later = self.actions.perform(action, self.conversation)
        if later is not None:
            asyncio.run(later)
        return parse(self.conversation.outbox().decode())


class NoAccounts:
    def find(self, name: str, source: str) -> Account | None:
        return None
