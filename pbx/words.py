"""Unguessable words for tags, branches and Call-IDs: many to one system call, for a call needs a dozen."""

from __future__ import annotations

import secrets
from collections.abc import Callable

WORD_BYTES = 12
STOCK = 256


class Words:
    """A stock of words of 96 bits, each given out once. `draw` gives that many random bytes."""

    def __init__(self, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._draw = draw
        self._stock: list[str] = []

    def word(self) -> str:
        """The next word: 24 hexadecimal digits."""
        if not self._stock:
            drawn = self._draw(WORD_BYTES * STOCK).hex()
            self._stock = [drawn[at : at + 2 * WORD_BYTES] for at in range(0, len(drawn), 2 * WORD_BYTES)]
        return self._stock.pop()
