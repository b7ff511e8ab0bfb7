from __future__ import annotations

from datetime import timedelta

from pbx.ami.channels import REMEMBERED, ChannelBook
from pbx.facts import CallStarted, LegPlaced
from tests.support.ami import AT, HOUSE, OFFICE, FakeControl


def test_a_channel_is_found_by_name_or_uniqueid() -> None:
    book = ChannelBook(FakeControl(), lambda: AT)
    channel = book.begin(CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Kari", "d-panel"))
    assert book.named("pjsip/PANEL-1-00000001") is channel
    assert book.named(channel.uniqueid) is channel
    assert book.named("PJSIP/panel-1") is None


def test_the_list_entry_shows_how_long_it_lasts() -> None:
    book = ChannelBook(FakeControl(), lambda: AT)
    book.begin(CallStarted(OFFICE, "c1", "l0", "d-panel", "201", "Kari", "d-panel"))
    channel = book.place(LegPlaced(OFFICE, "c1", "l1", "d-kari"))
    shown = dict(channel.shown(AT + timedelta(seconds=3725)))
    assert shown["Duration"] == "01:02:05"
    assert shown["Application"] == "AppDial"


def test_a_leg_without_caller_links_to_itself() -> None:
    book = ChannelBook(FakeControl(), lambda: AT)
    channel = book.place(LegPlaced(OFFICE, "c1", "l1", "d-kari"))
    assert channel.linkedid == channel.uniqueid


def test_private_channels_hold_nothing_to_tell() -> None:
    book = ChannelBook(FakeControl(), lambda: AT)
    channel = book.begin(CallStarted(HOUSE, "c1", "l0", "h-panel", "201", "Ola", "h-panel"))
    assert (channel.device, channel.number, channel.display, channel.exten) == ("", "", "", "s")
    assert channel.device_name == ""


def test_ended_calls_are_remembered_for_a_while_only() -> None:
    book = ChannelBook(FakeControl(), lambda: AT)
    for number in range(REMEMBERED + 1):
        book.drop(book.begin(CallStarted(OFFICE, f"c{number}", "l0", "d-panel", "201", "Kari", None)))
    assert len(book) == 0
    assert book.site_of("c0") is None
    assert book.site_of("c1") == OFFICE
