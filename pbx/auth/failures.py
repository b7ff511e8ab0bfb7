"""Wrong answers counted per source: a source that guesses waits, an account is never locked for others.

Only an answer to a nonce that we gave to that very address counts, so nobody can have somebody else's
address banned.
"""

from __future__ import annotations


class Failures:
    """Counts wrong answers and says how long a source must wait.

    Args:
        tries: wrong answers before the first wait; one is forgiven each `forgive_seconds`.
        wait_seconds: the first wait; each further one is twice as long, up to `longest_seconds`.
        size: sources remembered; beyond it the older half is forgotten.
    """

    __slots__ = ("_forgive", "_longest", "_old", "_size", "_tries", "_wait", "_young")

    def __init__(
        self,
        tries: int = 8,
        forgive_seconds: float = 60.0,
        wait_seconds: float = 60.0,
        longest_seconds: float = 3600.0,
        size: int = 16_384,
    ) -> None:
        self._tries = tries
        self._forgive = forgive_seconds
        self._wait = wait_seconds
        self._longest = longest_seconds
        self._size = max(1, size // 2)
        self._young: dict[str, _Record] = {}
        self._old: dict[str, _Record] = {}

    def note(self, source: str, now: float) -> None:
        """Count a wrong answer of `source`."""
        record = self._find(source)
        if record is None:
            record = _Record(now)
            if len(self._young) >= self._size:
                self._old, self._young = self._young, {}
            self._young[source] = record
        record.count = max(0.0, record.count - (now - record.at) / self._forgive) + 1.0
        record.at = now
        if record.count > self._tries - 1:  # a little of each try is forgiven while the next one comes
            wait = min(self._longest, self._wait * 2.0**record.waits)
            if now - record.until > self._longest:
                record.waits = 0
                wait = self._wait
            record.waits += 1
            record.until = now + wait
            record.count = 0.0

    def wait(self, source: str, now: float) -> float:
        """Seconds for which `source` must not try again; 0.0 mostly."""
        if not self._young and not self._old:
            return 0.0
        record = self._find(source)
        return 0.0 if record is None else max(0.0, record.until - now)

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def _find(self, source: str) -> _Record | None:
        return self._young.get(source) or self._old.get(source)


class _Record:
    __slots__ = ("at", "count", "until", "waits")

    def __init__(self, now: float) -> None:
        self.at = now
        self.count = 0.0
        self.until = now
        self.waits = 0
