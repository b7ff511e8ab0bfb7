"""What control side and worker say to each other: JSON arrays, the verb first, many to a line.

Control to worker: bind COUNT; close [PORT]; serve PORT {peer}; join PORT SINK|null [[in, out]] {sound}?;
free PORT; play PORT PROMPT LOOP PAYLOAD_TYPE CODEC CLOCK; stop PORT;
listen PORT ON; press PORT DIGIT PAYLOAD_TYPE CLOCK; film PORT {codecs, sets, wish, name}; unfilm PORT;
view PORT SINK [[in, out]] SSRC|null; unview SINK; replay PORT SINK [[in, out]]; snap PORT NUMBER.
Worker to control: ports [PORT]; first PORT; digit PORT DIGIT AT METHOD?;
overheard PORT DIGIT AT; played PORT PROMPT WHOLE; silent PORT SECONDS; wanted PORT;
snapped NUMBER CODEC BASE64; counted PORT PACKETS OCTETS LOST STRANGERS DROPPED; alive {totals}.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

Order = list[Any]
MAX_PENDING = 8 << 20
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


def encode(orders: Iterable[Order]) -> bytes:
    """The orders as one line: making an encoder costs more than what it writes."""
    return _ENCODER.encode([*orders]).encode() + b"\n"


class LineReader:
    """Puts the bytes of a stream together to orders. Both ends are ours: a bad line is a bug and raises."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Order]:
        whole, newline, rest = (self._rest + data).rpartition(b"\n")
        self._rest = rest if newline else self._rest + data
        return [order for line in whole.split(b"\n") for order in json.loads(line)] if newline else []
