from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import Reason
from tests.pbx.sip import strategies


@given(st.builds(Reason, strategies.tokens, st.none() | st.integers(0, 999), st.none() | strategies.texts))
def test_a_printed_reason_reads_the_same(reason: Reason) -> None:
    assert Reason.parse(str(reason)) == reason


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"SIP;{text}", f"SIP;cause={text}"):
        try:
            Reason.parse(candidate)
        except PeerError:
            continue


def test_why_the_others_stop_ringing() -> None:
    text = 'SIP;cause=200;text="Call completed elsewhere"'
    assert Reason.parse(text) == ("SIP", 200, "Call completed elsewhere")
    assert str(Reason.parse(text)) == text


@pytest.mark.parametrize("text", ["", ";cause=1", "SIP;cause", "SIP;cause=x", "S P;cause=1"])
def test_bad_reasons(text: str) -> None:
    if text == "SIP;cause":
        assert Reason.parse(text).cause is None
        return
    with pytest.raises(PeerError):
        Reason.parse(text)
