"""Whom a leg is believed to be, and where nothing is ever sent."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from media.addresses import Trust, choose_own, route
from media.description import End

TRUST = Trust({"192.0.2.1", "10.0.0.1"}.__contains__, range(20000, 30002), (IPv4Network("10.9.0.0/16"),))


def end(address: str, port: int = 4000, rtcp: int = 4001) -> End:
    return End(address, port, rtcp)


@pytest.mark.parametrize(
    ("signalled", "source", "expected", "target"),
    [
        ("8.8.8.8", "8.8.8.8", {"8.8.8.8"}, "8.8.8.8"),
        ("192.168.1.5", "192.168.1.5", {"192.168.1.5"}, "192.168.1.5"),
        ("127.0.0.1", "127.0.0.1", {"127.0.0.1"}, "127.0.0.1"),
        ("127.0.0.1", None, {"127.0.0.1"}, "127.0.0.1"),
        ("8.8.8.8", "9.9.9.9", {"8.8.8.8"}, "8.8.8.8"),  # a media server elsewhere
        ("192.168.1.5", "9.9.9.9", {"192.168.1.5", "9.9.9.9"}, "9.9.9.9"),  # behind NAT
        ("10.9.1.1", "10.0.0.7", {"10.9.1.1", "10.0.0.7"}, "10.9.1.1"),  # a network known to be ours
        ("10.8.1.1", "10.0.0.7", {"10.8.1.1", "10.0.0.7"}, "10.0.0.7"),
        ("127.0.0.1", "9.9.9.9", {"127.0.0.1", "9.9.9.9"}, "9.9.9.9"),  # never loopback (SSRF)
        ("169.254.169.254", "9.9.9.9", {"169.254.169.254", "9.9.9.9"}, "9.9.9.9"),
        ("224.0.0.5", "9.9.9.9", {"224.0.0.5", "9.9.9.9"}, "9.9.9.9"),
        ("", "9.9.9.9", {"9.9.9.9"}, "9.9.9.9"),
        ("8.8.8.8", "::ffff:8.8.8.8", {"8.8.8.8"}, "8.8.8.8"),
        ("8.8.8.8", "::1", {"8.8.8.8"}, "8.8.8.8"),
    ],
)
def test_expected_sources_and_first_target(
    signalled: str, source: str | None, expected: set[str], target: str
) -> None:
    found = route(end(signalled), source, TRUST)
    assert found.expected == expected
    assert found.rtp == (target, 4000)
    assert found.rtcp == (target, 4001)


@pytest.mark.parametrize(
    "stated",
    [end("0.0.0.0"), end("8.8.8.8", port=53), end("192.0.2.1", port=20004), end("", port=4000)],
)
def test_nothing_is_sent_before_a_packet_came(stated: End) -> None:
    assert route(stated, None, TRUST).rtp is None


def test_a_loop_to_our_own_ports_is_not_made() -> None:
    assert route(end("192.0.2.1", port=20004), "192.0.2.1", TRUST).rtp is None
    assert route(end("192.0.2.1", port=40000), "192.0.2.1", TRUST).rtp == ("192.0.2.1", 40000)


def test_rtcp_goes_where_it_was_asked_for_on_the_same_host() -> None:
    assert route(end("8.8.8.8", rtcp=5000), None, TRUST).rtcp == ("8.8.8.8", 5000)
    assert route(end("8.8.8.8", rtcp=53), None, TRUST).rtcp == ("8.8.8.8", 4001)


def test_which_of_our_addresses_is_written() -> None:
    ours = ("8.8.4.4", "192.168.1.2", "127.0.0.1")
    assert choose_own(ours, "9.9.9.9") == "8.8.4.4"
    assert choose_own(ours, "192.168.1.77") == "192.168.1.2"
    assert choose_own(ours, "127.0.0.1") == "127.0.0.1"
    assert choose_own(ours, None) == "8.8.4.4"
    assert choose_own(("8.8.4.4",), "192.168.1.77") == "8.8.4.4"
