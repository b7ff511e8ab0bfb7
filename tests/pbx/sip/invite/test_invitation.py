"""How sessions begin."""

from __future__ import annotations

import pytest

from pbx.sip.errors import MisuseError
from pbx.sip.events import InviteReceived
from tests.support.lone import Lone


@pytest.mark.parametrize("target", ["", "sip:a b", "sip:a\r\nVia: evil", "sip:a\n"])
def test_a_target_that_is_no_uri_is_our_bug(target: str) -> None:
    lone = Lone()
    with pytest.raises(MisuseError):
        lone.engine.invite(
            target=target, from_="<sip:a@b>", to="<sip:c@d>", flow=lone.flow, body=b"", now=lone.now
        )
    assert lone.empty()


@pytest.mark.parametrize("name", ["from_", "to", "contact"])
def test_addresses_with_line_ends_are_our_bug(name: str) -> None:
    lone = Lone()
    arguments = {"from_": "<sip:a@b>", "to": "<sip:c@d>", "contact": "<sip:e@f>", name: "x\r\nVia: evil"}
    with pytest.raises(MisuseError):
        lone.engine.invite(target="sip:x", flow=lone.flow, body=b"", now=0.0, **arguments)  # type: ignore[arg-type]
    assert lone.empty()


def test_an_invite_taken_in() -> None:
    lone = Lone()
    lone.ask("INVITE", body=b"offer", headers=[("Content-Type", "application/sdp")])
    session = lone.take(InviteReceived).session
    assert (session.state, session.remote_body, session.call_id) == ("incoming", b"offer", "call-of-peer")
    assert session.request.from_tag == "peer"
    assert session.flow is lone.flow
    assert session.context is None


def test_ids_are_unique() -> None:
    lone = Lone()
    assert lone.invite()[0].id != lone.invite()[0].id
