from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.check import check
from pbx.sip.errors import MisuseError, PeerError
from pbx.sip.fields import CSeq
from pbx.sip.headers import Headers
from pbx.sip.message import Message, Request, Response, SizeLimits, parse, response_to
from tests.pbx.sip import strategies
from tests.pbx.sip.samples import INVITE, invite, replaced, wire


def refused(data: bytes, status: int) -> PeerError:
    with pytest.raises(PeerError) as caught:
        parse(data)
    assert caught.value.status == status
    return caught.value


def test_what_a_request_says() -> None:
    request = invite()
    assert (request.method, request.uri, request.body) == ("INVITE", "sip:flat4@door.example.com", b"v=0\r\n")
    assert request.call_id == "0a1b2c3d4e5f60718293"
    assert request.cseq == CSeq(21412, "INVITE")
    assert request.branch == request.via.branch == "z9hG4bKPjHh3tqn5ZQd1Q.3rN2aXo"
    assert (request.from_tag, request.to_tag) == ("8fa7b1c2", None)
    assert (request.from_.display, request.to.uri) == ("Front door", "sip:flat4@door.example.com")
    assert request.contact is not None
    assert request.contact.sip_uri.port == 5060
    assert request.content_type == ""
    assert repr(request) == "<Request INVITE sip:flat4@door.example.com>"


def test_untouched_it_leaves_as_it_came() -> None:
    data = wire(*INVITE, "X-Odd : a  b", "s: ", body=b"\x00\xff")
    assert parse(data).to_bytes() == data


def test_the_length_is_set_right_on_the_way_out() -> None:
    request = invite()
    request.body = b"longer than before"
    assert b"\r\nContent-Length: 18\r\n\r\nlonger" in request.to_bytes()
    built = Request("OPTIONS", "sip:a", Headers([("To", "<sip:a>")]))
    assert built.to_bytes() == b"OPTIONS sip:a SIP/2.0\r\nTo: <sip:a>\r\nContent-Length: 0\r\n\r\n"
    assert Response(180).to_bytes() == b"SIP/2.0 180 \r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("<sip:a@b>", None),
        ("<sip:a@b>;tag=x", "x"),
        ("sip:a@b;tag=x", "x"),
        ("<sip:a@b>;x=y;Tag=z", "z"),
        ('"tag=no" <sip:a@b;tag=no>;tag=yes', "yes"),
        ('<sip:a@b>;x=">;tag=no";tag=yes', "yes"),
        ('"<x>;tag=no" <sip:a@b>', None),
        ("<sip:a@b> ; tag = x", "x"),
    ],
)
def test_a_tag_is_found_however_it_is_written(value: str, tag: str | None) -> None:
    message = parse(wire(*replaced("To:", f"To: {value}")))
    assert message.to_tag == tag
    assert message.to.tag == tag
    assert message.to_tag == tag


@pytest.mark.parametrize(
    ("value", "branch"),
    [
        ("SIP/2.0/UDP h;branch=z9hG4bK1", "z9hG4bK1"),
        ("SIP/2.0/UDP h;rport=5;branch=z9hG4bK1;received=x", "z9hG4bK1"),
        ("SIP/2.0/UDP h;ttl=1;branch=z9hG4bK1", "z9hG4bK1"),
        ("SIP/2.0/UDP h ; branch = z9hG4bK1", "z9hG4bK1"),
        ("SIP/2.0/UDP h;branch=z9hG4bK1, SIP/2.0/UDP i;branch=z9hG4bK2", "z9hG4bK1"),
        ("SIP/2.0/UDP h, SIP/2.0/UDP i;branch=z9hG4bK2", ""),
        ('SIP/2.0/UDP h;x=";branch=no";branch=yes', "yes"),
        ("SIP/2.0/UDP h", ""),
    ],
)
def test_the_branch_is_that_of_the_top_via(value: str, branch: str) -> None:
    message = parse(wire(*replaced("Via:", f"Via: {value}")))
    assert message.branch == branch
    assert message.via.branch == branch
    assert message.branch == branch


def test_fields_follow_the_headers() -> None:
    request = invite()
    assert (request.branch, request.from_tag) != ("b", "f")
    request.headers.prepend("Via", "SIP/2.0/TCP h;branch=b")
    request.headers.set("From", "<sip:x@y>;tag=f")
    request.headers.set("CSeq", "5 ACK")
    request.headers.set("Contact", "*")
    assert (request.branch, request.via.transport, request.from_tag) == ("b", "TCP", "f")
    assert request.cseq == (5, "ACK")
    assert request.contact is None
    request.headers.set("Content-Type", "Application/SDP ; x=y")
    assert request.content_type == "application/sdp"
    request.headers.add("Route", "<sip:a;lr>, <sip:b;lr>")
    assert [address.uri for address in request.addresses("Route")] == ["sip:a;lr", "sip:b;lr"]


def test_a_missing_field_is_the_peers_fault() -> None:
    empty = Request("OPTIONS", "sip:a")
    for field in ("call_id", "cseq", "from_", "to", "via", "branch", "from_tag", "to_tag"):
        with pytest.raises(PeerError):
            getattr(empty, field)
    assert empty.contact is None


def test_status_lines() -> None:
    response = parse(wire("SIP/2.0 486 Opptatt nå", *INVITE[1:]))
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (486, "Opptatt nå")
    assert repr(response) == "<Response 486 Opptatt nå>"
    assert parse(wire("SIP/2.0 100", *INVITE[1:])).to_bytes().startswith(b"SIP/2.0 100 \r\n")
    for line in (
        "SIP/2.0 99 x",
        "SIP/2.0 700 x",
        "SIP/2.0 2000 x",
        "SIP/2.0 ٢٠٠ x",
        "SIP/3.0 200 x",
        "SIP/2.0",
    ):
        assert refused(wire(line, *INVITE[1:]), 400).request is None


@pytest.mark.parametrize(
    ("line", "status", "answered"),
    [
        ("INVITE sip:a SIP/3.0", 505, True),
        ("INVITE sip:a HTTP/1.1", 400, True),
        ("INVITE sip:a", 400, True),
        ("INVITE  sip:a SIP/2.0", 400, True),
        ("INVITE sip:a SIP/2.0 ", 400, True),
        ("INVITE sip:a b SIP/2.0", 400, True),
        ("INVITE\tsip:a SIP/2.0", 400, False),
        ("INV<TE sip:a SIP/2.0", 400, False),
        (f"INVITE sip:{'a' * 2048} SIP/2.0", 414, True),
        ("OPTIONS sip:a SIP/2.0", 400, True),
    ],
)
def test_bad_request_lines(line: str, status: int, answered: bool) -> None:
    error = refused(wire(line, *INVITE[1:]), status)
    assert (error.request is not None) == answered
    if answered:
        assert response_to(error.request, error.status).call_id == "0a1b2c3d4e5f60718293"


def test_the_version_has_no_case() -> None:
    assert isinstance(parse(wire("INVITE sip:a sip/2.0", *INVITE[1:])), Request)


@pytest.mark.parametrize("name", ["Via", "From", "To", "Call-ID", "CSeq"])
def test_what_every_message_needs(name: str) -> None:
    error = refused(wire(*replaced(f"{name}:", None)), 400)
    assert error.reason == f"Missing {name}"
    assert response_to(error.request, 400).to_bytes()


@pytest.mark.parametrize("line", ["To: <sip:x>", "t: <sip:x>", "CSEQ: 1 INVITE", "l: 0", "max-forwards: 1"])
def test_what_may_stand_only_once(line: str) -> None:
    assert refused(wire(*INVITE, line), 400).request is not None


def test_a_datagram_bounds_its_body() -> None:
    assert parse(wire(*INVITE, body=b"rest", length=None)).body == b"rest"
    assert parse(wire(*INVITE, body=b"body and more", length="4")).body == b"body"
    assert parse(wire(*INVITE, body=b"body", length="004")).body == b"body"
    assert parse(b"\r\n\r\n" + wire(*INVITE)).body == b""
    assert parse(memoryview(wire(*INVITE))).body == b""
    for length in ("5", "-1", "+4", "4 4", "4,4", "x", "9" * 10, "٤"):
        assert refused(wire(*INVITE, body=b"body", length=length), 400).request is not None
    assert refused(wire(*INVITE, "Content-Length: 4", body=b"body"), 400).request is not None


def test_a_response_that_is_cut_short_is_dropped() -> None:
    assert refused(wire("SIP/2.0 200 OK", *INVITE[1:], length="5"), 400).request is None


def test_sizes_are_limited() -> None:
    assert refused(wire(*INVITE, "X: " + "a" * 16384), 513).fatal
    assert refused(wire(*INVITE, *["X-A: b"] * 128), 513).fatal
    assert refused(wire(*INVITE, body=b"a" * 65537), 413).request is not None
    with pytest.raises(PeerError):
        parse(wire(*INVITE), SizeLimits(lines=3))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"INVITE",
        wire(*INVITE)[:-2],
        wire(*INVITE).replace(b"\r\nTo", b"\nTo"),
        wire(*INVITE).replace(b"\r\nTo", b"\rTo"),
        wire(*INVITE, "X: a\0b"),
        wire(*INVITE).replace(b"\r\n", b"\n"),
        wire(*INVITE, "no colon"),
        wire(INVITE[0], " folded", *INVITE[1:]),
    ],
)
def test_what_is_no_message(data: bytes) -> None:
    assert refused(data, 400).fatal


@given(strategies.hostile_bytes)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for candidate in (
        data,
        wire(*INVITE[:4])[:-23] + data,
        wire(*INVITE, length=None)[:-2] + data + b"\r\n\r\n",
    ):
        try:
            message = parse(candidate)
        except PeerError as error:
            if error.request is not None:
                response_to(error.request, error.status, error.reason, to_tag="t").to_bytes()
            continue
        again = parse(message.to_bytes())
        assert again.to_bytes() == message.to_bytes()
        _read_everything(message)


def _read_everything(message: Message) -> None:
    fields = (
        "call_id",
        "cseq",
        "from_",
        "to",
        "via",
        "branch",
        "from_tag",
        "to_tag",
        "contact",
        "content_type",
    )
    for field in fields:
        try:
            getattr(message, field)
        except PeerError:
            continue
    try:
        check(message)
    except PeerError:
        return


@given(
    st.lists(st.tuples(strategies.tokens.map("X-{}".format), strategies.texts), max_size=5),
    st.binary(max_size=50),
)
def test_a_printed_message_reads_the_same(pairs: list[tuple[str, str]], body: bytes) -> None:
    request = invite()
    for name, value in pairs:
        request.headers.add(name, value)
    request.body = body
    again = parse(request.to_bytes())
    assert isinstance(again, Request)
    assert (again.method, again.uri, again.body) == (request.method, request.uri, body)
    assert list(again.headers) == list(request.headers)


def test_a_response_copies_what_it_must() -> None:
    request = invite()
    request.headers.add("Via", "SIP/2.0/TCP second")
    request.headers.add("Record-Route", "<sip:p;lr>")
    ringing = response_to(request, 180, to_tag="mine")
    assert (ringing.status, ringing.reason) == (180, "Ringing")
    assert ringing.headers.all("Via") == request.headers.all("Via")
    assert (ringing.call_id, ringing.cseq, ringing.from_) == (request.call_id, request.cseq, request.from_)
    assert ringing.headers.get("To") == "<sip:flat4@door.example.com>;tag=mine"
    assert ringing.headers.get("Record-Route") == "<sip:p;lr>"
    assert "Max-Forwards" not in ringing.headers
    for status in (100, 486):
        assert "Record-Route" not in response_to(request, status).headers
    assert request.to_tag is None
    assert response_to(request, 299).reason == "Unknown"
    assert response_to(request, 200, "Fine").reason == "Fine"


@pytest.mark.parametrize("to", ["<sip:a@b>;tag=theirs", 'Bad " <sip:a@b>;tag=theirs'])
def test_a_tag_that_is_there_stays(to: str) -> None:
    request = invite()
    request.headers.set("To", to)
    assert response_to(request, 200, to_tag="mine").headers.get("To") == to


def test_only_real_statuses_are_sent() -> None:
    for status in (0, 99, 700):
        with pytest.raises(MisuseError):
            response_to(invite(), status)
