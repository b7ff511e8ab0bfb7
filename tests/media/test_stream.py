"""One stream in the worker, over real sockets on loopback: relaying, whom it believes, keys, P3."""

from __future__ import annotations

from typing import Any

import pytest

from media import rtcp, rtp
from tests.media.loopback import audio, exchange, key


def test_packets_pass_both_ways_untouched() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        packets = [audio(number) for number in range(5)]
        for packet in packets:
            a.send(at_a, packet)
            b.send(at_b, packet)
            made.run()
        assert a.received() == b.received() == packets
        assert made.events("first") == [["first", at_a], ["first", at_b]]


def test_a_burst_keeps_its_order() -> None:
    with exchange() as made:
        a, at_a, b, _ = made.pair(kind="video")
        packets = [audio(number) for number in range(60)]
        for packet in packets:
            a.send(at_a, packet)
        made.run()
        assert b.received() == packets


def test_numbers_are_mapped_and_the_marker_kept() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        made.relay.obey(["join", at_a, at_b, [[96, 111]]])
        for sequence in (1, 2):
            a.send(at_a, rtp.build(96, sequence, 3, 4, b"x", marker=True))
            a.send(at_a, audio(9))
            made.run()
        assert b.received() == [rtp.build(111, sequence, 3, 4, b"x", marker=True) for sequence in (1, 2)]
        assert made.counted(at_a)["dropped"] == 2


def test_before_the_first_packet_ours_go_where_the_description_says() -> None:
    with exchange() as made:
        a, at_a, b, _ = made.pair()
        a.send(at_a, audio(1))
        made.run()
        assert b.received() == [audio(1)]


def test_without_a_target_nothing_is_sent_until_the_peer_was_heard() -> None:
    with exchange() as made:
        a, b = made.phone(), made.phone()
        at_a = made.serve(a, made.ports.pop())
        at_b = made.serve(b, made.ports.pop(), rtp=None, rtcp=None)
        made.relay.obey(["join", at_a, at_b, [[0, 0]]])
        a.send(at_a, audio(1))
        made.run()
        assert b.received() == []
        b.send(at_b, b"\0")  # a keep-alive shows the way, it is no first packet
        made.run()
        a.send(at_a, audio(2))
        made.run()
        assert b.received() == [audio(2)]
        assert made.events("first") == [["first", at_a]]


def test_a_peer_behind_nat_is_answered_at_the_port_it_came_from() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        mapped = made.phone()
        mapped.send(at_b, audio(1))
        made.run()
        a.send(at_a, audio(1))
        made.run()
        assert mapped.received() == [audio(1)]
        assert b.received() == []


def test_a_stranger_is_neither_heard_nor_followed_nor_believed() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        made.relay.obey(["listen", at_b, True])
        stranger = made.phone("127.0.0.2")
        for _ in range(3):
            stranger.send(at_b, audio(1))
            stranger.send(at_b, key(5))
            stranger.send(at_b, b"junk")
        made.run()
        assert a.received() == []
        b.send(at_b, audio(1))
        made.run()
        for number in range(200):
            stranger.send(at_b, key(5, timestamp=9000 + number))
            stranger.send(at_a, audio(number))
        made.run()
        a.send(at_a, audio(2))
        made.run()
        assert stranger.received() == []
        assert b.received() == [audio(2)]
        assert a.received() == [audio(1)]
        assert made.events("digit") == []
        assert made.counted(at_b)["strangers"] == 9  # those before the peer: later ones the kernel keeps out


def test_what_a_stranger_had_queued_before_the_peer_was_known_is_not_let_in() -> None:
    with exchange() as made:
        a, _, b, at_b = made.pair()
        made.relay.obey(["listen", at_b, True])
        stranger = made.phone("127.0.0.2")
        b.send(at_b, audio(1))
        for number in range(20):
            stranger.send(at_b, key(5, timestamp=9000 + number))
            b.send(at_b, audio(2 + number))
        made.run()
        assert a.received() == [audio(number) for number in range(1, 22)]
        assert made.events("digit") == []
        assert made.counted(at_b)["strangers"] == 20


def test_the_first_source_stays_even_against_another_port_of_the_same_host() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        other = made.phone()
        other.send(at_b, audio(66))
        made.run()
        a.send(at_a, audio(2))
        made.run()
        assert (b.received(), other.received(), a.received()) == ([audio(2)], [], [audio(1)])


def test_a_new_description_lets_the_peer_move_once() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        made.serve(b, at_b)
        b.send(at_b, audio(2))  # the old place is still good
        made.run()
        moved, third = made.phone(), made.phone()
        moved.send(at_b, audio(3))
        made.run()
        third.send(at_b, audio(4))
        b.send(at_b, audio(5))
        made.run()
        a.send(at_a, audio(6))
        made.run()
        assert a.received() == [audio(1), audio(2), audio(3)]
        assert (moved.received(), b.received(), third.received()) == ([audio(6)], [], [])


def test_the_time_to_move_is_bounded() -> None:
    with exchange() as made:
        a, _, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        made.serve(b, at_b)
        made.relay.handle_timeout(made.relay.next_deadline() + 10.0)
        made.phone().send(at_b, audio(2))
        made.run()
        b.send(at_b, audio(3))
        made.run()
        assert a.received() == [audio(1), audio(3)]


def test_a_new_description_from_elsewhere_ends_the_old_place() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        elsewhere = made.phone("127.0.0.3")
        made.serve(elsewhere, at_b, expected=("127.0.0.3",), rtp=["127.0.0.3", elsewhere.port])
        b.send(at_b, audio(2))
        elsewhere.send(at_b, audio(3))
        made.run()
        a.send(at_a, audio(4))
        made.run()
        assert a.received() == [audio(1), audio(3)]
        assert (b.received(), elsewhere.received()) == ([], [audio(4)])


def test_our_own_ports_are_nobody_s_peer() -> None:
    with exchange() as made:
        a, at_a, _, at_b = made.pair()
        # Somebody's description named our own port: without the rule two of our ports would feed each other.
        made.serve(a, at_a, rtp=["127.0.0.1", at_b])
        made.serve(a, at_b, rtp=["127.0.0.1", at_a])
        a.send(at_a, audio(1))
        made.run()
        assert made.counted(at_b)["packets"] == 0
        assert made.counted(at_a)["packets"] == 1


@pytest.mark.parametrize("junk", [b"", b"\0", b"\x80" * 11, b"\x40" + bytes(30), b"\xff" * 1400, bytes(2000)])
def test_junk_from_the_peer_goes_nowhere_and_harms_nothing(junk: bytes) -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        b.send(at_b, junk)
        made.run()
        b.send(at_b, audio(2))
        a.send(at_a, junk)
        made.run()
        assert a.received() == [audio(1), audio(2)]
        assert b.received() == []
        assert made.counted(at_b)["dropped"] == 1
        assert made.relay.poller.errors == 0


def test_no_picture_leaves_towards_a_panel_whatever_is_asked() -> None:
    with exchange() as made:
        panel, resident = made.phone(), made.phone()
        at_panel = made.serve(panel, made.ports.pop(), kind="video", panel=True)
        at_resident = made.serve(resident, made.ports.pop(), kind="video")
        made.relay.obey(["join", at_panel, at_resident, [[97, 97]]])
        made.relay.obey(["join", at_resident, at_panel, [[97, 97]]])
        for number in range(100):
            resident.send(at_resident, audio(number, payload_type=97))
            panel.send(at_panel, audio(number, payload_type=97))
        made.run()
        assert panel.received() == []
        assert len(resident.received()) == 100
        assert made.counted(at_resident)["dropped"] == 100


def test_keys_are_told_while_listening_and_passed_on() -> None:
    with exchange() as made:
        a, _, b, at_b = made.pair()
        b.send(at_b, key(1, timestamp=100))
        made.run()
        made.relay.obey(["listen", at_b, True])
        for step in (1, 2, 3):
            b.send(at_b, key(5, step=step, timestamp=5000))
        made.run()
        made.relay.obey(["listen", at_b, False])
        b.send(at_b, key(7, timestamp=9000))
        made.run()
        assert [order[:3] for order in made.events("digit")] == [["digit", at_b, "5"]]
        assert len(a.received()) == 5


def test_keys_that_may_not_pass_are_told_all_the_same() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        made.relay.obey(["join", at_b, at_a, [[0, 0]]])
        made.relay.obey(["listen", at_b, True])
        b.send(at_b, key(5))
        made.run()
        assert [order[2] for order in made.events("digit")] == ["5"]
        assert a.received() == []


def test_a_leg_that_is_connected_to_nobody_is_heard_but_relayed_nowhere() -> None:
    with exchange() as made:
        b = made.phone()
        at_b = made.serve(b, made.ports.pop())
        made.relay.obey(["listen", at_b, True])
        for packet in (audio(1), key(5), audio(2)):
            b.send(at_b, packet)
        made.run()
        assert [order[2] for order in made.events("digit")] == ["5"]
        assert made.counted(at_b) == {"packets": 3, "octets": 360, "lost": 0, "strangers": 0, "dropped": 2}


def pressed(made: Any, port: int, digit: str) -> None:
    made.relay.obey(["press", port, digit, 101, 8000])
    for _ in range(30):
        made.relay.handle_timeout(made.relay.next_deadline())


def test_a_key_is_sent_within_the_stream_that_is_heard() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        a.send(at_a, audio(10))
        made.run()
        pressed(made, at_b, "9")
        a.send(at_a, audio(20))
        made.run()
        packets = [rtp.parse(data) for data in b.received()]
        assert [packet.sequence for packet in packets if packet] == list(range(10, 22))
        assert {packet.ssrc for packet in packets if packet} == {1}
        assert [packet.payload[0] for packet in packets[1:-1] if packet] == [9] * 10


def test_a_key_is_sent_to_a_leg_that_hears_nothing() -> None:
    with exchange() as made:
        b = made.phone()
        at_b = made.serve(b, made.ports.pop())
        pressed(made, at_b, "5")
        packets = [rtp.parse(data) for data in b.received()]
        assert [packet.payload[0] for packet in packets if packet] == [5] * 10


def test_rtcp_passes_as_it_is_and_only_from_the_peer() -> None:
    with exchange() as made:
        a, _, b, at_b = made.pair(kind="video")
        stranger = made.phone("127.0.0.2")
        wish = rtcp.picture_loss(1, 2)
        stranger.rtcp.sendto(wish, ("127.0.0.1", at_b + 1))
        made.run()
        b.rtcp.sendto(b"junk", ("127.0.0.1", at_b + 1))
        b.rtcp.sendto(wish, ("127.0.0.1", at_b + 1))
        made.run()
        assert a.reports() == [wish]
        assert made.counted(at_b)["strangers"] == 1


def test_rtcp_follows_a_peer_behind_nat() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        mapped = made.phone()
        mapped.rtcp.sendto(rtcp.picture_loss(1, 2), ("127.0.0.1", at_b + 1))
        made.run()
        a.rtcp.sendto(rtcp.picture_loss(3, 4), ("127.0.0.1", at_a + 1))
        made.run()
        assert mapped.reports() == [rtcp.picture_loss(3, 4)]
        assert b.reports() == []


def test_a_freed_port_meets_nobody_and_serves_the_next_call() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        a.send(at_a, audio(1))
        b.send(at_b, audio(1))
        made.run()
        assert b.received() == [audio(1)] == a.received()
        made.counted(at_b)
        b.send(at_b, audio(2))
        a.send(at_a, audio(3))
        made.run()
        assert (a.received(), b.received()) == ([], [])
        c = made.phone()
        made.serve(c, at_b)
        made.relay.obey(["join", at_b, at_a, [[0, 0]]])
        c.send(at_b, audio(4))
        made.run()
        assert a.received() == [audio(4)]


def test_a_peer_whose_port_is_closed_stops_nothing() -> None:
    with exchange() as made:
        a, at_a, b, at_b = made.pair()
        b.send(at_b, audio(1))
        made.run()
        port = b.port
        b.rtp.close()
        for number in range(10):
            a.send(at_a, audio(number))
            made.run()
        assert made.relay.poller.errors == 0
        b.rtp = type(a.rtp)(2, 2)
        b.rtp.bind(("127.0.0.1", port))
        b.rtp.setblocking(False)
        for number in range(3):
            a.send(at_a, audio(20 + number))
            made.run()
        assert audio(22) in b.received()
