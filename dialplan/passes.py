"""Passes of guests and craftsmen: what one allows, and how its code is written, hashed and compared.

A pass has two keys to it. The *PIN* is 6-8 digits for a keypad; the *token* is 128 random bits in link
and QR code. Neither is stored, only digests. One PIN typed is one slow derivation (scrypt, RFC 7914) and is
compared with every pass of the site, so its salt is the site's: whoever steals a panel knows it either way.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dialplan.access import AT_REST, Denied, DoorState, Granted, may_open, may_operate
from dialplan.plan import DialPlan
from dialplan.route import Target

PIN_LENGTHS = range(6, 9)
_SHARES = {6: 0.5, 7: 0.75, 8: 1.0}
"""How much of the odds may be gone when a PIN of this length is given: short ones leave room for long."""

TRIES = 5
"""So many wrong codes at one panel, then a pause."""

PAUSE_SECONDS = 60.0
ODDS = 1000
"""Whoever uses up all tries before a pause guesses some pass of the site at most once in so many times."""

LONGEST_CODE = 512

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32, "maxmem": 2**26}


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass of a site. `host` is the person who gave it and whose rights bound it, "" if the house did;
    `uses` None: as often as one likes. `pin` and `token` are hex digests.
    """

    id: str
    host: str
    doors: tuple[str, ...]
    start: datetime
    end: datetime
    uses: int | None
    pin: str
    token: str


@dataclass(frozen=True, slots=True)
class Code:
    """Digests of what was typed or scanned; exactly one is not empty."""

    pin: str = ""
    token: str = ""


def pin_digest(site: str, pin: str) -> str:
    """The digest of a PIN; costs about 50 ms and 16 MB on purpose."""
    return hashlib.scrypt(pin.encode(), salt=f"doorline-pin\0{site}".encode(), **_COST).hex()


def token_digest(token: str) -> str:
    """The digest of a token; nothing slow, for nobody guesses 128 bits."""
    return hashlib.sha256(f"doorline-pass\0{token}".encode()).hexdigest()


def pin_of(text: str) -> str | None:
    """The PIN in what somebody typed (spaces and dashes do not count), or None."""
    digits = re.sub(r"[ -]", "", text)
    return digits if digits.isascii() and digits.isdigit() and len(digits) in PIN_LENGTHS else None


def token_of(text: str) -> str | None:
    """The token in what a reader read: alone, or the last part of a link `.../g/TOKEN`; or None."""
    text = text.strip()
    if len(text) > LONGEST_CODE:
        return None
    if "/" in text:
        head, _, text = text.split("?")[0].split("#")[0].rpartition("/")
        if not head.endswith("/g"):
            return None
    return text if _TOKEN.fullmatch(text) else None


def code_of(site: str, text: str) -> Code | None:
    """What was typed or scanned, digested; None when it cannot be a code. Slow for a PIN."""
    if (pin := pin_of(text)) is not None:
        return Code(pin=pin_digest(site, pin))
    token = token_of(text)
    return Code(token=token_digest(token)) if token is not None else None


def match(passes: Iterable[Pass], code: Code) -> Pass | None:
    """The pass a code belongs to. Every pass is compared in full, so that time tells nothing."""
    found = None
    for each in passes:
        if matches(each.pin, each.token, code):
            found = each
    return found


def matches(pin: str, token: str, code: Code) -> bool:
    """Whether the digests of a pass are those of a code, in constant time; empty ones never are."""
    same_pin = hmac.compare_digest(pin, code.pin) and pin != ""
    same_token = hmac.compare_digest(token, code.token) and token != ""
    return same_pin | same_token


def pin_length(passes_with: Iterable[int]) -> int | None:
    """How many digits the next PIN of a site needs beside PINs of these lengths, so that `TRIES` guesses hit
    none of them at worse odds than 1 : `ODDS`; None when the site has too many passes.
    """
    taken = sum(10.0**-length for length in passes_with)
    for length, share in _SHARES.items():
        if TRIES * (taken + 10.0**-length) <= share / ODDS:
            return length
    return None


def admit(
    plan: DialPlan,
    held: Pass,
    door: str,
    at: datetime,
    *,
    panel: str = "",
    state: DoorState = AT_REST,
    used: int = 0,
) -> Granted | Denied:
    """Whether the pass opens this door at `at`, asked for anew at every door of a way.

    It opens the doors it names and no others: a flat's own door is a right of its own, also where it lies
    behind a door that the pass opens. A host's pass opens nothing that the host could not open by code now.
    Raises ValueError if `at` has no time zone.
    """
    if state.tamper and not state.fire:
        return Denied("tamper")
    if door not in held.doors:
        return Denied("no_right")
    if not held.start <= at < held.end:
        return Denied("wrong_time")
    if held.uses is not None and used >= held.uses:
        return Denied("used_up")
    if held.host:
        return may_open(plan, Target("person", held.host), door, "code", at, panel=panel, state=state)
    verdict = may_operate(plan, door, state=state)
    return Granted(verdict.seconds, "pass") if isinstance(verdict, Granted) else verdict
