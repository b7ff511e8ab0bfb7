"""Every race that a door call can meet, each as a ladder: what crosses, what is lost, who is told what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pbx.sip.events import (
    Answered,
    Cancelled,
    Ended,
    Established,
    InviteReceived,
    OfferAnswered,
    OfferReceived,
    Progressed,
    Refused,
)
from pbx.sip.message import Response
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER, SECOND, Ladder


def ringing(ladder: Ladder) -> tuple[Session, Session]:
    """A call of alice that bob lets ring; both sides' sessions."""
    call = ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    incoming.ring(ladder.now)
    ladder.settle()
    ladder.alice.take(Progressed)
    ladder.picture()
    return call, incoming


def talking(ladder: Ladder) -> tuple[Session, Session]:
    """A call that bob has answered; both sides' sessions."""
    call, incoming = ringing(ladder)
    incoming.accept(ANSWER, ladder.now)
    ladder.settle()
    ladder.alice.take(Answered)
    ladder.bob.take(Established)
    ladder.picture()
    return call, incoming


def over(ladder: Ladder) -> None:
    """Nothing was told that the test did not take, and nothing stays when all timers have run."""
    ladder.finish()
    assert (ladder.alice.saw(), ladder.bob.saw()) == ([], [])
    assert ladder.nothing_left(), (ladder.alice.engine.stats(), ladder.bob.engine.stats())


def test_cancel_before_the_answer() -> None:
    ladder = Ladder()
    call, incoming = ringing(ladder)
    call.cancel(ladder.now, 'SIP;cause=200;text="Call completed elsewhere"')
    ladder.settle()
    assert ladder.bob.take(Cancelled).session is incoming
    assert ladder.alice.take(Refused).status == 487
    assert ladder.picture() == ["alice CANCEL", "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"]
    cancel = ladder.alice.last("CANCEL")
    assert cancel.headers.get("Reason") == 'SIP;cause=200;text="Call completed elsewhere"'
    over(ladder)


def test_cancel_waits_for_a_provisional_response() -> None:
    ladder = Ladder()
    ladder.hold(ladder.bob, "100 INVITE")
    call = ladder.alice.call()
    ladder.settle()
    call.cancel(ladder.now)
    ladder.settle()
    assert ladder.picture() == ["alice INVITE", "bob 100 INVITE (held)"]
    ladder.release(ladder.bob, "100 INVITE")
    ladder.settle()
    assert ladder.picture() == ["alice CANCEL", "bob 200 CANCEL", "bob 487 INVITE", "alice ACK"]
    assert ladder.bob.saw() == ["InviteReceived", "Cancelled"]
    assert ladder.alice.take(Refused).status == 487


def test_cancel_of_an_invite_that_nobody_heard() -> None:
    ladder = Ladder()
    ladder.lose(ladder.alice, "INVITE", times=7)
    call = ladder.alice.call()
    call.cancel(ladder.now)
    ladder.advance(32)
    assert ladder.alice.take(Refused).status == 408
    assert ladder.picture() == ["alice INVITE (lost)"] * 7
    over(ladder)


def test_cancel_crosses_the_200() -> None:
    ladder = Ladder()
    call, incoming = ringing(ladder)
    incoming.accept(ANSWER, ladder.now)
    call.cancel(ladder.now)
    ladder.settle()
    assert ladder.alice.take(Refused).status == 487
    assert ladder.bob.take(Established).session is incoming
    assert ladder.bob.take(Ended).cause == "bye"
    assert ladder.picture() == [
        "alice CANCEL",
        "bob 200 INVITE",
        "bob 200 CANCEL",
        "alice ACK",
        "alice BYE",
        "bob 200 BYE",
    ]
    over(ladder)


def test_late_200_after_the_user_gave_up() -> None:
    """The CANCEL is lost for a while; bob answers meanwhile."""
    ladder = Ladder()
    call, incoming = ringing(ladder)
    ladder.lose(ladder.alice, "CANCEL")
    call.end(ladder.now)
    ladder.settle()
    incoming.accept(ANSWER, ladder.now)
    ladder.settle()
    assert ladder.alice.take(Refused).status == 487
    assert [type(event) for event in ladder.bob.told] == [Established, Ended]
    ladder.bob.told.clear()
    over(ladder)


def test_cancel_for_an_unknown_invite_is_481() -> None:
    ladder = Ladder()
    call, _ = ringing(ladder)
    call.cancel(ladder.now)
    ladder.settle()
    data = ladder.alice.last("CANCEL")
    ladder.finish()
    ladder.picture()
    ladder.bob.engine.receive(data, ladder.bob.flow, ladder.now)
    assert ladder.picture() == ["bob 481 CANCEL"]


def test_cancel_without_a_final_response_gives_up_after_32_seconds() -> None:
    ladder = Ladder()
    call, _ = ringing(ladder)
    ladder.hold(ladder.bob, "487 INVITE")
    call.cancel(ladder.now)
    ladder.advance(31.9)
    assert ladder.alice.saw() == []
    ladder.advance(0.2)
    assert ladder.alice.take(Refused).status == 408
    ladder.bob.take(Cancelled)
    over(ladder)


def test_every_retransmission_of_the_invite_meets_the_same_transaction() -> None:
    ladder = Ladder()
    ladder.lose(ladder.bob, "100 INVITE", times=3)
    ladder.alice.call()
    ladder.advance(4)
    assert ladder.picture() == [
        "alice INVITE",
        "bob 100 INVITE (lost)",
        "alice INVITE",
        "bob 100 INVITE (lost)",
        "alice INVITE",
        "bob 100 INVITE (lost)",
        "alice INVITE",
        "bob 100 INVITE",
    ]
    assert ladder.bob.saw() == ["InviteReceived"]


@pytest.mark.parametrize("loser", ["alice ACK", "bob 486 INVITE"])
def test_a_refusal_is_repeated_until_its_ack(loser: str) -> None:
    ladder = Ladder()
    _, incoming = ringing(ladder)
    name, _, title = loser.partition(" ")
    ladder.lose(ladder.alice if name == "alice" else ladder.bob, title, times=2)
    incoming.refuse(486, ladder.now)
    ladder.finish()
    assert ladder.alice.take(Refused).status == 486
    assert ladder.bob.count("486 INVITE") == 3
    assert ladder.alice.count("ACK") == (3 if name == "alice" else 1)
    over(ladder)


def test_200_is_repeated_until_its_ack() -> None:
    ladder = Ladder()
    _, incoming = ringing(ladder)
    ladder.lose(ladder.bob, "200 INVITE")
    ladder.lose(ladder.alice, "ACK", times=2)
    start = ladder.now
    incoming.accept(ANSWER, ladder.now)
    ladder.advance(10)
    assert ladder.picture() == [
        "bob 200 INVITE (lost)",
        "bob 200 INVITE",
        "alice ACK (lost)",
        "bob 200 INVITE",
        "alice ACK (lost)",
        "bob 200 INVITE",
        "alice ACK",
    ]
    assert ladder.now == start + 10
    ladder.alice.take(Answered)
    ladder.bob.take(Established)
    incoming.end(ladder.now)
    ladder.settle()
    assert ladder.alice.take(Ended).cause == "bye"
    over(ladder)


def test_200_is_repeated_over_tcp_too() -> None:
    ladder = Ladder("tcp")
    _, incoming = ringing(ladder)
    ladder.lose(ladder.bob, "200 INVITE")
    incoming.accept(ANSWER, ladder.now)
    ladder.advance(1)
    assert ladder.picture() == ["bob 200 INVITE (lost)", "bob 200 INVITE", "alice ACK"]


def test_no_ack_at_all_ends_the_session() -> None:
    ladder = Ladder()
    _, incoming = ringing(ladder)
    ladder.lose(ladder.alice, "ACK", times=99)
    incoming.accept(ANSWER, ladder.now)
    ladder.advance(33)
    assert ladder.bob.take(Ended).cause == "ack_timeout"
    ladder.alice.take(Answered)
    assert ladder.alice.take(Ended).cause == "bye"
    over(ladder)


def test_end_before_the_ack_waits_for_it() -> None:
    ladder = Ladder()
    _, incoming = ringing(ladder)
    incoming.accept(ANSWER, ladder.now)
    incoming.end(ladder.now)
    ladder.settle()
    assert ladder.picture() == ["bob 200 INVITE", "alice ACK", "bob BYE", "alice 200 BYE"]
    ladder.alice.take(Answered)
    assert ladder.alice.take(Ended).cause == "bye"
    over(ladder)


def test_end_before_an_ack_that_never_comes() -> None:
    ladder = Ladder()
    _, incoming = ringing(ladder)
    ladder.lose(ladder.alice, "ACK", times=99)
    incoming.accept(ANSWER, ladder.now)
    incoming.end(ladder.now)
    ladder.advance(33)
    assert ladder.picture()[-2:] == ["bob BYE", "alice 200 BYE"]
    ladder.alice.take(Answered)
    ladder.alice.take(Ended)
    over(ladder)


def test_bye_overtakes_the_ack() -> None:
    ladder = Ladder()
    call, incoming = ringing(ladder)
    ladder.hold(ladder.alice, "ACK")
    incoming.accept(ANSWER, ladder.now)
    ladder.settle()
    call.end(ladder.now)
    ladder.settle()
    assert ladder.bob.take(Ended).cause == "bye"
    ladder.release(ladder.alice, "ACK")
    ladder.alice.take(Answered)
    over(ladder)


def test_bye_crosses_bye() -> None:
    ladder = Ladder()
    call, incoming = talking(ladder)
    call.end(ladder.now)
    incoming.end(ladder.now)
    ladder.settle()
    assert ladder.picture() == ["alice BYE", "bob BYE", "bob 200 BYE", "alice 200 BYE"]
    over(ladder)


def test_bye_lost_until_the_peer_is_given_up() -> None:
    ladder = Ladder()
    call, incoming = talking(ladder)
    ladder.lose(ladder.alice, "BYE", times=99)
    call.end(ladder.now)
    ladder.advance(32)
    assert ladder.picture() == ["alice BYE (lost)"] * 11
    assert ladder.alice.engine.stats()["sessions"] == 0
    incoming.end(ladder.now)
    ladder.finish()
    assert ladder.picture() == ["bob BYE", "alice 481 BYE"]
    over(ladder)


def test_response_to_bye_lost() -> None:
    ladder = Ladder()
    call, _ = talking(ladder)
    ladder.lose(ladder.bob, "200 BYE", times=2)
    call.end(ladder.now)
    ladder.finish()
    assert ladder.bob.take(Ended).cause == "bye"
    assert ladder.alice.count("BYE") == 3
    over(ladder)


def offers_cross(ladder: Ladder, call: Session, incoming: Session) -> None:
    call.reoffer(OFFER + b"alice\r\n", ladder.now)
    incoming.reoffer(ANSWER + b"bob\r\n", ladder.now)


def test_reinvite_glare_is_settled_by_the_random_wait() -> None:
    ladder = Ladder()
    call, incoming = talking(ladder)
    offers_cross(ladder, call, incoming)
    ladder.settle()
    assert ladder.picture() == [
        "alice INVITE",
        "bob INVITE",
        "bob 491 INVITE",
        "alice 491 INVITE",
        "alice ACK",
        "bob ACK",
    ]
    start = ladder.now
    ladder.advance(2.05)
    # Who made the Call-ID waits 2.1 to 4 s, the other less than 2.
    assert ladder.picture()[:3] == ["bob INVITE", "alice 100 INVITE", "alice 200 INVITE"][:2]
    offer = ladder.alice.take(OfferReceived)
    assert offer.body == ANSWER + b"bob\r\n"
    call.accept_offer(offer.transaction, SECOND, ladder.now)
    ladder.settle()
    assert isinstance(ladder.bob.take(OfferAnswered).response, Response)
    ladder.advance(start + 4.1 - ladder.now)
    offer = ladder.bob.take(OfferReceived)
    incoming.accept_offer(offer.transaction, SECOND, ladder.now)
    ladder.settle()
    ladder.alice.take(OfferAnswered)
    call.end(ladder.now)
    ladder.settle()
    ladder.bob.take(Ended)
    over(ladder)


def test_offer_while_theirs_is_open_waits_here() -> None:
    ladder = Ladder()
    call, incoming = talking(ladder)
    call.reoffer(SECOND, ladder.now)
    ladder.settle()
    offer = ladder.bob.take(OfferReceived)
    incoming.reoffer(SECOND + b"x", ladder.now)
    ladder.settle()
    assert ladder.picture() == ["alice INVITE", "bob 100 INVITE"]
    incoming.accept_offer(offer.transaction, ANSWER, ladder.now)
    ladder.advance(3)
    ladder.alice.take(OfferAnswered)
    assert ladder.alice.take(OfferReceived).body == SECOND + b"x"


def test_provisional_100rel_with_a_lost_prack() -> None:
    ladder = Ladder()
    ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    ladder.lose(ladder.alice, "PRACK")
    ladder.picture()
    incoming.ring(ladder.now, 183, ANSWER, reliable=True)
    ladder.advance(3)
    assert ladder.picture() == [
        "bob 183 INVITE",
        "alice PRACK (lost)",
        "bob 183 INVITE",
        "alice PRACK",
        "bob 200 PRACK",
    ]
    assert ladder.alice.take(Progressed).response.status == 183
    assert ladder.alice.saw() == []


def test_provisional_100rel_lost_twice() -> None:
    ladder = Ladder()
    ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    ladder.lose(ladder.bob, "183 INVITE", times=2)
    ladder.picture()
    incoming.ring(ladder.now, 183, ANSWER, reliable=True)
    incoming.accept(b"", ladder.now)
    ladder.advance(3)
    assert ladder.picture() == [
        "bob 183 INVITE (lost)",
        "bob 183 INVITE (lost)",
        "bob 183 INVITE",
        "alice PRACK",
        "bob 200 PRACK",
        "bob 200 INVITE",
        "alice ACK",
    ]
    ladder.alice.take(Progressed)
    answered = ladder.alice.take(Answered)
    assert (answered.response.body, answered.session.remote_body) == (b"", ANSWER)
    ladder.bob.take(Established)


def test_prack_that_never_comes_ends_the_invite() -> None:
    ladder = Ladder()
    ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    ladder.lose(ladder.alice, "PRACK", times=99)
    incoming.ring(ladder.now, reliable=True)
    ladder.advance(33)
    assert ladder.bob.take(Cancelled).session is incoming
    ladder.alice.take(Progressed)
    assert ladder.alice.take(Refused).status == 504
    over(ladder)


def test_duplicates_of_everything_are_told_once() -> None:
    ladder = Ladder()
    ladder.noise(1, repeat=1.0)
    call, incoming = talking(ladder)
    call.reoffer(SECOND, ladder.now)
    ladder.settle()
    offer = ladder.bob.take(OfferReceived)
    incoming.accept_offer(offer.transaction, ANSWER, ladder.now)
    ladder.settle()
    ladder.alice.take(OfferAnswered)
    call.end(ladder.now)
    ladder.settle()
    ladder.bob.take(Ended)
    over(ladder)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("loss", [0.1, 0.3])
def test_calls_come_about_over_a_bad_net(loss: float, seed: int) -> None:
    ladder = Ladder()
    ladder.noise(seed, loss=loss, repeat=0.1, jitter=0.2)
    pick_up: list[Callable[[], None]] = []

    def bob_answers(event: object) -> None:
        if isinstance(event, InviteReceived):
            event.session.ring(ladder.now)
            pick_up.append(lambda: event.session.accept(ANSWER, ladder.now))

    ladder.bob.on_event = bob_answers
    call = ladder.alice.call()
    ladder.advance(16)
    pick_up[0]()
    ladder.advance(30)
    assert ladder.alice.saw()[-1] == "Answered"
    assert ladder.bob.saw() == ["InviteReceived", "Established"]
    assert call.state == "established"
    call.end(ladder.now)
    ladder.finish()
    assert ladder.bob.saw()[2:] == ["Ended"]
    assert ladder.nothing_left()
