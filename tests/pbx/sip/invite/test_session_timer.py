"""Session timers: who refreshes when, and what becomes of a peer that does not (RFC 4028)."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered, Ended, Established, InviteReceived, OfferAnswered
from pbx.sip.message import Message, Request, Response
from pbx.sip.session import Session
from tests.support.ladder import ANSWER, OFFER, SECOND, Ladder
from tests.support.lone import Lone


def calling(lone: Lone, expires: str, allow: str = "INVITE") -> Session:
    """A call of the engine, answered with that Session-Expires."""
    session, invite = lone.invite()
    lone.answer(invite, 200, headers=[("Session-Expires", expires), ("Allow", allow)], body=ANSWER)
    lone.take(Answered)
    return session


def called(lone: Lone, headers: list[tuple[str, str]]) -> tuple[Session, Response]:
    """A call of the peer that the engine has answered."""
    lone.ask("INVITE", body=OFFER, headers=headers)
    session = lone.take(InviteReceived).session
    session.accept(ANSWER, lone.now)
    (ok,) = lone.sent()
    assert isinstance(ok, Response)
    lone.ask("ACK", to_tag=ok.to_tag)
    lone.take(Established)
    return session, ok


def requests(messages: list[Message]) -> list[Request]:
    return [message for message in messages if isinstance(message, Request)]


@pytest.mark.parametrize(
    ("headers", "agreed"),
    [
        ([("Supported", "timer"), ("Session-Expires", "90")], "90;refresher=uac"),
        ([("Supported", "timer"), ("Session-Expires", "90;refresher=uas")], "90;refresher=uas"),
        ([("Supported", "timer"), ("Session-Expires", "7200")], "1800;refresher=uac"),
        ([("Supported", "timer"), ("Session-Expires", "7200"), ("Min-SE", "3600")], "3600;refresher=uac"),
        ([("Supported", "timer")], "1800;refresher=uac"),
        ([("Session-Expires", "600")], "600;refresher=uas"),
        ([("Session-Expires", "30")], "90;refresher=uas"),
        ([], None),
    ],
)
def test_what_we_agree_to(headers: list[tuple[str, str]], agreed: str | None) -> None:
    _, ok = called(Lone(), headers)
    assert ok.headers.get("Session-Expires") == agreed
    assert ("Require" in ok.headers) is (agreed is not None and agreed.endswith("uac"))


def test_switched_off_nothing_is_asked_or_agreed() -> None:
    lone = Lone(session_interval=0)
    _, ok = called(lone, [("Supported", "timer"), ("Session-Expires", "30")])
    assert "Session-Expires" not in ok.headers
    _, invite = lone.invite()
    assert "Session-Expires" not in invite.headers
    lone.answer(invite, 200, headers=[("Session-Expires", "90")])
    lone.take(Answered)
    assert requests(lone.advance(200)) == []


def test_we_refresh_at_half_by_update_where_the_peer_takes_it() -> None:
    lone = Lone()
    calling(lone, "90;refresher=uac", "INVITE, UPDATE")
    assert requests(lone.advance(44.9)) == []
    (update,) = requests(lone.advance(0.2))
    assert (update.method, update.body) == ("UPDATE", b"")
    assert update.headers.get("Session-Expires") == "90;refresher=uac"
    lone.answer(update, 200, headers=[("Session-Expires", "90;refresher=uac")])
    assert requests(lone.advance(44)) == []
    assert [message.method for message in requests(lone.advance(1.2))] == ["UPDATE"]
    assert lone.silent()


def test_we_refresh_by_reinvite_with_the_last_description() -> None:
    lone = Lone()
    session = calling(lone, "90")
    (invite,) = requests(lone.advance(45))
    assert (invite.method, invite.body) == ("INVITE", OFFER)
    lone.answer(invite, 200, headers=[("Session-Expires", "90;refresher=uac")], body=ANSWER)
    assert lone.silent()
    (invite,) = requests(lone.advance(45.1))[:1]
    lone.answer(invite, 200, headers=[("Session-Expires", "90;refresher=uac")], body=SECOND)
    assert lone.take(OfferAnswered).session is session
    assert session.remote_body == SECOND


def test_update_refused_as_unknown_becomes_a_reinvite() -> None:
    lone = Lone()
    calling(lone, "90", "INVITE, UPDATE")
    (update,) = requests(lone.advance(45))
    (invite,) = requests(lone.answer(update, 501))
    assert invite.method == "INVITE"


def test_a_refresh_refused_leaves_the_session_to_expire() -> None:
    lone = Lone()
    calling(lone, "90")
    (invite,) = requests(lone.advance(45))
    lone.answer(invite, 500)
    assert lone.silent()
    # 90 s less a third of them.
    assert lone.titles(lone.advance(14)) == []
    assert lone.titles(lone.advance(1.1)) == ["BYE"]
    assert lone.take(Ended).cause == "session_expired"


def test_a_refresh_nobody_answers_ends_the_session() -> None:
    lone = Lone()
    calling(lone, "1800")
    lone.advance(933)
    assert lone.take(Ended).cause == "timeout"


def test_422_to_a_refresh_raises_the_interval() -> None:
    lone = Lone()
    calling(lone, "90")
    (invite,) = requests(lone.advance(45))
    again = requests(lone.answer(invite, 422, headers=[("Min-SE", "120")]))[-1]
    assert again.headers.get("Session-Expires") == "120;refresher=uac"
    assert again.headers.get("Min-SE") == "120"


def test_a_peer_that_does_not_refresh_is_let_go() -> None:
    lone = Lone()
    calling(lone, "90;refresher=uas")
    assert lone.titles(lone.advance(59.9)) == []
    assert lone.titles(lone.advance(0.2)) == ["BYE"]
    assert lone.take(Ended).cause == "session_expired"


def test_a_long_interval_ends_32_seconds_early() -> None:
    lone = Lone()
    called(lone, [("Supported", "timer"), ("Session-Expires", "1800;refresher=uac")])
    lone.advance(1767.9)
    assert lone.silent()
    lone.advance(0.2)
    assert lone.take(Ended).cause == "session_expired"


def test_refreshes_of_the_peer_keep_the_session_and_its_roles() -> None:
    lone = Lone()
    _, ok = called(lone, [("Supported", "timer"), ("Session-Expires", "90;refresher=uac")])
    for number in range(2, 6):
        lone.advance(45)
        headers = [("Supported", "timer"), ("Session-Expires", "90")]
        (answer,) = lone.ask("UPDATE", number=number, to_tag=ok.to_tag, headers=headers)
        assert answer.headers.get("Session-Expires") == "90;refresher=uac"
    assert lone.silent()


def test_a_refresh_by_the_other_side_keeps_us_refresher() -> None:
    lone = Lone()
    _, ok = called(lone, [("Supported", "timer"), ("Session-Expires", "90;refresher=uas")])
    headers = [("Supported", "timer"), ("Session-Expires", "90")]
    (answer,) = lone.ask("UPDATE", number=2, to_tag=ok.to_tag, headers=headers)
    assert answer.headers.get("Session-Expires") == "90;refresher=uas"


def test_a_brief_refresh_is_422() -> None:
    lone = Lone()
    _, ok = called(lone, [("Supported", "timer")])
    headers = [("Supported", "timer"), ("Session-Expires", "60")]
    (answer,) = lone.ask("UPDATE", number=2, to_tag=ok.to_tag, headers=headers)
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers.get("Min-SE")) == (422, "90")


def test_a_2xx_without_session_expires_ends_the_timer() -> None:
    lone = Lone()
    calling(lone, "90", "INVITE, UPDATE")
    (update,) = requests(lone.advance(45))
    lone.answer(update, 200)
    assert requests(lone.advance(200)) == []
    assert lone.silent()


def test_an_absurdly_short_answer_is_taken_at_32_seconds() -> None:
    lone = Lone()
    calling(lone, "1", "INVITE, UPDATE")
    assert requests(lone.advance(15.9)) == []
    assert len(requests(lone.advance(0.2))) == 1


def test_two_engines_refresh_each_other_for_an_hour() -> None:
    ladder = Ladder(session_interval=90)
    call = ladder.alice.call()
    ladder.settle()
    incoming = ladder.bob.take(InviteReceived).session
    incoming.accept(ANSWER, ladder.now)
    ladder.advance(3600)
    assert (call.state, incoming.state) == ("established", "established")
    assert ladder.alice.count("UPDATE") == 79
    ladder.lose(ladder.alice, "UPDATE", times=99)
    ladder.lose(ladder.alice, "BYE", times=99)
    ladder.advance(120)
    assert [event.cause for event in ladder.bob.told if isinstance(event, Ended)] == ["session_expired"]
    ladder.finish()
    assert ladder.nothing_left()
