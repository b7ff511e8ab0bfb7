"""One call's way to a telephone: the number, what it may cost, and the trunks that may carry it [S]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dialplan.rows import TelephonyRow
from pbx.trunks.numbers import Number

if TYPE_CHECKING:
    from pbx.trunks.link import Link

SCHEME = "tel:"
"""Before a number, where the id of a device would stand; no id has a colon."""


@dataclass(slots=True, eq=False)
class Passage:
    """A call that the guard has allowed, or an emergency call (`number` None, nothing is counted).

    `left` gives the trunks that have not been tried yet, in order; `shown` is the number it comes from.
    """

    site: str
    who: str
    dialled: str
    number: Number | None
    row: TelephonyRow | None
    price: int
    shown: str
    left: Iterator[Link]

    @property
    def device(self) -> str:
        """What stands for the telephone where a leg names its device."""
        return device_of(self.dialled)


def device_of(number: str) -> str:
    """What stands for a telephone where a leg names its device."""
    return SCHEME + number


def number_in(device: str) -> str | None:
    """The number of a leg whose other end is a telephone outside; None for devices."""
    return device.removeprefix(SCHEME) if device.startswith(SCHEME) else None
