"""Numbers that thieves have called through other people's telephones, and how they write them (S9)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

HOSTILE = (
    # premium and shared-cost at home
    *("+4782012345", "+4782999999", "+4782900000", "+4781500123", "+4781001234"),
    # satellite and "international networks"
    *("+881612345678", "+881712345678", "+882161234567", "+88213123456", "+883510012345", "+870773123456"),
    *("+8781012345678", "+979123456789"),
    # countries that pay those who call them
    *("+37188812345", "+37490112233", "+25261234567", "+2203661234", "+23276123456", "+22890123456"),
    *("+24174123456", "+2638612345678", "+26134123456", "+6857212345", "+67573456789", "+67420123456"),
    *("+68622123", "+6748123456", "+97250123456", "+970599123456", "+9607712345", "+9647901234567"),
    *("+5352123456", "+53712345678", "+5927123456", "+18095551234", "+18765551234", "+12685551234"),
    *("+14735551234", "+16645551234", "+19005551234", "+19765551234", "+4470123456789"),
    *("+449098790000", "+4487112345678", "+33899123456", "+4990012345678", "+34803123456", "+390899123456"),
    *("+46900123456", "+3531570123456", "+38169123456789", "+375291234567", "+7809123456", "+21698123456"),
    *("+85269012345", "+8613812345678"),
)
"""More than fifty; none is of a kind and a country that the tests allow: fixed and mobile in Norway."""


def spellings(number: str) -> Iterator[str]:
    """Seven ways to write one."""
    digits = number[1:]
    yield number
    yield "00" + digits
    yield f"tel:{number};phone-context=+47"
    yield "tel:" + "-".join((number[:3], number[3:6], number[6:]))
    yield quote(number, safe="")
    yield f"{number},,1"
    yield "".join(chr(0x0660 + int(digit)) for digit in digits)
