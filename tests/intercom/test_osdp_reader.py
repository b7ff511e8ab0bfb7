"""An access system by OSDP on a pty pair: it reads the card that an order sends, over the secure channel."""

from __future__ import annotations

import asyncio
import os
import pty
import secrets
import sys
import time
import tty
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from intercom import wiegand
from intercom.child import Child
from intercom.settings import SettingsError, load_osdp
from tests.support.peers import need_module

pytestmark = pytest.mark.peer


class Line:
    """The access system's end of the pty, as its library wants it."""

    def __init__(self, fd: int) -> None:
        self.id, self.fd = 0, fd

    def read(self, most: int) -> bytes:
        try:
            return os.read(self.fd, most)
        except OSError:
            return b""

    def write(self, data: bytes) -> int:
        try:
            return os.write(self.fd, data)
        except OSError:
            return 0

    def flush(self) -> None:
        """Nothing is held back."""


def settings(directory: Path, port: str, key: bytes) -> Path:
    secret = directory / "osdp.key"
    secret.touch(mode=0o600)
    secret.write_text(key.hex())
    file = directory / "intercom.toml"
    file.write_text(f'[osdp.lift]\nport = "{port}"\nkey_file = "{secret}"\nfacility = 7\ncard = 4711\n')
    return file


@contextmanager
def access_system(key: bytes) -> Iterator[tuple[Any, str]]:
    """A control panel with that key, and the port where its reader belongs."""
    osdp = need_module("osdp")
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    os.set_blocking(ours, False)
    info = osdp.PDInfo(0, Line(ours), scbk=key, name="lift", flags=[osdp.LibFlag.EnforceSecure])
    panel = osdp.ControlPanel([info], log_level=osdp.LogLevel.Critical)
    panel.start()
    try:
        yield panel, os.ttyname(theirs)
    finally:
        panel.teardown()
        os.close(ours)
        os.close(theirs)


async def answers(
    child: Child, said: list[Mapping[str, Any]], id: str, seconds: float = 2.0
) -> Mapping[str, Any]:
    due = time.monotonic_ns() + int(seconds * 1e9)
    assert child.send({"do": "pulse", "id": id, "before_ns": due})
    async with asyncio.timeout(20):
        while True:
            for each in said:
                if each.get("id") == id:
                    return each
            await asyncio.sleep(0.01)


async def test_an_order_is_one_card(tmp_path: Path) -> None:
    key, said = secrets.token_bytes(16), list[Mapping[str, Any]]()
    with access_system(key) as (panel, port):
        file = settings(tmp_path, port, key)
        command = (sys.executable, "-m", "intercom.osdp_reader", str(file), "lift")
        child = Child("reader", command, said.append, lambda: None)
        running = asyncio.get_running_loop().create_task(child.run())
        try:
            assert await asyncio.to_thread(panel.sc_wait_all, 20)
            number = 0
            async with asyncio.timeout(20):  # our own end may hear of the channel a moment later
                while (await answers(child, said, f"x{number}")).get("result") != "on":
                    number += 1
            event = await asyncio.to_thread(panel.get_event, 0, 10)
            bits = wiegand.frame(26, 7, 4711)
            assert event["length"] == 26
            read = "".join(f"{byte:08b}" for byte in event["data"])
            assert read[:26] == "".join(map(str, bits))
            assert (await answers(child, said, "late", -1.0))["reason"] == "late"
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_nobody_reads_with_another_key(tmp_path: Path) -> None:
    said: list[Mapping[str, Any]] = []
    with access_system(secrets.token_bytes(16)) as (_, port):
        file = settings(tmp_path, port, secrets.token_bytes(16))
        command = (sys.executable, "-m", "intercom.osdp_reader", str(file), "lift")
        child = Child("reader", command, said.append, lambda: None)
        running = asyncio.get_running_loop().create_task(child.run())
        try:
            async with asyncio.timeout(20):
                while not said:
                    await asyncio.sleep(0.05)
            assert (await answers(child, said, "x"))["reason"] == "offline"
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("key", ["", "zz", "00" * 15])
def test_a_key_that_is_none(tmp_path: Path, key: str) -> None:
    file = settings(tmp_path, "/dev/null", bytes(16))
    (tmp_path / "osdp.key").write_text(key)
    with pytest.raises(SettingsError, match="key_file"):
        load_osdp(file)
