"""A leg's offers and answers over time."""

from __future__ import annotations

import pytest

from media.errors import MediaMisuse, SdpError
from media.leg import Leg
from media.negotiate import mapping
from tests.media import offers

PORTS = {"audio": 20000, "video": 20002}


def leg(name: str = "a", role: str = "phone") -> Leg:
    one = Leg(name, 7)
    one.address = "192.0.2.1"
    one.role = "panel" if role == "panel" else "phone"
    return one


def place(kind: str) -> int:
    return PORTS[kind]


def call(a: Leg, b: Leg, offered: bytes, answered: bytes) -> tuple[bytes, bytes]:
    """One offer from a to b and back; what b and a are sent."""
    a.receive_offer(offered)
    to_b = b.offer(a, place)
    b.receive_answer(answered)
    return to_b, a.answer(b, place)


def test_offer_and_answer_through_two_legs() -> None:
    a, b = leg("a", "panel"), leg("b")
    to_b, to_a = call(a, b, offers.offer("panel_offer"), offers.video_phone(5000, 5002))
    assert "b=AS:2048" in offers.lines(to_b)
    assert "m=video 20002 RTP/AVP 104" in offers.lines(to_b)
    assert offers.lines(to_a)[-1] == "m=application 0 TCP/MSRP *"
    assert "m=video 20002 RTP/AVP 104" in offers.lines(to_a)
    assert "a=recvonly" in offers.lines(to_a)
    assert dict(mapping(a.agreed["video"], b.agreed["video"], panel=True)) == {104: 97}


def test_the_same_answer_is_given_until_a_new_offer_comes() -> None:
    a, b = leg("a"), leg("b")
    _, first = call(a, b, offers.phone(4000), offers.phone(5000))
    assert a.answer(b, place) == first == a.answer(None, place)
    _, second = call(a, b, offers.phone(4000), offers.phone(5000))
    assert second == first  # nothing changed, so no new version either
    _, third = call(a, b, offers.phone(4000) + b"a=sendonly\r\n", offers.phone(5000) + b"a=recvonly\r\n")
    assert offers.lines(third)[1] == "o=doorline 7 2 IN IP4 192.0.2.1"
    assert "a=recvonly" in offers.lines(third)


def test_an_answer_may_come_twice() -> None:
    a, b = leg("a"), leg("b")
    call(a, b, offers.phone(4000), offers.phone(5000))
    b.receive_answer(offers.phone(5002, codecs="8"))
    assert b.ends["audio"].port == 5002


def test_a_refused_renewal_leaves_what_was_agreed() -> None:
    a, b = leg("a"), leg("b")
    call(a, b, offers.phone(4000), offers.phone(5000))
    agreed = dict(a.agreed), dict(b.agreed)
    a.receive_offer(offers.video_phone(4000, 4002))
    b.offer(a, place)
    a.withdraw()
    b.withdraw()
    assert (a.agreed, b.agreed) == agreed
    assert set(a.streams()) == {"audio"}


def test_an_unusable_answer_leaves_the_leg_as_it_was() -> None:
    a, b = leg("a"), leg("b")
    call(a, b, offers.phone(4000), offers.phone(5000))
    a.receive_offer(offers.phone(4000))
    b.offer(a, place)
    with pytest.raises(SdpError):
        b.receive_answer(offers.sdp("m=audio 0 RTP/AVP 0"))
    with pytest.raises(SdpError):
        b.receive_answer(b"junk")
    assert b.ends["audio"].port == 5000


@pytest.mark.parametrize("missing", [b"a=fingerprint", b"a=ice-pwd", b"a=rtcp-mux"])
def test_protected_media_that_cannot_be_protected_are_488(missing: bytes) -> None:
    with pytest.raises(SdpError) as caught:
        leg().receive_offer(offers.offer("chromium_offer").replace(missing, b"a=x"))
    assert caught.value.status == 488


def test_protected_media_stay_protected() -> None:
    one = leg()
    one.receive_offer(offers.offer("chromium_offer"))
    with pytest.raises(SdpError) as caught:
        one.receive_offer(offers.phone(4000))
    assert caught.value.status == 488


def test_later_targets_are_offered_what_was_settled() -> None:
    a, b, c = leg("a"), leg("b"), leg("c")
    call(a, b, offers.phone(4000, codecs="0 8"), offers.phone(5000, codecs="8"))
    assert "m=audio 20000 RTP/AVP 8 0 111 101 96" in offers.lines(c.offer(a, place))


def test_a_call_without_an_offer() -> None:
    a, b = leg("a", "panel"), leg("b")
    to_a = a.offer(None, place)
    assert "m=video 20002 RTP/AVP 97 98" in offers.lines(to_a)
    a.receive_answer(offers.video_phone(4000, 4002))
    to_b = b.offer(a, place)
    assert "m=video 20002 RTP/AVP 97" in offers.lines(to_b)
    assert "a=sendonly" in offers.lines(to_b)
    assert a.offer(None, place) == to_a  # a re-INVITE without an offer: the same once more


def test_the_other_side_may_renew() -> None:
    a, b = leg("a"), leg("b")
    call(a, b, offers.phone(4000), offers.phone(5000))
    _, to_b = call(b, a, offers.phone(5000) + b"a=inactive\r\n", offers.phone(4000) + b"a=inactive\r\n")
    assert "a=inactive" in offers.lines(to_b)


def test_misuse_is_said() -> None:
    with pytest.raises(MediaMisuse):
        leg().answer(None, place)
    with pytest.raises(MediaMisuse):
        leg().receive_answer(offers.phone(1))
    with pytest.raises(MediaMisuse):
        leg().offer(leg(), place)
