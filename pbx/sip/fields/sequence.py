"""Numbers that put messages in order: CSeq (RFC 3261 section 20.16), RSeq and RAck (RFC 3262 section 7)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, is_token, number

MAX_CSEQ = 2**31 - 1


class CSeq(NamedTuple):
    """Command sequence: a number below 2**31 and a method (RFC 3261 section 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        """Read a CSeq value; ``PeerError`` 400."""
        pieces = text.split()
        if len(pieces) != 2 or not is_token(pieces[1]):
            raise PeerError(400, "Bad CSeq")
        return cls(number(pieces[0], "CSeq", MAX_CSEQ), pieces[1])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


class RAck(NamedTuple):
    """Which reliable provisional response a PRACK acknowledges (RFC 3262 section 7.2)."""

    rseq: int
    cseq: CSeq

    @classmethod
    def parse(cls, text: str) -> RAck:
        """Read a RAck value; ``PeerError`` 400."""
        first, _, rest = text.strip(LWS).partition(" ")
        return cls(number(first, "RAck"), CSeq.parse(rest))

    def __str__(self) -> str:
        return f"{self.rseq} {self.cseq}"


def parse_rseq(text: str) -> int:
    """Number of a reliable provisional response, at least 1 (RFC 3262 section 7.1); ``PeerError`` 400."""
    value = number(text.strip(LWS), "RSeq")
    if not value:
        raise PeerError(400, "Bad RSeq")
    return value
