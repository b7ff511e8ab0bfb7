"""UDP on loopback: batches, interned flows, limits, errors that end nothing."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import closing

import pytest

from pbx.sip.message import Request, parse, response_to
from pbx.transport import udp
from pbx.transport.limits import Limits, networks
from tests.support.ports import free_port

from .stack import bench, caller_to, calling, options

LOCAL = "127.0.0.1"


async def test_a_request_is_answered_by_the_flow_it_came_by() -> None:
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            peer.say(options("z9hG4bKa"))
            (answer,) = await peer.hear()
            assert answer.startswith(b"SIP/2.0 200 ")
        _, flow, _ = b.stack.received[0]
        assert flow.local == listener.address
        assert (flow.transport, flow.reliable, flow.secure) == ("udp", False, False)
        assert b.driver.stats()["udp_received"] == 1


async def test_it_knows_since_when_it_has_not_read_all() -> None:
    with (
        bench(Limits(message_burst=1000)) as b,
        closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener,
    ):
        with calling(await caller_to(listener.address)) as peer:
            for number in range(70):
                peer.say(options(f"z9hG4bK{number}"))
            while not listener.received:
                await asyncio.sleep(0)
            since = b.driver.clock()
            assert 0.0 <= listener.behind(since) and listener.behind(since + 2.0) >= 2.0
            while listener.received < 70:
                await asyncio.sleep(0)
            await asyncio.sleep(0.01)
            assert listener.behind(b.driver.clock() + 2.0) == 0.0


async def test_a_batch_that_was_just_full_leaves_nothing_unread() -> None:
    with (
        bench(Limits(message_burst=1000)) as b,
        closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener,
    ):
        with calling(await caller_to(listener.address)) as peer:
            for number in range(64):
                peer.say(options(f"z9hG4bK{number}"))
            while listener.received < 64:
                await asyncio.sleep(0)
            assert listener.behind(b.driver.clock() + 2.0) == 0.0


@pytest.mark.uvloop
async def test_a_burst_is_drained_in_batches() -> None:
    with (
        bench(Limits(message_burst=1000)) as b,
        closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener,
    ):
        with calling(await caller_to(listener.address)) as peer:
            peer.say(*[options(f"z9hG4bK{n}") for n in range(200)])
            assert len(await peer.hear(200)) == 200
        assert len({id(flow) for _, flow, _ in b.stack.received}) == 1
        times = [now for _, _, now in b.stack.received]
        assert len(set(times)) < 200


async def test_a_flow_that_somebody_holds_outlives_its_place_in_the_table() -> None:
    with bench(Limits(flows=4)) as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            peer.say(options("z9hG4bKfirst"))
            await peer.hear()
            held = b.stack.received[0][1]
            for _ in range(8):
                with calling(await caller_to(listener.address)) as other:
                    other.say(options("z9hG4bKother"))
                    await other.hear()
            b.stack.received.clear()
            gc.collect()
            assert listener.stats()["flows"] <= 5
            peer.say(options("z9hG4bKagain"))
            await peer.hear(2)
            assert b.stack.received[0][1] is held


async def test_a_stranger_gets_at_most_three_times_what_it_sent() -> None:
    big = b"SIP/2.0 200 OK\r\n" + b"x" * 500
    with bench(answer=lambda request: [big] * 10) as b:
        with closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
            with calling(await caller_to(listener.address)) as peer:
                request = options("z9hG4bKamp")
                peer.say(request)
                await peer.hear()
                await b.stack.until(lambda: listener.withheld)
                assert listener.sent * len(big) <= 3 * len(request)
                assert listener.sent + listener.withheld == 10


async def test_a_peer_known_or_trusted_gets_all() -> None:
    answers = [b"SIP/2.0 200 OK\r\n" + b"x" * 900] * 10
    trusted = Limits(trusted_sources=networks(["127.0.0.0/8"]))
    for limits in (Limits(), trusted):
        with bench(limits, answer=lambda request: answers) as b:
            with closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
                with calling(await caller_to(listener.address)) as peer:
                    assert peer.transport is not None
                    if limits is not trusted:
                        host, port = peer.transport.get_extra_info("sockname")
                        listener.flow_to(host, port)
                    peer.say(options())
                    await peer.hear(10)
                    assert listener.withheld == 0


async def test_a_source_beyond_its_rate_is_not_even_parsed() -> None:
    limits = Limits(messages_per_second=0.001, message_burst=5)
    with bench(limits) as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            peer.say(*[options(f"z9hG4bK{n}") for n in range(9)])
            await peer.hear(5)
            with calling(await caller_to(listener.address, ("127.0.0.2", 0))) as other:
                other.say(options("z9hG4bKother"))
                await other.hear()
        assert len(b.stack.received) == 6
        assert b.gate.stats()["rate_refused"] == 4


async def test_a_flood_in_its_name_does_not_silence_a_phone_that_has_registered() -> None:
    limits = Limits(messages_per_second=0.001, message_burst=5)
    with bench(limits) as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with (
            calling(await caller_to(listener.address)) as phone,
            calling(await caller_to(listener.address)) as liar,
        ):
            phone.say(options("z9hG4bKphone"))
            await phone.hear()
            b.stack.received[0][1].identity = "somebody"
            liar.say(*[options(f"z9hG4bK{n}") for n in range(9)])
            await liar.hear(4)
            phone.say(options("z9hG4bKstill"))
            await phone.hear(2)


async def test_trash_is_dropped_and_what_can_be_answered_is() -> None:
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            broken = options("z9hG4bKbad").replace(b"CSeq: 1 OPTIONS", b"CSeq: 1 INVITE")
            ack = broken.replace(b"OPTIONS sip", b"ACK sip")
            peer.say(b"x" * 40, b"\xff" * 2000, ack, b"\r\n", b"\0", broken, options("z9hG4bKgood"))
            bad, good = sorted(await peer.hear(2), reverse=True)
            assert bad.startswith(b"SIP/2.0 400 ")
            assert good.startswith(b"SIP/2.0 200 ")
        assert listener.stats()["unparsable"] == 4
        assert listener.stats()["keep_alives"] == 2


async def test_keep_alives_are_taken_and_stun_is_answered() -> None:
    request = bytes.fromhex("000100002112a442") + b"abcdefghijkl"
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            peer.say(b"\r\n\r\n", b"\0\0\0\0", request)
            (answer,) = await peer.hear()
            assert answer[:2] == b"\x01\x01"
            assert answer[4:20] == request[4:20]
        assert b.stack.received == []
        assert listener.keep_alives == 3


async def test_an_icmp_refusal_ends_nothing() -> None:
    nobody = free_port("udp")
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        for _ in range(3):
            listener.send(listener.flow_to(LOCAL, nobody), b"anybody?")
        with calling(await caller_to(listener.address)) as peer:
            peer.say(options())
            await peer.hear()
        assert b.stack.lost == []


async def test_a_datagram_too_large_to_send_is_counted() -> None:
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        listener.send(listener.flow_to(LOCAL, 9), b"x" * 70_000)
        assert listener.stats()["send_errors"] == 1


async def test_on_a_wildcard_the_flow_knows_the_address_its_peer_sees() -> None:
    with bench() as b, closing(await udp.listen(b.driver, "0.0.0.0", 0, b.gate)) as listener:
        with calling(await caller_to((LOCAL, listener.address[1]))) as peer:
            peer.say(options())
            await peer.hear()
        assert b.stack.received[0][1].local == (LOCAL, listener.address[1])


async def test_an_advertised_address_stands_in_for_the_bound_one() -> None:
    advertised = ("203.0.113.5", 5060)
    with (
        bench() as b,
        closing(await udp.listen(b.driver, LOCAL, 0, b.gate, advertised=advertised)) as listener,
    ):
        assert listener.flow_to(LOCAL, 5099).local == advertised


async def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with bench() as b, closing(await udp.listen(b.driver, "::1", 0, b.gate)) as listener:
        with calling(await caller_to(listener.address)) as peer:
            peer.say(options())
            await peer.hear()
        assert b.stack.received[0][1].remote[0] == "::1"


async def test_a_taken_port_is_an_error_and_leaves_nothing_open() -> None:
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        with pytest.raises(OSError):
            await udp.listen(b.driver, *listener.address, b.gate)


async def test_the_receive_buffer_is_asked_for() -> None:
    with bench() as b, closing(await udp.listen(b.driver, LOCAL, 0, b.gate)) as listener:
        got = listener._sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        assert got > 200_000


async def test_closing_within_a_batch_stops_it() -> None:
    with bench() as b:
        listener = await udp.listen(b.driver, LOCAL, 0, b.gate)

        def shut(request: Request) -> list[bytes]:
            listener.close()
            return [response_to(request, 200).to_bytes()]

        b.stack.answer = shut
        with calling(await caller_to(listener.address)) as peer:
            peer.say(options("z9hG4bK1"), options("z9hG4bK2"))
            await b.stack.until(lambda: b.stack.received)
            await asyncio.sleep(0)
        assert len(b.stack.received) == 1
        listener.close()
        assert parse(options()) is not None


async def test_a_port_that_becomes_free_in_time_is_waited_for() -> None:
    with bench() as b, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((LOCAL, 0))
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            await udp.listen(b.driver, LOCAL, port, b.gate, patience=0.05)
        asyncio.get_running_loop().call_later(0.1, taken.close)
        listener = await udp.listen(b.driver, LOCAL, port, b.gate, patience=2.0)
        listener.close()
