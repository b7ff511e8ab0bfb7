"""Feeds one target until time is up, and says what went wrong."""

from __future__ import annotations

import resource
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import FINDINGS, Feed, Target

SLOW_SECONDS = 0.5
"""CPU time that no input of some 70 kB may take."""
GROWTH_KIB = 64 * 1024
"""How much the process may grow over one campaign."""
_SHRINKS = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """An input that went wrong: an exception nobody promised, or too much time; ``kind`` names it."""

    kind: str
    data: bytes
    report: str

    def save(self, target: Target) -> Path:
        """Keep the input, to be replayed for ever after."""
        path = FINDINGS / target.name / f"{sha256(self.data).hexdigest()[:12]}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a campaign ended: inputs tried, growth in KiB, the fault if there was one."""

    tries: int
    growth: int
    fault: Fault | None


def attempt(feed: Feed, data: bytes) -> Fault | None:
    """Feed one input; the fault it shows, or ``None``."""
    started = time.process_time()
    try:
        feed(data)
    except Exception as error:
        return Fault(type(error).__name__, data, traceback.format_exc())
    spent = time.process_time() - started
    if spent > SLOW_SECONDS:
        return Fault("slow", data, f"took {spent:.2f} s of CPU")
    return None


def shrink(feed: Feed, fault: Fault) -> Fault:
    """A smaller input with the same kind of fault, by leaving pieces out."""
    size = max(1, len(fault.data) // 2)
    tries = 0
    while size and tries < _SHRINKS:
        place = 0
        while place < len(fault.data) and tries < _SHRINKS:
            tries += 1
            less = attempt(feed, fault.data[:place] + fault.data[place + size :])
            if less is not None and less.kind == fault.kind:
                fault = less
            else:
                place += size
        size //= 2
    return fault


def run(target: Target, seconds: float, seed: int, tries: int | None = None) -> Outcome:
    """Fuzz a target for ``seconds`` of wall time, or for a number of ``tries``, whichever ends first."""
    feed, samples = target.load(), target.samples()
    random = Random(f"{target.name} {seed}")
    for sample in samples:
        if (fault := attempt(feed, sample)) is not None:
            return Outcome(1, 0, fault)
    before = _resident()
    deadline = time.monotonic() + seconds
    done = 0
    for done in count(1):
        if (fault := _next(feed, samples, random)) is not None:
            return Outcome(done, _resident() - before, shrink(feed, fault))
        if done == tries or time.monotonic() > deadline:
            break
    growth = _resident() - before
    fault = Fault("growth", b"", f"grew by {growth} KiB") if growth > GROWTH_KIB else None
    return Outcome(done, growth, fault)


def _next(feed: Feed, samples: Sequence[bytes], random: Random) -> Fault | None:
    data = mutated(samples, random)
    fault = attempt(feed, data)
    # Slow once may be the machine; slow thrice is the parser.
    if fault is not None and fault.kind == "slow":
        again = [attempt(feed, data) for _ in range(2)]
        return fault if all(again) else None
    return fault


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
