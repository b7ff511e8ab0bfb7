"""Orders and news over a real mosquitto."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import aiomqtt
import pytest

from pbx.doors.drivers.mqtt import Broker, MqttDriver
from pbx.facts import DoorMoved
from tests.support.demonstration import office
from tests.support.doors import door, open_order
from tests.support.peers import need
from tests.support.plans import compiled
from tests.support.ports import free_port

PLAN = compiled(office())
SITE = PLAN.site
RELAY = replace(door(driver="mqtt"), address="cmnd/gate/POWER", payload="ON {seconds}")


@asynccontextmanager
async def mosquitto(port: int = 0) -> AsyncIterator[int]:
    port = port or free_port()
    process = await asyncio.create_subprocess_exec(
        need("mosquitto"), "-p", str(port), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        writer.close()
        await writer.wait_closed()
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def until(client: aiomqtt.Client, topic: str, payload: str) -> None:
    """A message arrives."""
    async with asyncio.timeout(20):
        async for message in client.messages:
            if (str(message.topic), message.payload) == (topic, payload.encode()):
                return


async def connected(driver: MqttDriver, wanted: bool) -> None:
    async with asyncio.timeout(20):
        while (driver._client is not None) != wanted:
            await asyncio.sleep(0.01)


async def result(driver: MqttDriver, action: str = "open") -> tuple[bool, str]:
    told = asyncio.get_running_loop().create_future()
    order = open_order(door=RELAY, action=action)
    driver.open(order, lambda done, detail, at: told.set_result((done, detail)), 0.0)
    answer: tuple[bool, str] = await asyncio.wait_for(told, 20)
    return answer


@pytest.mark.peer
async def test_orders_and_news_reach_the_broker() -> None:
    async with mosquitto() as port, aiomqtt.Client("127.0.0.1", port) as listener:
        await listener.subscribe("#")
        driver = MqttDriver(Broker("127.0.0.1", port), {SITE: PLAN})
        driver.start()
        await until(listener, "doorline/status", "online")
        await connected(driver, True)
        assert await result(driver) == (True, "opened")
        await until(listener, "cmnd/gate/POWER", "ON 5")
        assert await result(driver, "hold") == (False, "no_hold")
        driver.heard(DoorMoved(SITE, "lobby", True))
        await until(listener, f"doorline/{SITE}/doors/lobby/contact", "ON")
        await driver.close()


@pytest.mark.peer
async def test_a_broker_that_comes_back() -> None:
    async with mosquitto() as port:
        driver = MqttDriver(Broker("127.0.0.1", port), {})
        driver.start()
        await connected(driver, True)
    await connected(driver, False)
    assert await result(driver) == (False, "unreachable")
    async with mosquitto(port):
        await connected(driver, True)
        assert await result(driver) == (True, "opened")
        await driver.close()


async def test_a_broker_that_is_away() -> None:
    driver = MqttDriver(Broker("127.0.0.1", free_port()), {})
    driver.start()
    assert await result(driver) == (False, "unreachable")
    await driver.close()
