"""The 2xx repeated at T1, doubling to T2, for 64*T1."""

from __future__ import annotations

from pbx.sip.events import Ended, InviteReceived
from pbx.sip.message import Response
from tests.support.ladder import ANSWER, OFFER
from tests.support.lone import Lone


def test_when_the_2xx_is_repeated() -> None:
    lone = Lone("tcp")
    lone.ask("INVITE", body=OFFER)
    lone.take(InviteReceived).session.accept(ANSWER, lone.now)
    (first,) = lone.sent()
    times = []
    while lone.silent():
        deadline = lone.engine.next_deadline()
        assert deadline is not None
        lone.now = deadline
        lone.engine.handle_timeout(deadline)
        again = [message for message in lone.sent() if isinstance(message, Response)]
        assert all(message.to_bytes() == first.to_bytes() for message in again)
        times += [deadline] * len(again)
    assert times == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert (lone.take(Ended).cause, lone.now) == ("ack_timeout", 32.0)
