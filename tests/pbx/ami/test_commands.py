from __future__ import annotations

from dataclasses import dataclass

import pytest

from pbx.ami.channels import UP, ChannelBook
from pbx.ami.commands import Commands, NoSuchCommand
from pbx.ami.conversation import CLASSES, Account
from pbx.facts import CallStarted, LegPlaced
from pbx.trace import Ring
from tests.support.ami import AT, HOUSE, OFFICE, FakeControl

EVERYBODY = Account("op", "", CLASSES, CLASSES, None)
OFFICE_ONLY = Account("op", "", CLASSES, CLASSES, frozenset({OFFICE}))


@dataclass
class Flow:
    transport: str = "udp"
    remote: tuple[str, int] = ("192.0.2.1", 5060)


class Desk:
    def __init__(self) -> None:
        self.control = FakeControl()
        self.book = ChannelBook(self.control, lambda: AT)
        self.ring = Ring()
        self.commands = Commands(self.control, self.book, self.ring, lambda: AT, "Asterisk 22")
        for site, call in ((OFFICE, "c1"), (HOUSE, "c2")):
            caller, callee = ("d-panel", "d-kari") if site == OFFICE else ("h-panel", "h-ola")
            self.book.begin(CallStarted(site, call, "l0", caller, "201", "Nordmann", caller))
            self.book.place(LegPlaced(site, call, "l1", callee)).state = UP
            self.control.call_ids[call] = (f"{call}@sip",)
            text = f"INVITE sip:201@{site} SIP/2.0\r\nCall-ID: {call}@sip\r\nCSeq: 1 INVITE\r\n\r\n"
            self.ring.tap("in", Flow(), text.encode(), 1.0)

    def run(self, line: str, account: Account = EVERYBODY) -> list[str]:
        return self.commands.run(line, account)


def test_channels_close_with_the_lines_that_exporters_read() -> None:
    output = Desk().run("core show channels")
    assert output[-2:] == ["4 active channels", "2 active calls"]
    assert Desk().run("core show channels", OFFICE_ONLY)[-2:] == ["2 active channels", "1 active call"]


def test_calls() -> None:
    first, second = Desk().run("doorline calls")
    assert first == f"c1  {OFFICE}  ringing  0 s  PJSIP/panel-1-00000001 PJSIP/kari-phone-00000002"
    assert "PJSIP/private-00000003" in second
    assert "ola" not in second
    assert Desk().run("doorline calls", Account("op", "", CLASSES, CLASSES, frozenset())) == ["no calls"]


@pytest.mark.parametrize("name", ["c1", "PJSIP/panel-1-00000001", "pjsip/kari-phone-00000002"])
def test_a_ladder_by_call_or_channel(name: str) -> None:
    (line,) = Desk().run(f"doorline ladder {name}")
    assert line.endswith("A udp 192.0.2.1:5060 -> doorline  INVITE sip:201@office.example  cseq 1")


def test_a_ladder_of_a_house_is_private_even_in_full() -> None:
    (line,) = Desk().run("doorline ladder c2 full")
    assert line == "    0.000  A -> doorline  INVITE  cseq 1"


def test_a_ladder_in_full_shows_the_messages() -> None:
    assert len(Desk().run("doorline ladder c1 full")) > 3


def test_a_ladder_after_the_call() -> None:
    desk = Desk()
    for channel in list(desk.book):
        desk.book.drop(channel)
    assert len(desk.run("doorline ladder c1")) == 1
    desk.control.call_ids.clear()
    assert desk.run("doorline ladder c1") == ["no longer held"]


def test_a_ladder_of_a_foreign_site_is_not_there() -> None:
    assert Desk().run("doorline ladder c2", OFFICE_ONLY) == ["no call c2 in the last minutes"]
    assert Desk().run("doorline ladder nonsense") == ["no call nonsense in the last minutes"]


def test_stats_and_uptime() -> None:
    assert Desk().run("doorline stats") == ["calls_active 1"]
    assert Desk().run("core show uptime") == ["System uptime: 0 seconds"]


@pytest.mark.parametrize("line", ["", "core", "doorline ladder", "sip show", "core show channels x y"])
def test_what_is_not_ours_is_refused(line: str) -> None:
    with pytest.raises(NoSuchCommand):
        Desk().run(line)
