"""Video packets as panels send them, and real key pictures to decode."""

from __future__ import annotations

from itertools import count

from media import rtp
from media.rtp import Packet

SPS, PPS = bytes.fromhex("6742c01ed901e0089f9610"), bytes.fromhex("68cb83cb20")
FRAME = 6_000   # 15 frames a second at 90 kHz


class Camera:
    """An H.264 source: `key` and `frame` give a picture's packets, numbered on."""

    def __init__(
        self, *, ssrc: int = 7, sequence: int = 65_530, payload_type: int = 97, sets: bool = False
    ) -> None:
        self.ssrc, self.payload_type, self.sets = ssrc, payload_type, sets
        self._sequence = count(sequence)
        self.time = 4_294_960_000

    def key(self, fragments: int = 3) -> list[bytes]:
        """An IDR picture in FU-A fragments, after its parameter sets if the camera sends them."""
        payloads = [SPS, PPS] if self.sets else []
        for number in range(fragments):
            mark = 0x80 if number == 0 else 0x40 if number == fragments - 1 else 0
            payloads.append(bytes((0x7C, mark | 5, number)) + bytes(50))
        return self._picture(payloads)

    def frame(self) -> list[bytes]:
        """A picture that needs those before it."""
        return self._picture([b"\x41" + bytes(40)])

    def _picture(self, payloads: list[bytes]) -> list[bytes]:
        self.time += FRAME
        last = len(payloads) - 1
        return [
            rtp.build(
                self.payload_type, next(self._sequence), self.time, self.ssrc, payload, marker=number == last
            )
            for number, payload in enumerate(payloads)
        ]


def taken_apart(data: list[bytes]) -> list[Packet]:
    """The packets, each of which must be one."""
    found = [rtp.parse(one) for one in data]
    assert None not in found
    return [one for one in found if one is not None]


def fragments(
    picture: bytes, size: int = 1_000, *, sequence: int = 100, payload_type: int = 97
) -> list[bytes]:
    """A stream with start codes as RTP packets of one picture (RFC 6184)."""
    units = [unit for unit in picture.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    payloads: list[bytes] = []
    for unit in units:
        if len(unit) <= size:
            payloads.append(unit)
            continue
        body = unit[1:]
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        for number, piece in enumerate(pieces):
            mark = (0x80 if number == 0 else 0) | (0x40 if number == len(pieces) - 1 else 0)
            payloads.append(bytes((unit[0] & 0xE0 | 28, mark | unit[0] & 0x1F)) + piece)
    last = len(payloads) - 1
    return [
        rtp.build(payload_type, sequence + number, 90_000, 7, payload, marker=number == last)
        for number, payload in enumerate(payloads)
    ]
