"""The face of a session."""

from __future__ import annotations

from pbx.sip.session import Session


def test_the_verbs_of_the_contract_are_there() -> None:
    verbs = ("ring", "accept", "refuse", "cancel", "acknowledge", "end", "send_request", "reoffer")
    more = ("accept_offer", "refuse_offer", "info", "message", "over")
    assert all(hasattr(Session, name) for name in verbs + more)
