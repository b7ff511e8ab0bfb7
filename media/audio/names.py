"""Names, RTP clocks and kinds of the codecs that can be turned into each other (RFC 3551, 7587)."""

from __future__ import annotations

CLOCKS = {"pcma": 8_000, "pcmu": 8_000, "g722": 8_000, "opus": 48_000}
"""Timestamp units a second; not always samples a second."""
WIDE = frozenset({"g722", "opus"})
LAWS = frozenset({"pcma", "pcmu"})
PTIMES = (10, 20, 30, 40, 60)


def ptime_of(attributes: tuple[str, ...], name: str) -> int:
    """Milliseconds of sound in a packet to a peer that wrote these attributes of its stream."""
    said = dict(one.partition(":")[::2] for one in attributes)
    wanted = _number(said.get("ptime", "")) or 20
    most = _number(said.get("maxptime", "")) or PTIMES[-1]
    lengths = [one for one in PTIMES if name != "opus" or one != 30]
    return max((one for one in lengths if one <= min(wanted, most)), default=10)


def _number(text: str) -> int:
    digits = text.strip().partition(".")[0]
    return int(digits) if digits.isdecimal() and len(digits) < 6 else 0
