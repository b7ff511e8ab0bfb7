from __future__ import annotations

import pytest

from pbx.sip.check import check
from pbx.sip.errors import PeerError
from pbx.sip.message import parse
from tests.pbx.sip.samples import INVITE, invite, replaced, wire


def test_a_good_message_passes() -> None:
    check(invite())
    check(parse(wire(*INVITE, "Route: <sip:a;lr>", "Expires: 60", "Session-Expires: 90;refresher=uac")))
    check(parse(wire(*replaced("To:", "To: <tel:+47>"))))
    check(parse(wire(*replaced("Contact:", "Contact: *"))))
    check(parse(wire(*replaced("Contact:", None))))
    check(parse(wire("SIP/2.0 200 OK", *INVITE[1:])))


@pytest.mark.parametrize(
    ("start", "line", "status"),
    [
        ("INVITE", "INVITE tel:+47 SIP/2.0", 416),
        ("INVITE", "INVITE sip:a@ SIP/2.0", 400),
        ("INVITE", "INVITE sip:a@b?Route=c SIP/2.0", 400),
        ("Via:", "Via: SIP/2.0/UDP h;branch=z9hG4bK", 400),
        ("Via:", "Via: SIP/2.0/UDP h;branch=z9hG4bKa, nonsense", 400),
        ("Max-Forwards:", "Max-Forwards: 256", 400),
        ("From:", "From: <sip:a@>;tag=1", 400),
        ("To:", 'To: "a <sip:a@b>', 400),
        ("Contact:", "Contact: <sip:a@b>, *", 400),
        ("Contact:", "Contact: <sip:a@b>;expires=x", 400),
        ("Contact:", "Contact: <sip:a@b>;expires", 400),
        ("Max-Forwards:", "Expires: never", 400),
        ("Max-Forwards:", "Route: sip:a b", 400),
        ("Max-Forwards:", "Record-Route: <tel:1>", 416),
    ],
)
def test_a_bad_field_is_found_and_the_request_kept(start: str, line: str, status: int) -> None:
    message = parse(wire(*replaced(start, line)))
    with pytest.raises(PeerError) as caught:
        check(message)
    assert caught.value.status == status
    assert caught.value.request is message


def test_a_bad_response_carries_no_request() -> None:
    response = parse(wire("SIP/2.0 200 OK", *replaced("Max-Forwards:", "Max-Forwards: x")[1:]))
    with pytest.raises(PeerError) as caught:
        check(response)
    assert caught.value.request is None
