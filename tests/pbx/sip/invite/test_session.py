"""The verbs of a session in the states they do not belong to: nothing happens."""

from __future__ import annotations

import pytest

from pbx.sip.events import Answered, RequestReceived
from pbx.sip.invite.session import InviteSession, Session
from tests.support.ladder import ANSWER
from tests.support.lone import Lone


def test_the_public_face_is_importable_from_here() -> None:
    assert issubclass(InviteSession, Session)


@pytest.mark.parametrize("stage", ["calling", "early", "established", "ending", "ended"])
def test_verbs_of_the_other_side_or_too_late(stage: str) -> None:
    lone = Lone()
    session, invite = lone.invite()
    if stage != "calling":
        lone.answer(invite, 180 if stage == "early" else 200)
    if stage in ("ending", "ended"):
        session.end(lone.now)
        (bye,) = lone.sent()
        if stage == "ended":
            lone.answer(bye, 200)
    assert session.state == stage
    lone.ask("OPTIONS")
    other = next(event for event in lone.told if isinstance(event, RequestReceived)).transaction
    session.ring(lone.now)
    session.accept(ANSWER, lone.now)
    session.refuse(486, lone.now)
    session.accept_offer(other, ANSWER, lone.now)
    session.refuse_offer(other, 488, lone.now)
    if stage not in ("calling", "early"):
        session.cancel(lone.now)
    assert lone.sent() == []
    assert session.state == stage


def test_over_tells_when_nothing_more_can_come_of_it() -> None:
    lone = Lone()
    session, invite = lone.invite()
    assert not session.over
    lone.answer(invite, 200)
    lone.take(Answered)
    assert not session.over
    session.end(lone.now)
    assert session.over
