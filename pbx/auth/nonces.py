"""Nonces that prove by themselves that we made them, when, and for whom; each use counted (RFC 7616 section
3.3).

Nothing is stored when a nonce is issued. Uses are stored only after a right answer, in two bounded
generations; when the older one is forgotten, so are all nonces that it could hold: they are stale from then
on.
"""

from __future__ import annotations

import hashlib
import hmac

_WINDOW = 32
_MASK = (1 << _WINDOW) - 1
_STAMP = 20
_LENGTH = _STAMP + 24


class Nonces:
    """Issues and judges nonces.

    Args:
        key: secret, at most 64 bytes.
        salt: new at each start, so that nonces of an earlier run are stale: what was used of them is not
        known. seconds: how long a nonce lives. size: how many nonces are remembered with their uses.
    """

    __slots__ = ("_closing", "_floor", "_keyed", "_old", "_seconds", "_serial", "_size", "_turn_at", "_young")

    def __init__(self, key: bytes, salt: str, seconds: float = 300.0, size: int = 65_536) -> None:
        self._keyed = hashlib.blake2s(salt.encode(), key=hashlib.sha256(key).digest(), digest_size=12)
        self._seconds = seconds
        self._size = max(1, size // 2)
        self._serial = 0
        self._floor = 0
        self._closing = 0
        self._turn_at = 0.0
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def issue(self, source: str, now: float) -> str:
        """A nonce that only `source` (an address) can use."""
        self._serial += 1
        stamp = f"{int(now * 16) & 0xFFFFFFFFFF:010x}{self._serial & 0xFFFFFFFFFF:010x}"
        return stamp + self._seal(stamp, source)

    def serial_of(self, nonce: str, source: str, now: float) -> int | None:
        """The serial number of a nonce of ours that is still alive, else None: stale, or never ours."""
        if len(nonce) != _LENGTH or not nonce.isascii():
            return None
        stamp = nonce[:_STAMP]
        if not hmac.compare_digest(nonce[_STAMP:], self._seal(stamp, source)):
            return None
        age = now - int(stamp[:10], 16) / 16
        serial = int(stamp[10:], 16)
        if not -1.0 < age <= self._seconds or serial <= self._floor:
            return None
        return serial

    def spend(self, serial: int, count: int, now: float) -> bool:
        """Note one use of a nonce under its count (`nc`); False when it was used before, or too long ago.

        Counts may arrive a little out of order (RFC 7616 section 3.4.5 asks for no more than that they rise).
        """
        if now >= self._turn_at or len(self._young) >= self._size:
            self._turn(now)
        if serial <= self._floor or not 0 < count <= 0xFFFFFFFF:
            return False
        used = self._young.get(serial) or self._old.get(serial, 0)
        highest = used >> _WINDOW
        if count > highest:
            rise = count - highest
            seen = ((used & _MASK) << rise | 1) & _MASK if rise < _WINDOW else 1
            self._young[serial] = count << _WINDOW | seen
            return True
        bit = 1 << (highest - count) if highest - count < _WINDOW else 0
        if not bit or used & bit:
            return False
        self._young[serial] = used | bit
        return True

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def _seal(self, stamp: str, source: str) -> str:
        seal = self._keyed.copy()
        seal.update(f"{stamp}{source}".encode("utf-8", "surrogateescape"))
        return seal.hexdigest()

    def _turn(self, now: float) -> None:
        if self._young:
            self._floor, self._closing = self._closing, self._serial
            self._old, self._young = self._young, {}
        self._turn_at = now + self._seconds
