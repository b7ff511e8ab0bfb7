"""Numbers that put messages in order: CSeq (RFC 3261 section 20.16), RSeq and RAck (RFC 3262 section 7)."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import PeerError
from ..grammar import LWS, is_token, number
from ..names import METHODS

MAX_CSEQ = 2**31 - 1


class CSeq(NamedTuple):
    """Command sequence: a number below 2**31 and a method (RFC 3261 section 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        """Read a CSeq value; ``PeerError`` 400."""
        first, _, method = text.partition(" ")
        if method not in METHODS:
            first, _, method = text.replace("\t", " ").partition(" ")
            method = method.strip(LWS)
            if not is_token(method):
                raise PeerError(400, "Bad CSeq")
        return cls(number(first, "CSeq", MAX_CSEQ), method)

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
