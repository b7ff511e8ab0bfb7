"""Orders, deadlines and reports of a relay, over sockets but without waiting."""

from __future__ import annotations

import socket
from dataclasses import replace

from tests.media.loopback import FIRST, SETTINGS, audio, exchange


def test_ports_are_bound_in_no_order_and_only_once() -> None:
    with exchange() as made:
        first = list(made.ports)
        made.relay.obey(["bind", 8])
        second = made.said.pop()[1]
        assert len(set(first) | set(second)) == 16
        assert first != sorted(first) or second != sorted(second)
        assert all(port % 2 == 0 for port in first + second)


def test_ports_of_other_programs_are_passed_over_and_tried_again() -> None:
    settings = replace(SETTINGS, port_low=FIRST + 780, port_high=FIRST + 785)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", FIRST + 782))
        with exchange(settings) as made:
            assert sorted(made.ports) == [FIRST + 780, FIRST + 784]
            taken.close()
            made.relay.obey(["bind", 5])
            assert made.said.pop() == ["ports", [FIRST + 782]]


def test_closed_pairs_can_be_bound_again() -> None:
    with exchange() as made:
        made.relay.obey(["close", made.ports[:4]])
        made.relay.obey(["close", made.ports[:1]])
        made.relay.obey(["bind", 96])
        assert len(made.said.pop()[1]) == 96


def test_orders_for_ports_that_are_not_ours_do_nothing() -> None:
    with exchange() as made:
        phone = made.phone()
        made.serve(phone, 1)
        for order in (["join", 1, 2, []], ["free", 1], ["listen", 1, True], ["press", 1, "5", 101, 8000]):
            made.relay.obey(order)
        assert made.said == []


def test_a_leg_that_should_send_and_does_not_is_silent_once() -> None:
    with exchange(replace(SETTINGS, silence_seconds=3.0)) as made:
        a, at_a, _, at_b = made.pair()
        a.send(at_a, audio(1))
        made.run()
        start = made.relay.next_deadline()
        for later in range(7):
            a.send(at_a, audio(2 + later))
            made.run()
            made.relay.handle_timeout(start + later)
        assert [order[:2] for order in made.events("silent")] == [["silent", at_b]]
        assert made.events("silent")[0][2] >= 3.0


def test_a_held_leg_may_be_silent() -> None:
    with exchange(replace(SETTINGS, silence_seconds=3.0)) as made:
        made.pair(sends=False)
        made.pair(kind="video")
        start = made.relay.next_deadline()
        for later in range(7):
            made.relay.handle_timeout(start + later)
        assert made.events("silent") == []


def test_what_it_carries_is_reported_now_and_then() -> None:
    with exchange() as made:
        a, at_a, _, _ = made.pair()
        a.send(at_a, audio(1))
        made.run()
        made.relay.handle_timeout(made.relay.next_deadline())
        totals = made.events("alive")[-1][1]
        assert (totals["streams"], totals["bound"], totals["packets"], totals["octets"]) == (2, 8, 1, 172)


def test_lost_packets_are_counted_when_a_port_is_freed() -> None:
    with exchange() as made:
        a, at_a, _, _ = made.pair()
        a.send(at_a, audio(1))
        made.run()
        made.relay.handle_timeout(made.relay.next_deadline())
        for number in (2, 3, 7):
            a.send(at_a, audio(number))
        made.run()
        assert made.counted(at_a)["lost"] == 3


def test_a_press_has_its_own_deadlines_and_ends() -> None:
    with exchange() as made:
        phone = made.phone()
        port = made.serve(phone, made.ports.pop())
        look = made.relay.next_deadline()
        made.relay.obey(["press", port, "5", 101, 8000])
        assert made.relay.next_deadline() < look
        steps = 0
        while made.relay.next_deadline() < look and steps < 50:
            made.relay.handle_timeout(made.relay.next_deadline())
            steps += 1
        assert steps == 10
        assert len(phone.received()) == 10


def test_freeing_a_port_forgets_its_keys() -> None:
    with exchange() as made:
        phone = made.phone()
        port = made.serve(phone, made.ports.pop())
        made.relay.obey(["press", port, "5", 101, 8000])
        made.counted(port)
        made.relay.handle_timeout(made.relay.next_deadline())
        assert phone.received() == []
