from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.fields import Challenge, Credentials
from pbx.sip.fields.auth import digest_values, parse_auth_params
from tests.pbx.sip import strategies

_count = st.integers(0, 2**32 - 1).map(lambda count: f"{count:08x}")
_algorithm = st.sampled_from(["MD5", "SHA-256", "MD5-sess"])
challenges = st.builds(
    Challenge,
    strategies.texts,
    strategies.texts,
    _algorithm,
    st.sampled_from([(), ("auth",), ("auth", "auth-int")]),
    st.none() | strategies.texts,
    st.booleans(),
)
credentials = st.builds(
    Credentials,
    *[strategies.texts] * 4,
    st.text("0123456789abcdef"),
    _algorithm,
    st.just("auth"),
    _count,
    strategies.texts,
    st.none() | strategies.texts,
)


@given(challenges)
def test_a_printed_challenge_reads_the_same(challenge: Challenge) -> None:
    assert Challenge.parse(str(challenge)) == challenge


@given(credentials)
def test_printed_credentials_read_the_same(value: Credentials) -> None:
    assert Credentials.parse(str(value)) == value
    old = value._replace(qop=None, nc=None, cnonce=None)
    assert Credentials.parse(str(old)) == old
    assert value.uses == int(value.nc or "", 16)
    assert old.uses == 0


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"Digest {text}", f'Digest realm="{text}"', f"Digest a=b,{text}"):
        for read in (Challenge.parse, Credentials.parse):
            try:
                read(candidate)
            except PeerError:
                continue


def test_what_old_phones_leave_out() -> None:
    challenge = Challenge.parse('DIGEST  realm = "a" ,nonce="b\\"c",, qop="auth, auth-int",stale=TRUE')
    assert challenge == ("a", 'b"c', "MD5", ("auth", "auth-int"), None, True)
    value = Credentials.parse('Digest username=bob,realm="a",nonce="n",uri="sip:x",response="0f"')
    assert (value.username, value.algorithm, value.qop) == ("bob", "MD5", None)
    value = Credentials.parse(str(value) + ',qop="auth",nc="0000000a",cnonce=""')
    assert (value.qop, value.nc, value.cnonce, value.uses) == ("auth", "0000000a", "", 10)


_PLAIN = 'Digest username="a",realm="b",nonce="c",uri="d",response="e"'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Basic YTpi",
        "Digest",
        'Digest realm="a"',
        f"{_PLAIN},realm=x",
        f"{_PLAIN} x",
        f'{_PLAIN},opaque="',
        f"{_PLAIN},qop=auth",
        f'{_PLAIN},qop=auth,nc=1,cnonce="x"',
        f'{_PLAIN},qop=auth,nc=0000000g,cnonce="x"',
        f"{_PLAIN},qop=auth,nc=00000001",
        f'{_PLAIN},qop="a b",nc=00000001,cnonce="x"',
        f'{_PLAIN},algorithm="M D"',
    ],
)
def test_bad_credentials(text: str) -> None:
    with pytest.raises(PeerError):
        Credentials.parse(text)


def test_other_schemes_are_passed_over() -> None:
    assert digest_values(["Basic x", " digest a=b", "NoOneKnowsThisScheme y=z"]) == [" digest a=b"]
    assert parse_auth_params("Digest ") == {}
