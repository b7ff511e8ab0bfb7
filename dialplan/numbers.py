"""What a dialled string is, and what short numbers and addresses may look like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

EMERGENCY = frozenset({"000", "110", "111", "112", "113", "118", "119", "911", "995", "999"})
"""Emergency numbers of Europe and elsewhere: never a short number here, and refused clearly when dialled."""

_USER = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NUMBER = re.compile(r"[0-9]{1,8}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SEPARATORS = str.maketrans("", "", "-.() ")

DialledKind = Literal["user", "number", "tel", "emergency", "malformed"]


@dataclass(frozen=True, slots=True)
class Dialled:
    """A dialled string, classified: an address here ("user"), a short number ("number"), a telephone number
    elsewhere ("tel", E.164), an emergency number, or nothing of these.
    """

    kind: DialledKind
    value: str


def classify(dialled: str) -> Dialled:
    """What the user part of a URI, or a whole `tel:` URI, asks for; letters in lower case."""
    text = dialled.strip().lower()
    if text.startswith("tel:"):
        text = text[4:].partition(";")[0].translate(_SEPARATORS)
    elif text.startswith("+"):
        text = text.translate(_SEPARATORS)
    if text in EMERGENCY:
        return Dialled("emergency", text)
    if is_number(text):
        return Dialled("number", text)
    if is_e164(text):
        return Dialled("tel", text)
    return Dialled("user", text) if is_user(text) else Dialled("malformed", "")


def is_user(text: str) -> bool:
    """Whether this may be an address here: lower-case letters, digits, `.`, `_`, `-`; 64 at most."""
    return _USER.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether this may be a short number: 1 to 8 digits."""
    return _NUMBER.fullmatch(text) is not None


def is_e164(text: str) -> bool:
    """Whether this is an international telephone number: `+`, country code and number, 7 to 15 digits."""
    return _E164.fullmatch(text) is not None
