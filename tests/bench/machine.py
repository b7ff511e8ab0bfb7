"""The machine of a bench: which core is whose, what a process tree has used, how fast a core is now."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path

PROC = Path("/proc")


def core(number: int) -> int:
    """The n-th core this process may use; on a machine with one core all are the same."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[number % len(cores)]


SERVER_CORE, LOAD_CORE = core(0), core(1)
ON_LOAD_CORE = ("taskset", "-c", str(LOAD_CORE))
ON_SERVER_CORE = ("taskset", "-c", str(SERVER_CORE))


def tree(pid: int) -> list[int]:
    """A process and all that it has begun."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in (PROC / str(one) / "task").glob("*/children"):
            waiting += map(int, children.read_text().split())
    return found


def pin(pid: int, to: int) -> None:
    """Bind every thread of a process tree to one core; what they begin later inherits it."""
    for one in tree(pid):
        for thread in os.listdir(PROC / str(one) / "task"):
            os.sched_setaffinity(int(thread), {to})


def cpu_seconds(pid: int) -> float:
    """Processor time (user and system) of a process tree with all its threads, to the nanosecond."""
    total = 0
    for one in tree(pid):
        for path in (PROC / str(one) / "task").glob("*/schedstat"):
            total += int(path.read_text().split()[0])
    return total / 1e9


def resident(pid: int) -> int:
    """Bytes of memory one process holds for itself (private, resident)."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(("Private_", "Swap:")))


def calibrate() -> float:
    """Milliseconds of one fixed loop on the server's core: what two rounds have in common, or have not."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    start = time.perf_counter()
    total = 0
    for number in range(100_000):
        total += number & 7
    took = time.perf_counter() - start
    os.sched_setaffinity(0, before)
    return took * 1e3


def describe() -> str:
    """Cores and CPU model, kernel and Python."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in (PROC / "cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return (
        f"{os.cpu_count()} cores of {model}, Linux {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of all lie; 0.0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
