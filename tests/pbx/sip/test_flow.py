from __future__ import annotations

import pytest

from pbx.sip.flow import Flow, Transport

LOCAL, REMOTE = ("192.0.2.1", 5060), ("192.0.2.9", 40000)


@pytest.mark.parametrize(
    ("transport", "reliable", "secure"),
    [
        ("udp", False, False),
        ("tcp", True, False),
        ("tls", True, True),
        ("ws", True, False),
        ("wss", True, True),
    ],
)
def test_what_a_transport_promises(transport: Transport, reliable: bool, secure: bool) -> None:
    flow = Flow(transport, LOCAL, REMOTE)
    assert (flow.reliable, flow.secure) == (reliable, secure)


def test_two_flows_between_the_same_addresses_are_two() -> None:
    first, second = Flow("tcp", LOCAL, REMOTE), Flow("tcp", LOCAL, REMOTE)
    assert first != second
    assert len({first, second}) == 2


def test_it_shows_its_state() -> None:
    flow = Flow("udp", LOCAL, REMOTE)
    assert repr(flow) == "<Flow udp 192.0.2.9:40000>"
    flow.alive = False
    assert repr(flow) == "<Flow udp 192.0.2.9:40000 dead>"
