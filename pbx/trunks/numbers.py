"""What a dialled number is: E.164, its country and its kind, or nothing that may be called (ITU-T E.164) [S].

`phonenumbers` is generous (letters, extensions, other scripts' digits); here only digits are read, after a
plus sign or as the region writes them, and a number that cannot exist is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from dialplan.numbers import EMERGENCY
from dialplan.rows import NumberKind

NumberFormat = Literal["plus", "digits", "national"]

_PLAIN = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{5,18}", re.ASCII)
_SEPARATORS = str.maketrans("", "", "-.() ")

_KINDS: dict[int, NumberKind] = {
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.VOIP: "voip",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number that exists: E.164 with its plus, ISO country, kind, and its national digits.

    `kind` "special" is everything without a kind of its own: pagers, personal and company numbers.
    """

    e164: str
    country: str
    kind: NumberKind
    national: str


def read(dialled: str, region: str) -> Number | None:
    """The number that somebody in `region` (ISO 3166) means by this; None for none.

    An emergency number is none, however it is written.
    """
    text = dialled.strip()
    if text[:4].lower() == "tel:":
        text = text[4:]
    text = text.translate(_SEPARATORS)
    if not _PLAIN.fullmatch(text):
        return None
    try:
        parsed = phonenumbers.parse(text, None if text[0] == "+" else region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    country = phonenumbers.region_code_for_number(parsed) or ""
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(parsed)
    if national in EMERGENCY or phonenumbers.is_emergency_number(text, region):
        return None
    kind = _KINDS.get(phonenumbers.number_type(parsed), "special")
    return Number(e164, country, kind, national)


def is_emergency(dialled: str) -> bool:
    """Whether these are the digits of an emergency number."""
    return dialled in EMERGENCY


def written(number: str, form: NumberFormat) -> str:
    """An E.164 number as a carrier wants it; an emergency number as it is."""
    if form == "plus" or not number.startswith("+"):
        return number
    if form == "digits":
        return number[1:]
    parsed = phonenumbers.parse(number, None)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in national if letter.isascii() and letter.isdigit())
