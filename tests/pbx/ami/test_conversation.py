from __future__ import annotations

from datetime import UTC, datetime
from hashlib import md5
from pathlib import Path

import pytest

from pbx.ami.conversation import (
    AUTH_SECONDS,
    CLASSES,
    STRANGER_ACTIONS,
    Account,
    Conversation,
    Permission,
    notice,
)
from pbx.ami.wire import Action

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CATALOGUE = {
    "hangup": Permission("Hangup", frozenset({"system", "call"}), "Hangup channel."),
    "reload": Permission("Reload", frozenset({"config", "system"}), "Send a reload event."),
}
KARI = Account(
    "kari", "s3cret", frozenset({"call", "system"}), frozenset({"call"}), frozenset({"office.example"})
)


class Book:
    def find(self, name: str, source: str) -> Account | None:
        return KARI if name == "kari" and source == "127.0.0.1" else None


def begin(source: str = "127.0.0.1") -> Conversation:
    conversation = Conversation(Book(), source, CATALOGUE, lambda: "4711", lambda: [("Uptime", "5")], 0.0)
    assert conversation.outbox() == b"Asterisk Call Manager/11.0.0\r\n"
    return conversation


def say(conversation: Conversation, *lines: str) -> list[Action]:
    return conversation.receive("".join(f"{line}\r\n" for line in (*lines, "")).encode(), AT)


def heard(conversation: Conversation) -> list[dict[str, str]]:
    messages = conversation.outbox().decode().split("\r\n\r\n")
    return [dict(line.split(": ", 1) for line in message.split("\r\n")) for message in messages if message]


def logged_in() -> Conversation:
    conversation = begin()
    say(conversation, "Action: Login", "Username: kari", "Secret: s3cret")
    conversation.outbox()
    return conversation


def test_plain_login() -> None:
    conversation = begin()
    say(conversation, "Action: Login", "ActionID: 1", "Username: kari", "Secret: s3cret")
    answer, booted = heard(conversation)
    assert answer == {"Response": "Success", "ActionID": "1", "Message": "Authentication accepted"}
    assert booted == {"Event": "FullyBooted", "Privilege": "system,all", "Uptime": "5"}
    assert conversation.next_deadline() is None


def test_md5_login() -> None:
    conversation = begin()
    say(conversation, "Action: Challenge", "AuthType: MD5")
    assert heard(conversation) == [{"Response": "Success", "Challenge": "4711"}]
    key = md5(b"4711s3cret").hexdigest()
    say(conversation, "Action: Login", "AuthType: MD5", "Username: kari", f"Key: {key}", "Events: off")
    assert heard(conversation) == [{"Response": "Success", "Message": "Authentication accepted"}]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("127.0.0.1", ["Username: kari", "Secret: wrong"]),
        ("127.0.0.1", ["Username: ola", f"Secret: {'-' * 32}"]),
        ("127.0.0.1", ["Username: kari"]),
        ("127.0.0.1", ["Username: kari", "AuthType: MD5", f"Key: {md5(b's3cret').hexdigest()}"]),
        ("127.0.0.1", ["Username: ola", "AuthType: MD5", f"Key: {md5(b'-' * 32).hexdigest()}"]),
        ("10.0.0.1", ["Username: kari", "Secret: s3cret"]),
    ],
)
def test_a_failed_login_ends_the_session_and_says_nothing_of_why(source: str, lines: list[str]) -> None:
    conversation = begin(source)
    say(conversation, "Action: Login", *lines)
    assert heard(conversation) == [{"Response": "Error", "Message": "Authentication failed"}]
    assert conversation.closing
    assert conversation.failed_login


def test_a_challenge_is_good_once() -> None:
    conversation = begin()
    say(conversation, "Action: Challenge", "AuthType: MD5")
    key = md5(b"4711s3cret").hexdigest()
    for expected in (False, True):
        say(conversation, "Action: Login", "AuthType: MD5", "Username: kari", f"Key: {key}")
        assert conversation.failed_login is expected


def test_nothing_is_done_for_strangers() -> None:
    conversation = begin()
    for name in ("Ping", "Hangup", "ListCommands", "Events", "Nonsense"):
        assert say(conversation, f"Action: {name}") == []
    assert {answer["Message"] for answer in heard(conversation)} == {"Permission denied"}
    assert conversation.notify(notice("Hangup", "call", "office.example", [])) is False


def test_a_stranger_may_not_ask_for_ever() -> None:
    conversation = begin()
    for _ in range(STRANGER_ACTIONS):
        say(conversation, "Action: Challenge", "AuthType: MD5")
    assert conversation.closing


def test_a_stranger_is_cut_off_in_time() -> None:
    conversation = begin()
    conversation.handle_timeout(AUTH_SECONDS - 0.1)
    assert not conversation.closing
    conversation.handle_timeout(AUTH_SECONDS)
    assert conversation.closing


def test_ping_logoff_and_missing_action() -> None:
    conversation = logged_in()
    say(conversation, "Action: PING", "ActionID: 9")
    say(conversation, "Variable: x")
    say(conversation, "Action: Logoff")
    ping, missing, bye = heard(conversation)
    assert ping == {"Response": "Success", "ActionID": "9", "Ping": "Pong", "Timestamp": "1795348800.000000"}
    assert missing == {"Response": "Error", "Message": "Missing action in request"}
    assert bye == {"Response": "Goodbye", "Message": "Thanks for all the fish."}
    assert conversation.closing


def test_what_is_asked_after_logoff_is_not_heard() -> None:
    conversation = logged_in()
    both = b"Action: Logoff\r\n\r\nAction: Hangup\r\n\r\n"
    assert conversation.receive(both, AT) == []


def test_actions_are_handed_on_by_permission() -> None:
    conversation = logged_in()
    (action,) = say(conversation, "Channel: PJSIP/1", "action: hangup")
    assert action.get("channel") == "PJSIP/1"
    assert say(conversation, "Action: Reload") == []
    assert say(conversation, "Action: Originate") == []
    denied, unknown = heard(conversation)
    assert denied["Message"] == "Permission denied"
    assert unknown["Message"] == (
        "Invalid/unknown command: Originate. Use Action: ListCommands to show available commands."
    )


def test_events_pass_by_class_site_and_mask() -> None:
    conversation = logged_in()
    assert conversation.notify(notice("Hangup", "call", "office.example", [("Cause", "16")]))
    assert not conversation.notify(notice("Hangup", "call", "house.example", []))
    assert not conversation.notify(notice("DTMFEnd", "dtmf", "office.example", []))
    assert conversation.notify(notice("Reload", "system", None, []))
    conversation.outbox()
    for mask, answer, wanted in [("off", "Off", False), ("system", "On", False), ("call,dtmf", "On", True)]:
        say(conversation, "Action: Events", f"EventMask: {mask}")
        assert heard(conversation) == [{"Response": "Success", "Events": answer}]
        assert conversation.notify(notice("Hangup", "call", "office.example", [])) is wanted
        conversation.outbox()
    say(conversation, "Action: Events", "EventMask: everything")
    assert heard(conversation) == [{"Response": "Error", "Message": "Invalid event mask"}]


def test_commands_are_listed_with_their_classes() -> None:
    conversation = logged_in()
    say(conversation, "Action: ListCommands")
    (answer,) = heard(conversation)
    assert answer["Hangup"] == "Hangup channel.  (Priv: call,system)"
    assert answer["Ping"] == "Keepalive command.  (Priv: <none>)"


def test_a_list_has_asterisks_form() -> None:
    conversation = logged_in()
    items = [[("Channel", "a")], [("Channel", "b")]]
    asked = Action([("ActionID", "3")])
    conversation.listing(asked, "Channels will follow", "CoreShowChannel", items, "Done")
    start, first, _, complete = heard(conversation)
    assert start["EventList"] == "start"
    assert first == {"Event": "CoreShowChannel", "ActionID": "3", "Channel": "a"}
    assert complete == {"Event": "Done", "ActionID": "3", "EventList": "Complete", "ListItems": "2"}


def test_what_a_client_sends_cannot_forge_a_line() -> None:
    conversation = logged_in()
    conversation.receive(b"ActionID: 1\rEvent: DoorOpened\r\nAction: x\rResponse: Success\r\n\r\n", AT)
    assert [line.split(b":")[0] for line in conversation.outbox().splitlines()] == [
        b"Response",
        b"ActionID",
        b"Message",
        b"",
    ]


def test_too_long_a_line_ends_it_and_too_many_do_not() -> None:
    conversation = logged_in()
    conversation.receive(b"A: b\r\n" * 200 + b"\r\n", AT)
    assert heard(conversation) == [{"Response": "Error", "Message": "Too many lines in message"}]
    assert not conversation.closing
    conversation.receive(b"x" * 2000, AT)
    assert heard(conversation) == [{"Response": "Error", "Message": "Line too long"}]
    assert conversation.closing


STREAMS = sorted((Path(__file__).parent.parent.parent / "data" / "ami").glob("*.txt"))
EVERYTHING = Account("op", "SECRET", CLASSES, CLASSES, None)


class Anybody:
    def find(self, name: str, source: str) -> Account | None:
        return EVERYTHING if name == "op" else None


@pytest.mark.parametrize("stream", STREAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_what_real_clients_sent_is_understood(stream: Path, size: int) -> None:
    catalogue = {
        name: Permission(name, frozenset(), "")
        for name in ("coreshowchannels", "pjsipshowendpoints", "coresettings", "command", "reload")
    }
    conversation = Conversation(Anybody(), "127.0.0.1", catalogue, lambda: "1", list, 0.0)
    data = stream.read_bytes()
    asked = [a for i in range(0, len(data), size) for a in conversation.receive(data[i : i + size], AT)]
    assert all(action.name in catalogue for action in asked)
    conversation.outbox()
    expected = data.lower().count(b"action: ") - 3  # all but Login, Ping and Logoff
    assert len(asked) + data.count(b"SIPpeers") == expected
    assert conversation.closing
