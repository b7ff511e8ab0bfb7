from __future__ import annotations

import pytest

from pbx.ami.conversation import notice
from pbx.ami.filters import LIMIT, FilterError, Filters
from tests.support.ami_desk import Desk

HANGUP = b"Event: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/kari-phone-00000002\r\nCause: 26\r\n\r\n"


def passing(*texts: str) -> bool:
    filters = Filters()
    for text in texts:
        filters.add(text)
    return filters.passes(HANGUP)


@pytest.mark.parametrize(
    ("texts", "passes"),
    [
        ((), True),
        (("Event: Hangup",), True),
        (("Event: Newchannel",), False),
        (("Event: Newchannel", "Event: Hangup"), True),
        (("Event: Newchannel|Event: Hangup",), True),
        (("!Event: Hangup",), False),
        (("!Event: Newchannel",), True),
        (("Event: Hangup", "!Cause: 26"), False),
        (("^Event: Hangup",), True),
        (("^Privilege",), False),
        (("Channel: PJSIP/kari.*Cause: 26",), True),
        (("Cause: 26.*Channel",), False),
        (("Cause: 26$",), True),
        (("Hangup$",), False),
        (("^Event.*26$",), True),
        ((r"PJSIP/kari\-phone",), True),
    ],
)
def test_what_passes(texts: tuple[str, ...], passes: bool) -> None:
    assert passing(*texts) is passes


@pytest.mark.parametrize("text", ["", "!", "(a+)+$", "[0-9]", "a{1,99}", "a+", "x" * 300, r"\d"])
def test_what_is_not_taken(text: str) -> None:
    with pytest.raises(FilterError):
        Filters().add(text)


def test_there_are_only_so_many() -> None:
    filters = Filters()
    for number in range(LIMIT):
        filters.add(f"!{number}")
    with pytest.raises(FilterError, match="Too many"):
        filters.add("one more")


def test_the_action_keeps_events_from_the_session_that_asked() -> None:
    desk = Desk()
    assert desk.ask("Filter", Operation="Add", Filter="!RTCP")[0]["Message"] == ["Filter added successfully"]
    assert desk.ask("Filter", Operation="Add", Filter="(x*)*")[0]["Response"] == ["Error"]
    assert desk.ask("Filter", Operation="Clear")[0]["Message"] == ["Unknown operation"]
    assert not desk.conversation.notify(notice("Hangup", "call", None, []))  # its mask is empty yet
    desk.conversation.receive(b"Action: Events\r\nEventMask: on\r\n\r\n", desk.at)
    assert desk.conversation.notify(notice("Hangup", "call", None, []))
    assert not desk.conversation.notify(notice("RTCPSent", "call", None, []))
