"""The short way of reading an answer agrees with the codec's long one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.auth.answer import _short, answer_in
from pbx.sip.errors import PeerError
from pbx.sip.fields.auth import Credentials

from .world import SITE, request

ANSWER = (
    'Digest username="ola", realm="fjordgata.example", nonce="0123", uri="sip:fjordgata.example", '
    'response="0123456789abcdef0123456789abcdef", algorithm=MD5, cnonce="a", qop=auth, nc=00000001'
)


def test_the_usual_answer_is_read_the_short_way() -> None:
    assert _short(ANSWER) == Credentials.parse(ANSWER)
    assert _short(ANSWER.replace(", ", ",")) == Credentials.parse(ANSWER)
    assert _short(ANSWER.replace("qop=auth", 'qop="auth"')) == Credentials.parse(ANSWER)


MARKS = st.sampled_from(
    [
        '"',
        ",",
        ", ",
        "=",
        "\\",
        " ",
        'username="eve"',
        ", realm=",
        ', nonce="x"',
        'x="',
        "é",
        "nc=1",
        "qop=auth-int",
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(ANSWER)), st.integers(0, 6), MARKS), max_size=4), st.booleans())
def test_whatever_is_read_short_is_read_so_at_length(cuts: list[tuple[int, int, str]], dense: bool) -> None:
    text = ANSWER.replace(", ", ",") if dense else ANSWER
    for place, length, mark in cuts:
        text = text[:place] + mark + text[place + length :]
    short = _short(text)
    if short is None:
        return
    try:
        assert short == Credentials.parse(text)._replace(opaque=None)
    except PeerError:
        # What the codec refuses may be read here as long as it could not be taken for anything else.
        assert short.username in text


def test_no_answer_for_this_realm() -> None:
    assert answer_in(request("ola"), SITE) is None
    assert answer_in(request("ola", "Authorization: " + ANSWER), "else.example") is None
    assert answer_in(request("ola", "Authorization: " + ANSWER), SITE) is not None


def test_a_qop_given_back_without_nc_and_cnonce_is_none() -> None:
    old = ANSWER.replace(', cnonce="a"', "").replace(", nc=00000001", "").replace("qop=auth", 'qop="auth"')
    answer = answer_in(request("ola", "Authorization: " + old.replace(", ", ",")), SITE)
    assert answer is not None
    assert (answer.qop, answer.username) == (None, "ola")
    with pytest.raises(PeerError):
        answer_in(request("ola", "Authorization: " + old.replace('username="ola"', "x=y")), SITE)
