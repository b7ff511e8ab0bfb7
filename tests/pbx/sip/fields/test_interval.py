from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import RetryAfter, SessionExpires, parse_seconds
from tests.pbx.sip import strategies

_seconds = st.integers(0, 2**32 - 1)


@given(st.builds(SessionExpires, _seconds, st.sampled_from([None, "uac", "uas"])))
def test_a_printed_session_interval_reads_the_same(value: SessionExpires) -> None:
    assert SessionExpires.parse(str(value)) == value


@given(st.builds(RetryAfter, _seconds, strategies.params))
def test_a_printed_retry_after_reads_the_same(value: RetryAfter) -> None:
    assert RetryAfter.parse(str(value)) == value


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"5{text}", f"5;{text}"):
        for read in (SessionExpires.parse, RetryAfter.parse, lambda t: parse_seconds(t, "Expires")):
            try:
                read(candidate)
            except PeerError:
                continue


def test_forms_that_are_sent() -> None:
    assert SessionExpires.parse("1800 ; Refresher=UAC;x=y") == (1800, "uac")
    assert RetryAfter.parse("120 (I'm in a meeting)") == (120, {})
    assert RetryAfter.parse("18000;duration=3600") == (18000, {"duration": "3600"})
    assert parse_seconds("3600;x", "Expires") == 3600


@pytest.mark.parametrize("text", ["", "x", "-5", "1800;refresher=me", "4294967296"])
def test_bad_session_intervals(text: str) -> None:
    with pytest.raises(PeerError):
        SessionExpires.parse(text)
