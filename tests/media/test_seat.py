"""A worker's place, with a link of cardboard: what is told when, and to whom."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from media.engine import Counted, Dtmf, Event, FirstPacket, Lost, MediaSettings, Silent
from media.links import OnOrders
from media.orders import Order
from media.seat import Seat
from tests.media import offers
from tests.media.calls import SECONDS


class Cardboard:
    """media.links.Link: binds what it is asked to and says what the test wants."""

    made: list[Cardboard]

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.killed = False

    @property
    def pid(self) -> int | None:
        return 1

    async def open(
        self, settings: MediaSettings, ports: range, on_orders: OnOrders, on_end: Callable[[], None]
    ) -> None:
        self.say, self.end = on_orders, on_end
        self.ports = list(ports)

    def send(self, orders: list[Order]) -> None:
        for order in orders:
            self.orders.append(order)
            if order[0] == "bind":
                bound, self.ports = self.ports[: order[1]], self.ports[order[1] :]
                self.say([["ports", bound]])

    def kill(self) -> None:
        self.killed = True
        self.end()

    async def close(self) -> None:
        pass


class Scene:
    """A seat, the links it made, and what it told."""

    def __init__(self, **settings: float) -> None:
        self.links: list[Cardboard] = []
        self.told: list[Event] = []
        made = MediaSettings(ready_pairs=8, restart_seconds=0.0, **settings)  # type: ignore[arg-type]
        self.seat = Seat(made, range(20_000, 20_200, 2), self._link, self.told.append)

    def _link(self) -> Cardboard:
        self.links.append(Cardboard())
        return self.links[-1]

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not wanted():
                await asyncio.sleep(0)


def answered(scene: Scene) -> int:
    """A call with one answered leg b; its port."""
    session = scene.seat.open("c", lambda: 1)
    session.receive_offer("a", offers.phone(4000), source="127.0.0.1")
    port = offers.port_of(session.offer("b", like="a", toward="127.0.0.1"))
    session.receive_answer("b", offers.phone(5000))
    return port


async def test_what_the_worker_says_is_told_of_the_leg_whose_port_it_is() -> None:
    scene = Scene()
    await scene.seat.start()
    port = answered(scene)
    (session,) = scene.seat._sessions
    say = scene.links[0].say
    say([["digit", port, "5", 1.5]])
    session.listen_digits("b", True)
    say([["first", port], ["digit", port, "5", 2.5], ["silent", port, 30.0], ["digit", 9, "5", 2.5]])
    session.close()
    say(
        [["digit", port, "7", 3.5], ["first", port], ["silent", port, 31.0], ["counted", port, 1, 2, 3, 4, 5]]
    )
    assert scene.told == [
        FirstPacket("c", "b", "audio"),
        Dtmf("c", "b", "5", 2.5),
        Silent("c", "b", 30.0),
        Counted("c", "b", "audio", 1, 2, 3, 4, 5),
    ]
    await scene.seat.stop()


async def test_orders_of_one_turn_leave_together() -> None:
    scene = Scene()
    await scene.seat.start()
    before = len(scene.links[0].orders)
    answered(scene)
    assert len(scene.links[0].orders) == before
    await asyncio.sleep(0)
    assert [order[0] for order in scene.links[0].orders[before:]] == ["serve"]
    await scene.seat.stop()


async def test_a_death_is_told_and_the_next_worker_starts_empty() -> None:
    scene = Scene()
    await scene.seat.start()
    answered(scene)
    scene.links[0].end()
    await scene.until(lambda: len(scene.links) == 2 and scene.seat.ready > 0)
    assert scene.told == [Lost("c")]
    stats = scene.seat.stats()
    assert (stats["restarts"], stats["sessions"], stats["ports_used"]) == (1, 0, 0)
    await scene.seat.stop()


async def test_a_worker_that_says_nothing_is_killed() -> None:
    scene = Scene(hang_seconds=0.05)
    await scene.seat.start()
    await scene.until(lambda: scene.links[0].killed and len(scene.links) > 1)
    await scene.seat.stop()


async def test_the_pool_is_filled_before_it_is_empty_and_trimmed_when_it_is_fat() -> None:
    scene = Scene()
    await scene.seat.start()
    for number in range(4):
        scene.seat.open(str(number), lambda: 1).offer("a", toward="127.0.0.1")
    await scene.until(lambda: scene.seat.ready >= 6)
    for session in list(scene.seat._sessions):
        session.close()
    scene.links[0].say([["ports", list(range(30_000, 30_040, 2))]])
    scene.seat._tidy()
    assert scene.seat.ready == 16
    await asyncio.sleep(0)
    assert scene.links[0].orders[-1][0] == "close"
    await scene.seat.stop()


async def test_which_address_is_written() -> None:
    scene = Scene()
    await scene.seat.start()
    assert scene.seat.address_for("127.0.0.1") == "127.0.0.1"
    assert scene.seat.address_for("127.0.0.1") == "127.0.0.1"
    assert scene.seat.address_for(None)
    assert scene.seat.address_for("not an address") == "127.0.0.1"
    await scene.seat.stop()
