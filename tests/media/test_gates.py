"""The book of a worker's WebRTC transports."""

from __future__ import annotations

import pytest

from media.cover import SHARED
from media.errors import NoCapacity
from media.gates import GateBook


def test_nothing_is_given_before_the_worker_listens() -> None:
    book = GateBook(8189)
    order = book.introduce()
    assert order[:2] == ["identity", 8189] and "BEGIN CERTIFICATE" in order[2]
    with pytest.raises(NoCapacity):
        book.station("c", "b", ("192.0.2.1",))
    book.listening(8189, 0)
    station = book.station("c", "b", ("192.0.2.1",))
    assert (station.udp, station.tcp, station.addresses) == (8189, 0, ("192.0.2.1",))
    first, second = station.gate(), station.gate()
    assert first != second and book.user(second) == ("c", "b")
    book.shut(second)
    book.shut(second)
    assert book.user(second) is None and book.user(first) == ("c", "b")
    book.introduce()
    assert book.user(first) is None


def test_streams_are_numbered_beyond_all_ports() -> None:
    book = GateBook(0)
    assert [book.stream(), book.stream()] == [SHARED, SHARED + 1]
