"""Events are values."""

from __future__ import annotations

from pbx.sip.events import Progressed
from pbx.sip.message import response_to
from tests.support.lone import Lone


def test_early_tag_tells_forks_apart() -> None:
    lone = Lone()
    session, invite = lone.invite()
    assert Progressed(session, response_to(invite, 180, to_tag="kitchen")).early_tag == "kitchen"
    assert Progressed(session, response_to(invite, 180)).early_tag == ""
