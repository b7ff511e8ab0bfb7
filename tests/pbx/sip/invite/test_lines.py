"""Header lines from the user are checked; lists of the peer are read leniently."""

from __future__ import annotations

import pytest

from pbx.sip.errors import MisuseError
from pbx.sip.headers import Headers
from pbx.sip.invite.lines import body_lines, checked, names_token


def test_good_pairs_become_lines() -> None:
    assert checked([("Reason", "SIP"), ("X-Door", "1")]) == ["Reason: SIP", "X-Door: 1"]


@pytest.mark.parametrize("pair", [("X", "a\nb"), ("X", "a\rb"), ("X", "\0"), ("X y", "a"), ("", "a")])
def test_bad_pairs_are_our_bug(pair: tuple[str, str]) -> None:
    with pytest.raises(MisuseError):
        checked([pair])


def test_a_body_has_its_type_and_none_has_none() -> None:
    assert body_lines(b"", "x/y") == []
    assert body_lines(b"x", "application/sdp") == ["Content-Type: application/sdp"]
    assert body_lines(b"x", "x/y") == ["Content-Type: x/y"]


def test_tokens_are_found_over_lines_and_cases() -> None:
    headers = Headers([("Supported", "path, Timer"), ("k", '100rel,"odd'), ("Allow", "")])
    assert [names_token(headers, "Supported", tag) for tag in ("path", "timer", "100rel", "x")] == [
        True,
        True,
        True,
        False,
    ]
    assert not names_token(headers, "Allow", "update")
    assert not names_token(headers, "Require", "timer")
