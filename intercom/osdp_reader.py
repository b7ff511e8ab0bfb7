"""Plays a card reader by OSDP (IEC 60839-11-5, "OSDP 2") to the access system that drives a door.

A process of its own, spoken to by the agent over its standard input (`intercom.child`): the library runs
threads of its own. One order is one card. Only the secure channel is spoken, with the key of the file.
Arguments: settings file, reader's name.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import termios
import time
import tty
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import osdp

from intercom.settings import OsdpReader, SettingsError, load_osdp

MAX_PACKET = 8192
SPEEDS = {9600: termios.B9600, 19200: termios.B19200, 38400: termios.B38400, 115200: termios.B115200}


class Port(osdp.Channel):  # type: ignore[misc]
    """A serial port without waiting."""

    def __init__(self, path: str, baud: int) -> None:
        super().__init__()
        self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
        attributes = termios.tcgetattr(self._fd)
        attributes[4] = attributes[5] = SPEEDS[baud]
        termios.tcsetattr(self._fd, termios.TCSANOW, attributes)

    def read(self, max_bytes: int) -> bytes:
        """What has come."""
        try:
            return os.read(self._fd, max_bytes)
        except OSError:
            return b""

    def write(self, buf: bytes) -> int:
        """As much as the port takes."""
        try:
            return os.write(self._fd, buf)
        except OSError:
            return 0

    def flush(self) -> None:
        """Drop what nobody has read."""
        termios.tcflush(self._fd, termios.TCIOFLUSH)


class Reader:
    """The reader on its port."""

    def __init__(self, settings: OsdpReader, port: osdp.Channel) -> None:
        self._card = card(settings)
        who = osdp.PdId(version=1, model=1, serial_number=1, vendor_code=0, firmware_version=1)
        info = osdp.PDInfo(
            settings.address,
            port,
            scbk=settings.key,
            name=settings.name,
            id=who,
            flags=[osdp.LibFlag.EnforceSecure],
        )
        self._device = osdp.PeripheralDevice(
            info,
            osdp.PDCapabilities([(osdp.Capability.CardDataFormat, 1, 1)]),
            log_level=osdp.LogLevel.Critical,
            command_handler=lambda command: (0, None),
        )
        self._device.start()

    def online(self) -> bool:
        """Whether the access system speaks to us over the secure channel."""
        return bool(self._device.is_sc_active())

    def send(self) -> bool:
        """Hold the card before the reader; False when nobody would read it."""
        return self.online() and self._device.submit_event(self._card) in (None, 0, True)

    def close(self) -> None:
        """End the library's thread."""
        self._device.teardown()


def card(settings: OsdpReader) -> dict[str, Any]:
    """The event of one card: its bits, first one first, padded to whole bytes."""
    bits = settings.frame
    padded = [*bits, *[0] * (-len(bits) % 8)]
    data = bytes(
        sum(bit << (7 - place) for place, bit in enumerate(padded[start : start + 8]))
        for start in range(0, len(padded), 8)
    )
    return {
        "event": osdp.Event.CardRead,
        "reader_no": 0,
        "direction": 0,
        "format": osdp.CardFormat.Wiegand,
        "length": len(bits),
        "data": data,
    }


def answer(reader: Reader, fields: Mapping[str, Any]) -> dict[str, object]:
    """What becomes of one packet of the agent."""
    now, id = time.monotonic_ns(), str(fields.get("id"))[:64]
    if fields.get("do") == "ping":
        return {"result": "pong"}
    before = fields.get("before_ns")
    if fields.get("do") != "pulse" or not isinstance(before, int):
        return {"id": id, "result": "refused", "reason": "command"}
    if before < now:
        return {"id": id, "result": "refused", "reason": "late"}
    if not reader.send():
        return {"id": id, "result": "refused", "reason": "offline"}
    return {"id": id, "result": "on", "ns": now, "left_ms": 0}


def main(arguments: list[str]) -> int:
    """Until the agent is gone: 0; 2: wrong settings or port."""
    try:
        settings = load_osdp(Path(arguments[0]))[arguments[1]]
        reader = Reader(settings, Port(settings.port, settings.baud))
    except (SettingsError, OSError, KeyError, termios.error) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    link = socket.socket(fileno=os.dup(0))
    try:
        while True:
            select.select([link], [], [])
            packet = link.recv(MAX_PACKET)
            if not packet:
                return 0
            link.send(json.dumps(answer(reader, json.loads(packet))).encode())
    except (OSError, ValueError):
        return 0
    finally:
        link.close()
        reader.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
