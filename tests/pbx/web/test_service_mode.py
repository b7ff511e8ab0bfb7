"""Service mode: announced on the panel's own screen or nothing is seen; it ends by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession

from pbx.auth.account import Identity
from pbx.web.devices import DevicePages
from pbx.web.panel_directory import directory_of
from pbx.web.panel_news import PanelNews
from pbx.web.service_mode import LONGEST, ServiceModes, ServicePages
from tests.support.exchange import SITE, Exchange
from tests.support.web import ORIGIN, web_house

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JPEG = b"\xff\xd8\xff" + bytes(500) + b"\xff\xd9"
GATE = (SITE, "gate")


class World:
    """Modes on a clock of our own."""

    def __init__(self) -> None:
        self.now, self.visited, self.told = 0.0, False, 0
        self.modes = ServiceModes(
            lambda: AT + timedelta(seconds=self.now), lambda: self.now, lambda site, device: self.visited
        )
        self.modes.changed = self.heard

    def heard(self) -> None:
        self.told += 1


def test_a_picture_only_once_announced_only_if_asked_for_and_never_of_a_visitor() -> None:
    world = World()
    modes = world.modes
    assert not modes.announced(*GATE) and not modes.give(*GATE, "1", JPEG)
    modes.begin(*GATE, 60, "op")
    assert modes.notice(*GATE) == {"until": "2026-11-22T12:01:00+00:00", "picture": 1}
    assert not modes.give(*GATE, "1", JPEG), "nobody was told"
    assert modes.announced(*GATE)
    world.visited = True
    assert not modes.give(*GATE, "1", JPEG)
    world.visited = False
    for number, picture in (("2", JPEG), ("1", b"<svg/>"), ("1", JPEG[:-1]), ("x", JPEG)):
        assert not modes.give(*GATE, number, picture)
    assert modes.give(*GATE, "1", JPEG) and modes.picture(*GATE) == JPEG
    assert not modes.give(*GATE, "1", JPEG + JPEG), "one for each that is asked for"
    assert modes.again(*GATE) and modes.picture(*GATE) == b""
    shown = modes.shown(*GATE)
    assert shown is not None and (shown.announced, shown.picture, shown.taken) == (True, 0, "")
    assert modes.give(*GATE, "2", JPEG)
    assert world.told == 2


def test_it_ends_by_itself_and_leaves_nothing() -> None:
    world = World()
    world.modes.begin(*GATE, 10 * LONGEST, "op")
    assert world.modes.next_deadline() == LONGEST
    world.modes.announced(*GATE)
    world.modes.give(*GATE, "1", JPEG)
    world.now = LONGEST
    world.modes.handle_timeout(world.now)
    assert world.modes.picture(*GATE) == b"" and world.modes.shown(*GATE) is None
    assert world.modes.notice(*GATE) is None and world.modes.next_deadline() is None
    assert not world.modes.announced(*GATE) and not world.modes.again(*GATE) and not world.modes.end(*GATE)
    assert world.told == 2


def test_the_panel_reads_of_it_in_its_directory() -> None:
    world, modes = Exchange(), World().modes
    plan = world.plans[SITE]
    before = directory_of(plan, "gate", world.at, lambda site, device: False, modes.notice(*GATE))
    modes.begin(*GATE, 60, "op")
    after = directory_of(plan, "gate", world.at, lambda site, device: False, modes.notice(*GATE))
    assert before is not None and after is not None and before.etag != after.etag
    assert b"service" not in before.body and b'"service":{"until":' in after.body


async def test_by_http_with_the_panels_token() -> None:
    world, modes = Exchange(), World().modes

    def who(said: str) -> Identity | None:
        device = said.removeprefix("Bearer ")
        return Identity(SITE, device, device) if device in ("gate", "kari-phone") else None

    pages = DevicePages(
        who,
        world.plans,
        world.doorkeeper,
        PanelNews(world.engine, world.location, world.plans, lambda: world.at),
        lambda: world.at,
        lambda: world.now,
        lambda: None,
        [ORIGIN],
    )
    picture = JPEG[:3] + bytes(60_000) + JPEG[-2:]
    gate = {"Authorization": "Bearer gate"}
    async with web_house(routes=ServicePages(pages, modes).routes()) as house, ClientSession() as client:
        url = f"{house.url}/panels/service"

        async def post(body: bytes, headers: dict[str, str] = gate) -> int:
            async with client.post(f"{url}?picture=1", data=body, headers=headers) as answer:
                return answer.status

        assert await post(b"") == 410
        modes.begin(*GATE, 60, "op")
        assert [await post(b"", {}), await post(picture), await post(b"")] == [401, 409, 204]
        assert await post(picture, {"Authorization": "Bearer kari-phone"}) == 409
        assert await post(bytes(70_000)) == 413
        assert await post(picture) == 204
        for device, status in (("gate", 200), ("kari-phone", 404), ("nobody", 401)):
            async with client.get(url, headers={"Authorization": f"Bearer {device}"}) as answer:
                assert answer.status == status
                assert status != 200 or (await answer.read(), answer.content_type) == (picture, "image/jpeg")
                assert answer.headers["Cache-Control"] == "no-store"
        async with client.options(url, headers={"Origin": ORIGIN}) as answer:
            assert "POST" in answer.headers["Access-Control-Allow-Methods"]
