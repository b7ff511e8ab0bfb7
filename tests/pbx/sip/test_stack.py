"""How we name ourselves, and the chance we are handed."""

from __future__ import annotations

from itertools import count

import pytest

from pbx.sip.flow import Flow, Transport
from pbx.sip.limits import Limits
from pbx.sip.stack import MAGIC, Stack

tokens = count()


def stack() -> Stack:
    return Stack(lambda: f"token{next(tokens)}", "Doorline", 1800, 90, Limits())


@pytest.mark.parametrize(
    ("transport", "host", "contact", "via"),
    [
        ("udp", "192.0.2.1", "<sip:192.0.2.1:5060;transport=udp>", "Via: SIP/2.0/UDP 192.0.2.1:5060;branch="),
        (
            "wss",
            "2001:db8::1",
            "<sip:[2001:db8::1]:5060;transport=wss>",
            "Via: SIP/2.0/WSS [2001:db8::1]:5060;branch=",
        ),
    ],
)
def test_names(transport: Transport, host: str, contact: str, via: str) -> None:
    here = stack()
    flow = Flow(transport, (host, 5060), ("198.51.100.1", 1))
    names = here.names(flow)
    assert (names.contact, names.via) == (contact, via)
    assert here.names(Flow(transport, (host, 5060), ("198.51.100.2", 2))) is names


def test_branches_are_magic_and_chance_is_spread() -> None:
    here = stack()
    assert here.branch().startswith(MAGIC)
    chances = [here.chance() for _ in range(200)]
    assert 0 <= min(chances) < 0.2
    assert 0.8 < max(chances) < 1
