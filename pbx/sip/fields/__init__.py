"""Typed header values: each has ``parse(text)``, which raises only ``PeerError``, and ``str()`` for the way
back."""

from __future__ import annotations

from .address import NameAddr, parse_contacts
from .auth import Challenge, Credentials
from .content import ContentType, Event, parse_date, print_date
from .interval import RetryAfter, SessionExpires, parse_seconds
from .reason import Reason
from .sequence import CSeq, RAck, parse_rseq
from .via import Via

__all__ = [
    "CSeq",
    "Challenge",
    "ContentType",
    "Credentials",
    "Event",
    "NameAddr",
    "RAck",
    "Reason",
    "RetryAfter",
    "SessionExpires",
    "Via",
    "parse_contacts",
    "parse_date",
    "parse_rseq",
    "parse_seconds",
    "print_date",
]
