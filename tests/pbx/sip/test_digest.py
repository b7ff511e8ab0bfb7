from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.digest import answer, choose, find_credentials, ha1, response_of, supported, verify
from pbx.sip.errors import MisuseError, PeerError
from pbx.sip.fields import Challenge, Credentials
from pbx.sip.headers import Headers
from tests.pbx.sip import strategies

# RFC 2617 section 3.5 and RFC 7616 section 3.9.1.
RFC2617: dict[str, Any] = {
    "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
    "nc": "00000001",
    "cnonce": "0a4f113b",
}
RFC7616: dict[str, Any] = {
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "nc": "00000001",
    "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
}


def test_the_examples_of_the_rfcs() -> None:
    old = ha1("Mufasa", "testrealm@host.com", "Circle Of Life")
    assert old == "939e7578ed9e3c518a452acee763bce9"
    assert response_of(old, "GET", "/dir/index.html", **RFC2617) == "6629fae49393a05397450978507c4ef1"
    for algorithm, response in (
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ):
        stored = ha1("Mufasa", "http-auth@example.org", "Circle of Life", algorithm)
        assert response_of(stored, "GET", "/dir/index.html", algorithm=algorithm, **RFC7616) == response


@given(
    st.sampled_from(["MD5", "SHA-256", "md5-SESS", "SHA-256-sess"]),
    st.sampled_from([(), ("auth",), ("auth-int",), ("auth-int", "auth")]),
    strategies.texts,
    strategies.texts,
    st.binary(max_size=20),
)
def test_our_server_accepts_our_client(
    algorithm: str, qop: tuple[str, ...], user: str, secret: str, body: bytes
) -> None:
    challenge = Challenge("a realm", "n0nce", algorithm, qop, "0paque")
    value = answer(
        challenge, user, secret=secret, method="REGISTER", uri="sip:x", cnonce="c", nc=255, body=body
    )
    credentials = Credentials.parse(value)
    stored = ha1(user, "a realm", secret, algorithm)
    assert (credentials.username, credentials.opaque) == (user, "0paque")
    assert credentials.nc == ("000000ff" if qop else None)
    assert verify(credentials, stored, "REGISTER", body)
    assert not verify(credentials, stored, "INVITE", body)
    assert not verify(credentials._replace(uri="sip:y"), stored, "REGISTER", body)
    assert not verify(credentials._replace(nonce="other"), stored, "REGISTER", body)
    assert not verify(credentials, ha1(user, "a realm", secret + "x", algorithm), "REGISTER", body)
    assert verify(credentials._replace(response=credentials.response.upper()), stored, "REGISTER", body)


def test_a_stored_ha1_serves_as_well_as_the_secret() -> None:
    challenge = Challenge("r", "n")
    rest: dict[str, Any] = {"method": "REGISTER", "uri": "sip:x", "cnonce": "c"}
    stored = ha1("bob", "r", "pw")
    assert answer(challenge, "bob", stored=stored, **rest) == answer(challenge, "bob", secret="pw", **rest)
    with pytest.raises(MisuseError):
        answer(challenge, "bob", **rest)


def test_what_we_cannot_compute() -> None:
    rest: dict[str, Any] = {"method": "REGISTER", "uri": "sip:x", "cnonce": "c", "stored": "0"}
    for challenge in (Challenge("r", "n", "SHA-512-256"), Challenge("r", "n", "MD5", ("auth-x",))):
        with pytest.raises(PeerError):
            answer(challenge, "bob", **rest)
    credentials = Credentials("bob", "r", "n", "sip:x", "0", "SHA-512-256")
    assert not verify(credentials, "0", "REGISTER")
    assert not verify(credentials._replace(algorithm="MD5", qop="auth-x"), "0", "REGISTER")
    assert not supported("AKAv1-MD5")
    with pytest.raises(MisuseError):
        response_of("0", "REGISTER", "sip:x", "n", qop="auth-x")
    with pytest.raises(MisuseError):
        ha1("bob", "r", "pw", "SHA-512-256")


def test_a_response_in_other_letters_is_only_wrong() -> None:
    credentials = Credentials("bob", "r", "n", "sip:x", "ø\udcff")
    assert not verify(credentials, "0", "REGISTER")


def test_the_first_challenge_we_know_is_taken() -> None:
    values = [
        'Basic realm="r"',
        'Digest realm="r",nonce="1",algorithm=SHA-512-256',
        'Digest realm="r",nonce="2",algorithm=SHA-256,qop="auth-x"',
        'Digest realm="r",nonce="3",algorithm=SHA-256,qop="auth"',
        'Digest realm="r",nonce="4"',
    ]
    chosen = choose(values)
    assert chosen is not None
    assert chosen.nonce == "3"
    assert choose(values[:3]) is None


def test_credentials_are_found_by_realm() -> None:
    one = answer(Challenge("r", "n"), "bob", secret="x", method="REGISTER", uri="sip:x", cnonce="c")
    headers = Headers([("Authorization", "NoOneKnowsThisScheme opaque-data=here"), ("Authorization", one)])
    assert [found.username for found in find_credentials(headers, "r")] == ["bob"]
    assert find_credentials(headers, "other") == []
    assert find_credentials(headers, "r", "Proxy-Authorization") == []
