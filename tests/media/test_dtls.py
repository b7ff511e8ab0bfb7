"""DTLS as server: keys, fragments, loss, peers that are not who they should be."""

from __future__ import annotations

import random

import pytest

from media.dtls import (
    GIVE_UP_SECONDS,
    MTU,
    Handshake,
    Identity,
    context,
    has_handshake,
    pack,
    records,
    supported,
)
from media.srtp import AES_128_CM, AES_128_GCM
from tests.media.handshakes import Client

SHARED = context(Identity.make())


def shake(client: Client, server: Handshake) -> None:
    """Until both are done, without loss."""
    sent = client.step()
    for _ in range(6):
        replies = [reply for datagram in sent for reply in server.receive(datagram, 0.0)]
        sent = client.step(*replies)


@pytest.mark.parametrize(
    ("profiles", "suite"),
    [
        (b"SRTP_AEAD_AES_128_GCM", AES_128_GCM),
        (b"SRTP_AES128_CM_SHA1_80", AES_128_CM),
        (b"SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM", AES_128_GCM),
    ],
)
def test_both_sides_have_the_same_keys(profiles: bytes, suite: object) -> None:
    client, server = Client(profiles), Handshake(SHARED, 0.0)
    shake(client, server)
    assert client.done and server.keys is not None and server.keys.suite is suite
    theirs = client.keys(server.keys.suite)
    assert (server.keys.ours, server.keys.theirs) == (theirs.theirs, theirs.ours)
    assert server.trusted(client.fingerprints) and server.deadline is None
    assert "ours" not in repr(server.keys)


def test_another_certificate_is_not_trusted() -> None:
    client, server = Client(), Handshake(SHARED, 0.0)
    assert not server.trusted(client.fingerprints)
    shake(client, server)
    assert not server.trusted(Client().fingerprints)
    assert not server.trusted(())
    assert not server.trusted([("sha-1", client.fingerprints[0][1])])
    assert server.trusted([*Client().fingerprints, *client.fingerprints])
    assert supported([("sha-1", "A"), ("sha-256", "B")]) == (("sha-256", "B"),)


def test_a_client_hello_in_pieces() -> None:
    client, server = Client(mtu=256), Handshake(SHARED, 0.0)
    client.connection.set_tlsext_host_name(b"a" * 250)
    first = client.step()
    assert len(first) > 1, "it came in pieces"
    replies = [reply for datagram in first for reply in server.receive(datagram, 0.0)]
    assert replies and all(len(reply) <= MTU for reply in replies)
    for _ in range(4):
        sent = client.step(*replies)
        replies = [reply for datagram in sent for reply in server.receive(datagram, 0.0)]
    assert server.keys is not None


def test_our_flight_goes_in_few_datagrams() -> None:
    client, server = Client(), Handshake(SHARED, 0.0)
    flight = [reply for datagram in client.step() for reply in server.receive(datagram, 0.0)]
    assert 1 <= len(flight) <= 2
    assert sum(len(records(datagram)) for datagram in flight) >= 4


def test_a_client_without_srtp_or_certificate_is_refused() -> None:
    client, server = Client(b""), Handshake(SHARED, 0.0)
    shake(client, server)
    assert server.keys is None and server.failed == "no SRTP profile in common"
    assert server.receive(b"\x16" * 20, 0.0) == [] and server.deadline is None


@pytest.mark.parametrize("data", [b"", b"\x16", b"\x16\xfe\xfd" + bytes(40), bytes(range(20, 64)) * 20])
def test_rubbish_does_no_harm(data: bytes) -> None:
    client, server = Client(), Handshake(SHARED, 0.0)
    server.receive(data, 0.0)
    shake(client, server)
    assert server.keys is not None or server.failed


def test_a_lost_flight_is_sent_again_after_a_tenth_of_a_second() -> None:
    client, server = Client(), Handshake(SHARED, 0.0)
    flight = [reply for datagram in client.step() for reply in server.receive(datagram, 0.0)]
    assert server.deadline == 0.1
    assert server.handle_timeout(0.05) == []
    assert server.handle_timeout(0.1) == flight
    assert server.deadline == pytest.approx(0.3)
    assert server.handle_timeout(GIVE_UP_SECONDS) == [] and server.failed == "time-out"


def test_the_last_flight_is_repeated_for_a_client_that_missed_it() -> None:
    client, server = Client(), Handshake(SHARED, 0.0)
    replies = [reply for datagram in client.step() for reply in server.receive(datagram, 0.0)]
    last = [reply for datagram in client.step(*replies) for reply in server.receive(datagram, 0.0)]
    assert server.keys is not None and not client.done and last
    again = [reply for datagram in client.packed() for reply in server.receive(datagram, 0.5)]
    assert again[: len(last)] == last
    client.step(*again)
    assert client.done


def lossy(chance: random.Random, share: float) -> float:
    """Seconds of a handshake over a path of 5 ms each way that loses such a share."""
    client, server = Client(), Handshake(SHARED, 0.0)
    due: list[tuple[float, bool, bytes]] = [(0.0, True, one) for one in _sent(client.step(), client)]
    resend, step = 0.05, 0.05
    now = 0.0
    while now < 10.0 and not (client.done and server.keys is not None):
        arrived = [one for one in due if one[0] <= now]
        due = [one for one in due if one[0] > now]
        for _, to_server, data in arrived:
            if chance.random() < share:
                continue
            if to_server:
                due += [(now + 0.005, False, one) for one in server.receive(data, now)]
            else:
                made = client.step(data)
                due += [(now + 0.005, True, one) for one in _sent(made, client)]
                if made:
                    resend, step = now + 0.05, 0.05
        due += [(now + 0.005, False, one) for one in server.handle_timeout(now)]
        if now >= resend and not client.done:
            due += [(now + 0.005, True, one) for one in client.packed()]
            step *= 2
            resend = now + step
        now += 0.005
    return now


def _sent(made: list[bytes], client: Client) -> list[bytes]:
    return client.packed() if made else []


def test_ten_percent_loss() -> None:
    chance = random.Random(7)
    times = sorted(lossy(chance, 0.1) for _ in range(40))
    assert times[-1] < 1.0 and times[int(0.9 * len(times))] <= 0.3, times


def test_records_are_packed_whole() -> None:
    record = b"\x16\xfe\xfd" + bytes(8) + (500).to_bytes(2, "big") + bytes(500)
    assert [len(one) for one in pack(record * 5)] == [1026, 1026, 513]
    assert pack(record[:100]) == [] and not has_handshake(record[:100])
    assert has_handshake(record) and not has_handshake(b"\x17" + record[1:])
