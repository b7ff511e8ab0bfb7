"""A call's media on the control side, with a worker that only writes down what it is told."""

from __future__ import annotations

import random
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import sdp
from media.addresses import Trust
from media.cover import SHARED, Station
from media.errors import MediaMisuse, NoCapacity, SdpError
from media.orders import Order
from media.session import Session
from tests.media import offers


class Notebook:
    """media.session.Worker."""

    def __init__(self, pairs: int = 8) -> None:
        self.trust = Trust()
        self.orders: list[Order] = []
        self.free = list(range(20000, 20000 + 2 * pairs, 2))
        self.given: list[tuple[int, bool]] = []
        self.over: list[Session] = []
        self.snaps: list[int] = []
        self.shared = 0

    def take(self, session: Session, leg: str, kind: str) -> int:
        if not self.free:
            raise NoCapacity("none")
        return self.free.pop(0)

    def take_shared(self, session: Session, leg: str, kind: str) -> int:
        self.shared += 1
        return SHARED + self.shared

    def station(self, session: Session, leg: str, peer: str | None) -> Station:
        return Station(8189, 8189, ("sha-256", "AB:CD"), ("192.0.2.1",), count(len(self.orders) + 1).__next__)

    def give(self, port: int, *, carried: bool) -> None:
        self.given.append((port, carried))

    def send(self, order: Order) -> None:
        self.orders.append(order)

    def address_for(self, peer: str | None) -> str:
        return "192.0.2.1"

    def snap(self, port: int, done: object) -> None:
        self.snaps.append(port)

    def closed(self, session: Session) -> None:
        self.over.append(session)

    def said(self, verb: str) -> list[Order]:
        return [order for order in self.orders if order[0] == verb]


def session(pairs: int = 8) -> tuple[Session, Notebook]:
    worker = Notebook(pairs)
    return Session("c", worker, count(1).__next__), worker


def settle(one: Session, a: bytes, b: bytes, *, role: str = "phone") -> None:
    one.receive_offer("a", a, source="127.0.0.1", role="panel" if role == "panel" else None)
    one.offer("b", like="a", toward="127.0.0.1")
    one.receive_answer("b", b, source="127.0.0.1")
    one.answer("a", like="b")


def test_a_leg_is_served_when_it_has_agreed_and_not_before() -> None:
    one, worker = session()
    one.receive_offer("a", offers.phone(4000))
    one.offer("b", like="a")
    assert worker.orders == []
    one.receive_answer("b", offers.phone(5000))
    assert worker.orders == [
        [
            "serve",
            20000,
            {
                "kind": "audio",
                "panel": False,
                "expected": ["127.0.0.1"],
                "rtp": ("127.0.0.1", 5000),
                "rtcp": ("127.0.0.1", 5001),
                "sends": True,
                "events": ((101, 8000),),
            },
        ]
    ]


def test_connecting_joins_both_ways_and_holds_through_a_renewal() -> None:
    one, worker = session()
    settle(one, offers.phone(4000), offers.phone(5000))
    one.connect("a", "b")
    assert [order[:3] for order in worker.said("join")] == [["join", 20002, 20000], ["join", 20000, 20002]]
    worker.orders.clear()
    settle(one, offers.phone(4000) + b"a=sendonly\r\n", offers.phone(5000) + b"a=recvonly\r\n")
    assert worker.said("join")[-2:] == [
        ["join", 20002, 20000, ((0, 0), (8, 8), (101, 101))],
        ["join", 20000, 20002, ()],
    ]


def test_keys_and_pictures_stay_away_from_a_panel() -> None:
    one, worker = session()
    settle(one, offers.video_phone(4000, 4002), offers.video_phone(5000, 5002), role="panel")
    one.connect("a", "b")
    joined = {order[1]: order[3] for order in worker.said("join")}
    served = {order[1]: order[2] for order in worker.said("serve")}
    assert {port: about["panel"] for port, about in served.items() if about["panel"]} == {
        20004: True,
        20006: True,
    }
    assert joined[20002] == ()  # the resident's video
    assert joined[20006] == ((97, 97),)  # the panel's
    assert joined[20000] == ((0, 0), (8, 8)) == joined[20004]


def test_a_third_leg_takes_the_place_of_the_second() -> None:
    one, worker = session()
    settle(one, offers.phone(4000), offers.phone(5000))
    one.connect("a", "b")
    one.offer("c", like="a")
    one.receive_answer("c", offers.phone(6000))
    worker.orders.clear()
    one.connect("a", "c")
    assert [order[:3] for order in worker.orders] == [
        ["join", 20002, None],
        ["join", 20000, None],
        ["join", 20002, 20004],
        ["join", 20004, 20002],
    ]


def test_ports_go_back_and_only_those_that_served_rest() -> None:
    one, worker = session()
    one.receive_offer("a", offers.phone(4000))
    one.offer("b", like="a")
    one.offer("c", like="a")
    one.receive_answer("b", offers.phone(5000))
    one.answer("a", like="b")
    one.drop("c")
    one.drop("c")
    one.drop("nobody")
    one.close()
    one.close()
    assert worker.given == [(20002, False), (20004, True), (20000, True)]
    assert worker.over == [one]


def test_listening_before_and_after_the_answer() -> None:
    one, worker = session()
    one.receive_offer("a", offers.phone(4000))
    one.offer("b", like="a")
    one.listen_digits("b", True)
    one.receive_answer("b", offers.phone(5000))
    assert worker.said("listen") == [["listen", 20000, True]]
    assert one.listens("b") and not one.listens("a") and not one.listens("nobody")
    one.listen_digits("b", False)
    assert worker.said("listen")[-1] == ["listen", 20000, False]


def test_pressing_needs_events() -> None:
    one, worker = session()
    settle(one, offers.phone(4000, events=96), offers.phone(5000, events=None))
    assert one.can_press("a") and not one.can_press("b")
    one.press("a", "d")
    one.press("b", "5")
    assert worker.said("press") == [["press", 20002, "D", 96, 8000]]
    with pytest.raises(MediaMisuse):
        one.press("a", "55")


def test_an_empty_pool_leaves_the_session_whole() -> None:
    one, worker = session(pairs=1)
    one.receive_offer("a", offers.phone(4000))
    one.offer("b", like="a")
    with pytest.raises(NoCapacity):
        one.offer("c", like="a")
    one.close()
    assert worker.given == [(20000, False)]


def test_an_unusable_answer_serves_nobody() -> None:
    one, worker = session()
    one.receive_offer("a", offers.phone(4000))
    one.offer("b", like="a")
    with pytest.raises(SdpError):
        one.receive_answer("b", b"")
    assert worker.orders == []


def test_without_a_codec_we_can_turn_two_legs_are_not_compatible() -> None:
    one, _ = session()
    one.receive_offer("a", offers.phone(4000, codecs="8 18"))
    one.offer("b", like="a")
    one.offer("c", like="a")
    one.receive_answer("b", offers.phone(5000, codecs="8"))
    one.receive_answer("c", offers.phone(6000, codecs="18"))
    one.answer("a", like="b")
    assert one.compatible("a", "b") and not one.compatible("a", "c")


def test_after_its_worker_s_death_a_session_does_nothing() -> None:
    one, worker = session()
    settle(one, offers.phone(4000), offers.phone(5000))
    one.connect("a", "b")
    worker.orders.clear()
    one.lose()
    one.press("a", "5")
    one.listen_digits("b", True)
    one.drop("a")
    one.disconnect()
    one.receive_offer("x", offers.phone(1))
    one.receive_answer("b", offers.phone(2))
    for ask in (one.offer, one.answer):
        with pytest.raises(NoCapacity):
            ask("x")
    assert not one.can_press("b")
    one.close()
    assert (worker.orders, worker.given, worker.over) == ([], [], [])


def test_an_unknown_leg_is_misuse() -> None:
    one, _ = session()
    with pytest.raises(MediaMisuse):
        one.connect("a", "b")
    with pytest.raises(MediaMisuse):
        one.receive_answer("a", offers.phone(1))


_OFFERS = [offers.offer(name) for name in offers.NAMES] + [offers.phone(4000), offers.video_phone(4000, 4002)]


@given(st.sampled_from(_OFFERS), st.sampled_from(_OFFERS), st.randoms(use_true_random=False))
def test_hostile_descriptions_end_in_sdp_errors_and_towards_a_panel_no_video_is_ever_offered(
    offered: bytes, answered: bytes, rng: random.Random
) -> None:
    one, worker = session()
    sent: list[bytes] = []
    with suppress(SdpError):
        one.receive_offer("a", _spoiled(offered, rng), source="127.0.0.1")
        sent.append(one.offer("b", like="a", role="panel", toward="127.0.0.1"))
        one.receive_answer("b", _spoiled(answered, rng), source="127.0.0.1")
        one.answer("a", like="b")
        one.connect("a", "b")
        one.receive_offer("b", _spoiled(answered, rng))
        one.offer("a", like="b")
        one.receive_answer("a", _spoiled(offered, rng))
        sent.append(one.answer("b", like="a"))
    for description in sent:
        for media in sdp.parse(description).media:
            shut = media.port == 0 or media.attribute("recvonly") is not None
            assert media.kind != "video" or shut or media.attribute("inactive") is not None
    kinds = {order[1]: order[2]["kind"] for order in worker.said("serve")}
    panels = {order[1] for order in worker.said("serve") if order[2]["panel"]}
    for order in worker.said("join"):
        assert order[2] not in panels or kinds[order[2]] != "video" or not order[3]
    one.close()


def _spoiled(data: bytes, rng: random.Random) -> bytes:
    """The description with some lines lost, doubled, moved or of another peer, and some bytes changed."""
    lines = data.splitlines(keepends=True)
    for _ in range(rng.randrange(5)):
        place = rng.randrange(1, len(lines))
        deed = rng.randrange(4)
        if deed == 0 and len(lines) > 2:
            del lines[place]
        elif deed == 1:
            lines.insert(place, rng.choice(lines))
        elif deed == 2:
            lines.insert(place, rng.choice(rng.choice(_OFFERS).splitlines(keepends=True)))
        else:
            spoiled = bytearray(lines[place])
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
            lines[place] = bytes(spoiled)
    return b"".join(lines)
