"""The messages of RFC 4475 and what each must come to, as far as a parser decides it.

Verdicts above the parser (420, 415, 401, 483 ...) belong to those who decide them; such a message is
accepted here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pbx.sip.check import check
from pbx.sip.errors import PeerError
from pbx.sip.framing import StreamFramer
from pbx.sip.message import Message, Request, Response, parse, response_to

FOLDER = Path(__file__).parents[2] / "data" / "sip" / "torture"

ACCEPTED = """
wsinv esc01 escnull esc02 lwsdisp longreq dblreq semiuri transports mpart01 unreason noreason
baddate
bext01 invut regaut01 bcast zeromf cparam01 cparam02 regescrt sdp01 unksm2 inv2543
""".split()
"""Well-formed, or (baddate) wrong only in a header that nobody here reads, which section 3.1.2.12 allows."""

REFUSED = {
    "badinv01": 400,
    "clerr": 400,
    "ncl": 400,
    "scalar02": 400,
    "quotbal": 400,
    "ltgtruri": 400,
    "lwsruri": 400,
    "lwsstart": 400,
    "trws": 400,
    "escruri": 400,
    "regbadct": 400,
    "badaspec": 400,
    "baddn": 400,
    "badvers": 505,
    "mismatch01": 400,
    "mismatch02": 400,
    "badbranch": 400,
    "insuf": 400,
    "unkscm": 416,
    "novelsc": 416,
    "multi01": 400,
    "mcl01": 400,
}
"""Requests to answer so."""

DROPPED = ["scalarlg", "bigcode", "intmeth"]
"""Bad responses; and intmeth, legal but with a NUL in quotes: we take no NUL in a head from anybody."""


def read(name: str) -> bytes:
    return (FOLDER / f"{name}.dat").read_bytes()


def judged(data: bytes) -> Message:
    message = parse(data)
    check(message)
    return message


def test_all_49_are_judged() -> None:
    names = sorted(path.stem for path in FOLDER.glob("*.dat"))
    assert names == sorted([*ACCEPTED, *REFUSED, *DROPPED])
    assert len(names) == 49


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    message = judged(read(name))
    again = judged(message.to_bytes())
    assert again.to_bytes() == message.to_bytes()
    if isinstance(message, Request):
        response_to(message, 200, to_tag="t").to_bytes()


@pytest.mark.parametrize(("name", "status"), REFUSED.items())
def test_refused_with_an_answer(name: str, status: int) -> None:
    with pytest.raises(PeerError) as caught:
        judged(read(name))
    assert caught.value.status == status
    answer = response_to(caught.value.request, status, caught.value.reason)
    assert answer.to_bytes().startswith(f"SIP/2.0 {status} ".encode())


@pytest.mark.parametrize("name", DROPPED)
def test_dropped(name: str) -> None:
    with pytest.raises(PeerError) as caught:
        judged(read(name))
    assert caught.value.request is None


@pytest.mark.parametrize("name", [*ACCEPTED, *REFUSED, *DROPPED])
def test_on_a_stream_they_never_do_worse(name: str) -> None:
    framer = StreamFramer()
    try:
        framer.feed(read(name))
    except PeerError as error:
        assert name in REFUSED or name in DROPPED or "Content-Length" in error.reason


def test_the_short_tortuous_invite() -> None:
    message = judged(read("wsinv"))
    assert (message.to_tag, message.from_tag) == ("1918181833n", "98asjd8")
    assert message.from_.display == r"J Rosenberg \""
    assert message.cseq == (9, "INVITE")
    assert message.branch == "390skdjuw"
    assert [via.partition(";")[0].split()[-1] for via in message.headers.values("Via")] == [
        "192.0.2.2",
        "spindle.example.com",
        "192.168.255.111",
    ]
    assert message.contact is not None
    assert dict(message.contact.params) == {"newparam": "newvalue", "secondparam": None, "q": "0.33"}
    assert message.headers.get("NewFangledHeader") == "newfangled value continued newfangled value"
    assert len(message.body) == 150


def test_an_unusual_but_legal_request_without_its_nul() -> None:
    message = judged(read("intmeth").replace(b"\\\0", b"\\-"))
    assert isinstance(message, Request)
    assert message.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert message.to.display == "BEL:\a NUL:- DEL:\x7f"
    assert message.from_tag == "_token~1'+`*%!-."


def test_two_requests_in_one_datagram_and_in_one_stream() -> None:
    assert judged(read("dblreq")).call_id == "dblreq.0ha0isndaksdj99sdfafnl3lk233412"
    methods = [
        message.method for message in StreamFramer().feed(read("dblreq")) if isinstance(message, Request)
    ]
    assert methods == ["REGISTER", "INVITE"]


def test_escapes_are_kept_apart_from_what_they_mean() -> None:
    assert judged(read("esc01")).to.sip_uri.user == "user"
    request = judged(read("esc02"))
    assert isinstance(request, Request)
    assert request.method == "RE%47IST%45R"
    contacts = judged(read("escnull")).addresses("Contact")
    assert [contact.sip_uri.user for contact in contacts] == ["\0", "\0\0"]
    assert [str(contact.sip_uri) for contact in contacts] == [contact.uri for contact in contacts]


def test_reason_phrases() -> None:
    response = judged(read("noreason"))
    assert isinstance(response, Response)
    assert (response.status, response.reason) == (100, "")
    response = judged(read("unreason"))
    assert isinstance(response, Response)
    assert response.reason.startswith("= 2**3 * 5**2 ")


def test_parameters_of_the_header_or_of_the_uri() -> None:
    inside = judged(read("cparam01")).contact
    outside = judged(read("cparam02")).contact
    assert inside is not None
    assert outside is not None
    assert "unknownparam" in inside.params
    assert "unknownparam" in outside.sip_uri.params
