"""Reliable provisional responses of ours and their PRACKs (RFC 3262)."""

from __future__ import annotations

from pbx.sip.events import InviteReceived, OfferReceived
from pbx.sip.message import Message, Response
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER, SECOND
from tests.support.lone import Lone


def invited(lone: Lone, how: str = "Require", body: bytes = OFFER) -> Session:
    lone.ask("INVITE", body=body, headers=[(how, "100rel")])
    return lone.take(InviteReceived).session


def only(messages: list[Message]) -> Response:
    (message,) = messages
    assert isinstance(message, Response)
    return message


def prack(
    lone: Lone, response: Response, number: int = 2, body: bytes = b"", rack: str = ""
) -> list[Message]:
    value = rack or f"{response.headers.get('RSeq')} 1 INVITE"
    return lone.ask("PRACK", number=number, to_tag=response.to_tag, headers=[("RAck", value)], body=body)


def test_reliable_only_if_required_or_asked_for_and_supported() -> None:
    for how, asked, reliable in [
        ("Require", False, True),
        ("Supported", False, False),
        ("Supported", True, True),
        ("X-None", True, False),
    ]:
        lone = Lone()
        invited(lone, how).ring(lone.now, reliable=asked)
        assert ("RSeq" in only(lone.sent()).headers) is reliable, how


def test_the_second_waits_for_the_prack_of_the_first() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now)
    first = only(lone.sent())
    session.ring(lone.now, 183, ANSWER)
    assert lone.sent() == []
    progress, ok = prack(lone, first)
    assert lone.titles([progress, ok]) == ["183 INVITE", "200 PRACK"]
    assert isinstance(progress, Response)
    assert int(progress.headers.need("RSeq")) == int(first.headers.need("RSeq")) + 1
    session.accept(b"", lone.now)
    assert lone.sent() == []
    assert lone.titles(prack(lone, progress, 3)) == ["200 PRACK", "200 INVITE"]


def test_a_2xx_that_waits_is_the_last_word() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now, 183, ANSWER)
    progress = only(lone.sent())
    session.accept(b"", lone.now)
    session.accept(SECOND, lone.now)
    session.ring(lone.now, 183, SECOND)
    assert lone.sent() == []
    _, ok = prack(lone, progress)
    assert (lone.titles([ok]), ok.body) == (["200 INVITE"], b"")


def test_a_2xx_that_waits_can_be_taken_back() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now, 183, ANSWER)
    session.accept(b"", lone.now)
    lone.sent()
    session.end(lone.now)
    assert lone.titles() == ["480 INVITE"]
    lone.advance(40)
    assert lone.empty()


def test_repeats_double_until_the_prack() -> None:
    lone = Lone()
    invited(lone).ring(lone.now)
    first = only(lone.sent())
    assert len(lone.advance(8)) == 4
    assert lone.titles(prack(lone, first)) == ["200 PRACK"]
    assert lone.advance(20) == []


def test_a_2xx_without_early_description_does_not_wait() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now)
    first = only(lone.sent())
    session.accept(ANSWER, lone.now)
    assert only(lone.sent()).status == 200
    assert all(title == "200 INVITE" for title in lone.titles(lone.advance(3)))
    assert first.status == 180


def test_a_prack_that_matches_nothing_is_481() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now)
    ring = only(lone.sent())
    assert lone.titles(prack(lone, ring, rack="1 1 INVITE")) == ["481 PRACK"]
    assert lone.titles(prack(lone, ring, 3, rack=f"{ring.headers.get('RSeq')} 9 INVITE")) == ["481 PRACK"]
    assert lone.titles(prack(lone, ring, 4, rack="nonsense")) == ["400 PRACK"]
    assert lone.titles(prack(lone, ring, 5)) == ["200 PRACK"]
    assert lone.titles(prack(lone, ring, 6)) == ["481 PRACK"]


def test_a_prack_without_reliable_response_is_481() -> None:
    lone = Lone()
    session = invited(lone, "Supported")
    session.ring(lone.now)
    ring = only(lone.sent())
    assert lone.titles(prack(lone, ring, rack="1 1 INVITE")) == ["481 PRACK"]


def test_an_answer_in_the_prack_is_kept() -> None:
    lone = Lone()
    session = invited(lone, body=b"")
    session.ring(lone.now, 183, OFFER)
    assert lone.titles(prack(lone, only(lone.sent()), body=ANSWER)) == ["200 PRACK"]
    assert session.remote_body == ANSWER


def test_a_new_offer_in_the_prack_is_the_users() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now, 183, ANSWER)
    progress = only(lone.sent())
    session.accept(b"", lone.now)
    assert prack(lone, progress, body=SECOND) == []
    offer = lone.take(OfferReceived)
    session.accept_offer(offer.transaction, ANSWER, lone.now)
    assert lone.titles() == ["200 PRACK", "200 INVITE"]
    assert session.remote_body == SECOND


def test_the_final_response_stops_the_repeats() -> None:
    lone = Lone()
    session = invited(lone)
    session.ring(lone.now)
    session.refuse(486, lone.now)
    lone.sent()
    assert set(lone.titles(lone.advance(40))) == {"486 INVITE"}
    assert lone.empty()
