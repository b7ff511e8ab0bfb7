from __future__ import annotations

import asyncio

import pytest

from pbx.ami.actions import CATALOGUE, Actions
from pbx.ami.channels import UP, ChannelBook
from pbx.ami.commands import Commands
from pbx.ami.conversation import CLASSES, Account, Conversation
from pbx.ami.wire import Action
from pbx.facts import CallStarted, LegPlaced
from pbx.trace import Ring
from tests.support.ami import AT, HOUSE, OFFICE, FakeControl, Message, parse


class Desk:
    """An operator's desk without a socket."""

    def __init__(self, sites: frozenset[str] | None = None) -> None:
        self.control = FakeControl()
        self.book = ChannelBook(self.control, lambda: AT)
        self.ring = Ring()
        commands = Commands(self.control, self.book, self.ring, lambda: AT, "Asterisk 22")
        self.actions = Actions(self.control, self.book, commands, lambda: AT)
        account = Account("op", "", CLASSES, CLASSES, sites)
        self.conversation = Conversation(NoAccounts(), "local", CATALOGUE, str, list, 0.0, account)
        self.conversation.outbox()

    def call(self, site: str = OFFICE) -> None:
        """Two channels of a call in progress."""
        caller, callee = ("d-panel", "d-kari") if site == OFFICE else ("h-panel", "h-ola")
        self.book.begin(CallStarted(site, f"c-{site}", "l0", caller, "201", "Nordmann", caller))
        self.book.place(LegPlaced(site, f"c-{site}", "l1", callee))

    def ask(self, name: str, **fields: str) -> list[Message]:
        action = Action([("Action", name), ("ActionID", "1"), *fields.items()])
        later = self.actions.perform(action, self.conversation)
        if later is not None:
            asyncio.run(later)
        return parse(self.conversation.outbox().decode())


class NoAccounts:
    def find(self, name: str, source: str) -> Account | None:
        return None


def test_channels_are_listed_as_the_events_named_them() -> None:
    desk = Desk()
    desk.call()
    start, first, second, complete = desk.ask("CoreShowChannels")
    assert start["EventList"] == ["start"]
    assert first["Channel"] == ["PJSIP/panel-1-00000001"]
    assert second["ChannelStateDesc"] == ["Down"]
    assert complete["ListItems"] == ["2"]


def test_an_account_sees_and_steers_its_sites_only() -> None:
    desk = Desk(frozenset({OFFICE}))
    desk.call(OFFICE)
    desk.call(HOUSE)
    assert desk.ask("CoreShowChannels")[-1]["ListItems"] == ["2"]
    assert desk.ask("CoreStatus")[0]["CoreCurrentCalls"] == ["1"]
    assert desk.ask("Hangup", Channel="PJSIP/private-00000003")[0]["Message"] == ["No such channel"]
    assert desk.control.hung_up == []
    endpoints = [m["ObjectName"] for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m]
    assert endpoints == [["panel-1"], ["kari-phone"]]
    desk.ask("Reload")
    assert desk.control.reloaded == [frozenset({OFFICE})]


def test_hang_up() -> None:
    desk = Desk()
    desk.call()
    assert desk.ask("Hangup")[0]["Message"] == ["No channel specified"]
    assert desk.ask("Hangup", Channel="PJSIP/9")[0]["Message"] == ["No such channel"]
    assert desk.ask("Hangup", Channel="PJSIP/kari-phone-00000002")[0]["Message"] == ["Channel Hungup"]
    assert desk.control.hung_up == [("c-office.example", "l1")]
    desk.control.alive = False
    assert desk.ask("Hangup", Channel="PJSIP/kari-phone-00000002")[0]["Response"] == ["Error"]


def test_endpoints_tell_their_state_and_a_house_only_its_own() -> None:
    desk = Desk()
    desk.call()
    entries = {m["ObjectName"][0]: m for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m}
    assert set(entries) == {"panel-1", "kari-phone", "gate"}
    assert entries["panel-1"]["DeviceState"] == ["In use"]
    assert entries["kari-phone"]["DeviceState"] == ["Ringing"]
    assert entries["kari-phone"]["Contacts"] == ["kari-phone/sip:kari@127.0.0.1:5062,"]
    assert entries["gate"]["DeviceState"] == ["Unavailable"]
    desk.call(HOUSE)
    assert desk.ask("PJSIPShowEndpoints")[3]["DeviceState"] == ["Unavailable"]


def test_settings_and_status() -> None:
    desk = Desk()
    (settings,) = desk.ask("CoreSettings")
    assert settings["AsteriskVersion"] == ["22.0.0"]
    (status,) = desk.ask("CoreStatus")
    assert status["CoreStartupDate"] == ["2026-11-22"]


def test_reload_answers_when_it_is_done() -> None:
    desk = Desk()
    (answer,) = desk.ask("Reload")
    assert answer["ActionID"] == ["1"]
    assert answer["Message"] == ["Module Reloaded"]
    assert answer["Revision"] == ["office.example=7"]
    desk.control.fault = "button 12: nobody to ring"
    (answer,) = desk.ask("Reload")
    assert answer["Response"] == ["Error"]
    assert answer["Message"] == ["office.example: button 12: nobody to ring"]


def test_full_boot_is_told_with_uptime() -> None:
    assert dict(Desk().actions.booted()) == {"Uptime": "0", "LastReload": "0", "Status": "Fully Booted"}


@pytest.mark.parametrize("line", ["core show channels", "core show channels concise", "core show version"])
def test_commands_answer_with_output_lines(line: str) -> None:
    (answer,) = Desk().ask("Command", Command=line)
    assert answer["Response"] == ["Success"]
    assert answer["Message"] == ["Command output follows"]
    assert answer["Output"]


def test_an_unknown_command_is_an_error() -> None:
    (answer,) = Desk().ask("Command", Command="module unload everything")
    assert answer["Response"] == ["Error"]
    assert answer["Output"] == ["No such command 'module unload everything'"]


def test_a_talking_endpoint_is_in_use() -> None:
    desk = Desk()
    desk.call()
    channel = desk.book.find("c-office.example", "l1")
    assert channel is not None
    channel.state = UP
    entries = {m["ObjectName"][0]: m for m in desk.ask("PJSIPShowEndpoints") if "ObjectName" in m}
    assert entries["kari-phone"]["DeviceState"] == ["In use"]
