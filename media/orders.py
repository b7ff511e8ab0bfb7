"""What control side and worker say to each other: JSON arrays, one a line, first element the verb.

Control to worker: bind COUNT; close [PORT]; serve PORT {peer}; join PORT SINK|null [[in, out]]; free PORT;
listen PORT ON; press PORT DIGIT PAYLOAD_TYPE CLOCK. Worker to control: ports [PORT]; first PORT;
digit PORT DIGIT AT; silent PORT SECONDS; counted PORT PACKETS OCTETS LOST STRANGERS DROPPED; alive {totals}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Order = list[Any]
MAX_PENDING = 8 << 20


def encode(orders: Iterable[Order]) -> bytes:
    """The orders as lines."""
    dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
    return "".join([dumps(order) + "\n" for order in orders]).encode()


class LineReader:
    """Puts the bytes of a stream together to orders. Both ends are ours: a bad line is a bug and raises."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Order]:
        whole, newline, rest = (self._rest + data).rpartition(b"\n")
        self._rest = rest if newline else self._rest + data
        return [json.loads(line) for line in whole.split(b"\n")] if newline else []
