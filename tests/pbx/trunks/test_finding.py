"""Carriers are found as RFC 3263 says; the zone is played."""

from __future__ import annotations

from pbx.trunks.finding import MOST, Naptr, Place, Records, Search, Srv, in_order, search

Zone = dict[tuple[str, str], Records]


def found(one: Search, zone: Zone) -> tuple[list[Place], list[str]]:
    """The places, and what was asked."""
    asked: list[str] = []
    try:
        question = next(one)
        while True:
            asked.append(f"{question.kind} {question.name}")
            question = one.send(zone.get((question.kind, question.name), []))
    except StopIteration as end:
        return end.value, asked


def half() -> float:
    return 0.5


def test_an_address_is_asked_about_nowhere() -> None:
    for host in ("192.0.2.1", "2001:db8::1"):
        assert found(search(host, 0, "udp", half), {}) == ([Place("udp", host, 5060, host)], [])
    assert found(search("192.0.2.1", 0, "tls", half), {})[0][0].port == 5061
    written = found(search("192.0.2.1", 5070, "auto", half), {})[0]
    assert written == [Place("udp", "192.0.2.1", 5070, "192.0.2.1")]


def test_a_written_port_switches_srv_off() -> None:
    zone: Zone = {("ADDRESS", "sip.a"): ["192.0.2.1", "192.0.2.2"]}
    places, asked = found(search("sip.a", 5070, "tcp", half), zone)
    assert [(each.host, each.port, each.transport) for each in places] == [
        ("192.0.2.1", 5070, "tcp"),
        ("192.0.2.2", 5070, "tcp"),
    ]
    assert asked == ["ADDRESS sip.a"]


def test_srv_by_priority_then_the_plain_name() -> None:
    zone: Zone = {
        ("SRV", "_sip._udp.a"): [Srv(20, 1, 5080, "two.a"), Srv(10, 1, 5070, "one.a")],
        ("ADDRESS", "one.a"): ["192.0.2.1"],
        ("ADDRESS", "two.a"): ["192.0.2.2"],
    }
    places, _ = found(search("a", 0, "udp", half), zone)
    assert [(each.host, each.port) for each in places] == [("192.0.2.1", 5070), ("192.0.2.2", 5080)]
    assert {each.name for each in places} == {"a"}
    zone = {("ADDRESS", "a"): ["192.0.2.9"]}
    places, asked = found(search("a", 0, "udp", half), zone)
    assert places == [Place("udp", "192.0.2.9", 5060, "a")]
    assert asked == ["SRV _sip._udp.a", "ADDRESS a"]


def test_naptr_says_the_transport_and_tls_comes_first_without_it() -> None:
    zone: Zone = {
        ("NAPTR", "a"): [Naptr(20, 1, "SIP+D2U", "_sip._udp.a"), Naptr(10, 1, "SIPS+D2T", "_sips._tcp.a"),
                         Naptr(1, 1, "E2U+sip", "other.a")],
        ("SRV", "_sips._tcp.a"): [Srv(1, 1, 5061, "one.a")],
        ("ADDRESS", "one.a"): ["192.0.2.1"],
    }
    assert found(search("a", 0, "auto", half), zone)[0] == [Place("tls", "192.0.2.1", 5061, "a")]
    asked = found(search("a", 0, "auto", half), {("ADDRESS", "a"): ["192.0.2.1"]})[1]
    assert asked == ["NAPTR a", "SRV _sips._tcp.a", "SRV _sip._tcp.a", "SRV _sip._udp.a", "ADDRESS a"]


def test_a_service_that_is_not_there_and_a_zone_that_is_too_large() -> None:
    assert found(search("a", 0, "udp", half), {("SRV", "_sip._udp.a"): [Srv(1, 1, 0, ".")]})[0] == []
    zone: Zone = {("ADDRESS", "a"): [f"192.0.2.{number}" for number in range(1, 100)]}
    assert len(found(search("a", 0, "udp", half), zone)[0]) == MOST


def test_weights_are_chances() -> None:
    heavy, light = Srv(1, 90, 1, "heavy"), Srv(1, 10, 2, "light")
    assert in_order([light, heavy], lambda: 0.05)[0] is light
    assert in_order([light, heavy], lambda: 0.5)[0] is heavy
    assert in_order(["not one"], half) == []
