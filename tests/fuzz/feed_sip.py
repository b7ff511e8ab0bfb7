"""Feeds of the SIP codec: only ``PeerError`` comes out; what was taken prints and reads the same."""

from __future__ import annotations

from contextlib import suppress

from pbx.sip.check import PLAIN_ADDRESS, PLAIN_VIA, check
from pbx.sip.digest import choose, find_credentials, ha1, verify
from pbx.sip.errors import PeerError
from pbx.sip.fields import (
    Challenge,
    ContentType,
    Credentials,
    CSeq,
    Event,
    NameAddr,
    RAck,
    Reason,
    RetryAfter,
    SessionExpires,
    Via,
    parse_date,
)
from pbx.sip.framing import StreamFramer
from pbx.sip.headers import Headers
from pbx.sip.message import Message, Request, parse, response_to
from pbx.sip.uri import MAX_URI, SipUri

_FIELDS = (Via, NameAddr, CSeq, RAck, SessionExpires, RetryAfter, Reason, ContentType, Event)
_SEEN = "call_id cseq from_ to via branch from_tag to_tag contact content_type".split()

SAMPLES = {
    "uri": [
        b"sip:alice:pw@example.com:5060;transport=tcp;lr?subject=a%20b&x=",
        b"sips:[2001:db8::1]",
        b"sip:%61%00@h",
    ],
    "digest": [
        b'Digest username="bob", realm="r", nonce="n", uri="sip:x", '
        b'response="0123456789abcdef0123456789abcdef", '
        b'algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c", opaque="o"',
        b'Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=MD5, stale=TRUE',
    ],
    "fields": [
        b"SIP/2.0/UDP 192.0.2.1:5060;rport=5;branch=z9hG4bK1;received=192.0.2.2",
        b"SIP/2.0/UDP h:50600;branch=z9hG4bKx;rport;alias",
        b'"Front door" <sip:panel1@192.0.2.1:5060;transport=tcp;ob>;tag=x',
        b"Door <sips:[::1]:1;lr>",
        b'"A \\"B\\"" <sip:a@b;lr>;tag=1;+sip.instance="<urn:uuid:1>"',
        b"1 INVITE",
        b"1 2 INVITE",
        b"1800;refresher=uac",
        b"120 (busy);duration=5",
        b'SIP;cause=200;text="Call completed elsewhere"',
        b'multipart/mixed;boundary="x"',
        b"Sat, 13 Nov 2010 23:29:00 GMT",
    ],
}


def message(data: bytes) -> None:
    """A datagram."""
    try:
        taken = parse(data)
    except PeerError as error:
        if error.request is not None:
            response_to(error.request, error.status, error.reason, to_tag="t").to_bytes()
        return
    _examine(taken)


def stream(data: bytes) -> None:
    """A connection: cut in two at a place that the data choose, the same messages must come out."""
    place = sum(data[:64]) * 7 % (len(data) + 1)
    assert _messages(data) == _messages(data[:place], data[place:])


def uri(data: bytes) -> None:
    """A URI."""
    with suppress(PeerError):
        taken = SipUri.parse(_text(data))
        assert SipUri.parse(str(taken)) == taken
        assert taken.equal(taken)


def digest(data: bytes) -> None:
    """An Authorization or WWW-Authenticate value."""
    text = _line(data)
    with suppress(PeerError):
        for credentials in find_credentials(Headers([("Authorization", text)]), "r"):
            assert not verify(credentials, ha1("bob", "r", "secret"), "REGISTER")
    with suppress(PeerError):
        taken = Credentials.parse(text)
        assert Credentials.parse(str(taken)) == taken
    with suppress(PeerError):
        choose([text])
        assert Challenge.parse(str(Challenge.parse(text))) == Challenge.parse(text)


def fields(data: bytes) -> None:
    """Any typed field."""
    text = _line(data)
    for kind in _FIELDS:
        with suppress(PeerError):
            taken = kind.parse(text)
            assert kind.parse(str(taken)) == taken
    with suppress(PeerError):
        parse_date(text)
    if PLAIN_VIA.fullmatch(text):
        Via.parse(text)
    if PLAIN_ADDRESS.fullmatch(text) and len(text) < MAX_URI:
        assert NameAddr.parse(text).sip_uri.host


def _examine(taken: Message) -> None:
    for name in _SEEN:
        with suppress(PeerError):
            getattr(taken, name)
    with suppress(PeerError):
        check(taken)
    again = parse(taken.to_bytes())
    assert again.to_bytes() == taken.to_bytes()
    if isinstance(taken, Request):
        parse(response_to(taken, 200, to_tag="t").to_bytes())


def _messages(*pieces: bytes) -> list[bytes]:
    framer = StreamFramer()
    taken: list[bytes] = []
    for piece in pieces:
        rest = piece
        while True:
            try:
                items = framer.feed(rest)
            except PeerError as error:
                if error.fatal:
                    return taken
                rest = b""
                continue
            taken += [item.to_bytes() for item in items if isinstance(item, Message)]
            if not framer.waiting:
                break
            rest = b""
    return taken


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _line(data: bytes) -> str:
    return _text(data.translate(None, b"\r\n\0"))
