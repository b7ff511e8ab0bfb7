"""Seeded mutation of bytes: the same seed gives the same inputs on every machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

MAX_INPUT = 72 * 1024
"""A little more than the largest message taken, so that the limits are crossed too."""

_NUMBER = re.compile(rb"[0-9]++")
_WORDS = (
    b"\r\n",
    b"\r\n\r\n",
    b"\r",
    b"\n",
    b"\0",
    b" ",
    b"\t",
    b"\r\n ",
    b'"',
    b'\\"',
    b"<",
    b">",
    b";",
    b",",
    b":",
    b"=",
    b"@",
    b"%",
    b"%00",
    b"*",
    b"[",
    b"]",
    b"{",
    b"}",
    b"../",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xf0\x9f\x9a\xaa",
    b"\xe2\x80\xae",
    b"SIP/2.0",
    b";tag=",
    b";branch=z9hG4bK",
    b"Content-Length: ",
    b"Via: SIP/2.0/UDP h",
    b"sip:",
    b"tel:",
    b"a=",
    b"m=audio ",
    b"Action: ",
)
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"256",
    b"65535",
    b"65536",
    b"2147483648",
    b"4294967296",
    b"9" * 30,
    b"1e9",
)

Mutator = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _span(data: bytes, random: Random, longest: int = 64) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(1, longest))


def flip(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Change one bit."""
    if not data:
        return data
    place = random.randrange(len(data))
    return data[:place] + bytes((data[place] ^ 1 << random.randrange(8),)) + data[place + 1 :]


def overwrite(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put random bytes over some."""
    start, end = _span(data, random, 8)
    return data[:start] + random.randbytes(end - start) + data[end:]


def delete(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Take a piece out."""
    start, end = _span(data, random)
    return data[:start] + data[end:]


def truncate(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Cut the end off."""
    return data[: random.randint(0, len(data))]


def insert(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put a word in that means something to some parser."""
    place = random.randint(0, len(data))
    return data[:place] + random.choice(_WORDS) + data[place:]


def repeat(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Repeat a piece, mostly a few times, now and then to the limit."""
    start, end = _span(data, random)
    piece = data[start:end] or random.choice(_WORDS)
    most = MAX_INPUT // len(piece) if random.random() < 0.1 else 8
    return data[:end] + piece * random.randint(1, max(1, most)) + data[end:]


def renumber(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Put an awkward number in the place of one."""
    found = list(_NUMBER.finditer(data[:4096]))
    if not found:
        return data
    place = random.choice(found)
    return data[: place.start()] + random.choice(_NUMBERS) + data[place.end() :]


def swap_lines(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Exchange, double or drop a line."""
    lines = data.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(3):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(one, lines[other])
        case _:
            del lines[one]
    return b"\n".join(lines)


def splice(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """The head of one sample and the tail of another."""
    other = random.choice(others)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


MUTATORS: tuple[Mutator, ...] = (
    flip,
    overwrite,
    delete,
    truncate,
    insert,
    repeat,
    renumber,
    swap_lines,
    splice,
)


def mutated(samples: Sequence[bytes], random: Random) -> bytes:
    """A sample after one to six mutations; now and then mere noise."""
    if random.random() < 0.02:
        return random.randbytes(random.randint(0, 300))
    data = random.choice(samples)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        data = random.choice(MUTATORS)(data, random, samples)[:MAX_INPUT]
    return data
