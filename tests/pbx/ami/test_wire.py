from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.ami.wire import HEADER_LIMIT, LINE_LIMIT, Action, Reader, WireError, render

NAMES = st.text(string.ascii_letters, min_size=1, max_size=20)


def read(data: bytes) -> list[Action | WireError]:
    return list(Reader().feed(data))


def actions(data: bytes) -> list[Action]:
    return [item for item in read(data) if isinstance(item, Action)]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_lines_may_end_either_way(end: bytes) -> None:
    (action,) = actions(end.join([b"Action: Login", b"Username:kari", b"", b""]))
    assert action.name == "login"
    assert action.get("USERNAME") == "kari"


def test_order_is_free_and_names_repeat() -> None:
    (action,) = actions(b"ActionID: 7\r\nVariable: a=1\r\naction: Originate\r\nVariable: b=2\r\n\r\n")
    assert (action.name, action.id) == ("originate", "7")
    assert action.all("variable") == ["a=1", "b=2"]


def test_pieces_are_joined_and_messages_parted() -> None:
    reader = Reader()
    data = b"Action: Ping\r\n\r\nAction: Logoff\r\n\r\n"
    found = [item for i in range(len(data)) for item in reader.feed(data[i : i + 1])]
    assert [item.name for item in found if isinstance(item, Action)] == ["ping", "logoff"]


def test_empty_messages_and_lines_without_colon_mean_nothing() -> None:
    assert [a.name for a in actions(b"\r\n\r\nGET / HTTP/1.1\r\nAction: Ping\r\n\r\n")] == ["ping"]


def test_the_longest_line_passes_and_one_more_byte_does_not() -> None:
    longest = b"A: " + b"x" * (LINE_LIMIT - 3)
    assert len(actions(longest + b"\r\n\r\n")) == 1
    (error,) = read(longest + b"x\r\n\r\n")
    assert isinstance(error, WireError)
    assert error.fatal


def test_a_line_without_end_is_cut_off_early() -> None:
    (error,) = read(b"x" * (LINE_LIMIT + 2))
    assert isinstance(error, WireError)
    assert error.fatal


def test_too_many_headers_are_one_error_and_the_next_message_is_read() -> None:
    many = b"Variable: x\r\n" * (HEADER_LIMIT + 1) + b"\r\nAction: Ping\r\n\r\n"
    error, action = read(many)
    assert isinstance(error, WireError)
    assert not error.fatal
    assert isinstance(action, Action)
    assert action.name == "ping"


@pytest.mark.parametrize("evil", ["a\r\nEvent: DoorOpened", "a\nb", "a\rb", "\x00a", "a\u2028b", "a\x85b"])
def test_a_value_cannot_begin_a_line(evil: str) -> None:
    sent = render([("CallerIDName", evil)])
    assert len(sent.decode().splitlines()) == 2
    assert len(actions(sent)) == 1


def test_a_bad_name_is_our_bug() -> None:
    with pytest.raises(ValueError, match="not a header name"):
        render([("A: b\r\nC", "d")])


@given(st.binary(max_size=3000))
def test_no_bytes_ever_raise(data: bytes) -> None:
    read(data)


@given(st.lists(st.tuples(NAMES, st.text(max_size=60)), min_size=1, max_size=20))
def test_what_is_rendered_is_read_back(fields: list[tuple[str, str]]) -> None:
    (action,) = actions(render(fields))
    assert [name for name, _ in action] == [name.lower() for name, _ in fields]
