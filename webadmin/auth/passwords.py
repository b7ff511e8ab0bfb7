"""Passwords: argon2id, at least twelve characters, never the e-mail address or a well-known one."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
_WELL_KNOWN = ("password", "passord", "qwerty", "123456", "doorline", "letmein", "sommer", "vinter")

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")


def fault(password: str, email: str) -> str | None:
    """What is wrong with a new password, as a phrase; None when it is good."""
    if len(password) < SHORTEST:
        return "Use at least 12 characters. A sentence is easier to remember than a word."
    if len(password) > LONGEST:
        return "Use at most 200 characters."
    low = password.lower()
    if len(set(low)) < 5 or low == email.lower() or low.rstrip("0123456789!.") in _WELL_KNOWN:
        return "That password is too easy to guess. Try a sentence of your own."
    return None


def make_hash(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether it is the password; costs the same when there is none stored."""
    try:
        _hasher.verify(stored or _nobody, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)
