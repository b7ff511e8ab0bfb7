from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.errors import PeerError
from pbx.sip.uri import MAX_URI, SipUri, scheme_of
from tests.pbx.sip import strategies

_MARKS = st.text("abz059-_.!~*'()[]/:&+$", min_size=1, max_size=10)
_WORDS = st.text("abz-_", min_size=1, max_size=10)
_NAMES = _MARKS.map(str.lower)
uris = st.builds(
    SipUri,
    host=strategies.hosts.map(str.lower),
    user=st.none() | st.text(min_size=1, max_size=15).filter(lambda text: text.isprintable()),
    port=strategies.ports,
    params=st.dictionaries(_NAMES, st.none() | _MARKS, max_size=3),
    headers=st.lists(st.tuples(_WORDS, st.text("ab9-_?:+$", max_size=5)), max_size=3).map(tuple),
    scheme=st.sampled_from(["sip", "sips"]),
)


@given(uris, st.none() | st.text(max_size=8).filter(str.isprintable))
def test_a_printed_uri_reads_the_same(uri: SipUri, password: str | None) -> None:
    uri = uri._replace(password=password if uri.user else None)
    assert SipUri.parse(str(uri)) == uri
    assert SipUri.parse(str(uri)).equal(uri)


@given(strategies.hostile_text)
def test_no_text_raises_anything_else(text: str) -> None:
    for candidate in (text, f"sip:{text}", f"sip:a@{text}", f"sip:a@b;{text}", f"sip:a@b?{text}"):
        try:
            uri = SipUri.parse(candidate)
        except PeerError:
            continue
        assert SipUri.parse(str(uri)) == uri


def test_its_parts() -> None:
    uri = SipUri.parse("SIPS:j%40n;day=x:p%3aw@Host.Example:5061;Transport=TCP;lr;n=a%20b?Subject=a%20b&x=")
    assert uri.scheme == "sips"
    assert uri.secure
    assert (uri.user, uri.password) == ("j@n;day=x", "p:w")
    assert (uri.host, uri.port) == ("host.example", 5061)
    assert dict(uri.params) == {"transport": "TCP", "lr": None, "n": "a%20b"}
    assert (uri.param("n"), uri.param("lr"), uri.param("x")) == ("a b", "", None)
    assert uri.headers == (("Subject", "a%20b"), ("x", ""))
    assert uri.aor == "j%40n;day=x@host.example"
    assert SipUri.parse("sip:host").aor == "host"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("sip:", 400),
        ("sip:@host", 400),
        ("sip:a b@host", 400),
        ("sip:a@b@c", 400),
        ("sip:a%4@host", 400),
        ("sip:a:p w@host", 400),
        ("sip:host:", 400),
        ("sip:host:0", 400),
        ("sip:host:65536", 400),
        ("sip:host:٥٠٦٠", 400),
        ("sip:host;a;A", 400),
        ("sip:host;", 400),
        ("sip:host;a=", 400),
        ("sip:host?", 400),
        ("sip:host?a", 400),
        ("sip:[::1", 400),
        ("sip:a@<host>", 400),
        ("user@host", 400),
        ("tel:+4722334455", 416),
        ("sip:" + "a" * MAX_URI, 414),
    ],
)
def test_bad_uris(text: str, status: int) -> None:
    with pytest.raises(PeerError) as caught:
        SipUri.parse(text)
    assert caught.value.status == status


# The examples of RFC 3261 section 19.1.4.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
    ],
)
def test_the_same_resource(one: str, other: str) -> None:
    assert SipUri.parse(one).equal(SipUri.parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:bob@biloxi.com", "sips:bob@biloxi.com"),
    ],
)
def test_another_resource(one: str, other: str) -> None:
    assert not SipUri.parse(one).equal(SipUri.parse(other))


def test_the_scheme_of_any_uri() -> None:
    assert scheme_of("TEL:+47") == "tel"
    with pytest.raises(PeerError):
        scheme_of("+47")
