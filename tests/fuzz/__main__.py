"""``python -m tests.fuzz --seconds N [--seed S] [target ...]``: fuzz each target for N seconds."""

from __future__ import annotations

import argparse
import logging
import sys

from tests.fuzz.campaign import run
from tests.fuzz.targets import TARGETS, Target, chosen


def main() -> int:
    """0 if nothing was found, 1 if something was, 2 for a wrong argument."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each target (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other inputs (default 1)")
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(t.name for t in TARGETS))
    arguments = parser.parse_args()
    # Parsers may log what they refuse; that is not what we look for.
    logging.disable(logging.CRITICAL)
    try:
        targets = chosen(arguments.targets)
    except KeyError as error:
        parser.error(f"no target {error}")
    found = [_fuzz(target, arguments.seconds, arguments.seed) for target in targets]
    return 1 if any(found) else 0


def _fuzz(target: Target, seconds: float, seed: int) -> bool:
    """Whether something was found; prints one line, or the finding."""
    outcome = run(target, seconds, seed)
    if outcome.fault is None:
        print(f"{target.name:16}{outcome.tries:9} inputs  +{outcome.growth // 1024} MiB", flush=True)
        return False
    print(f"{target.name:16}{outcome.tries:9} inputs  FOUND {outcome.fault.kind}")
    print(outcome.fault.report)
    if outcome.fault.data:
        print(f"kept as {outcome.fault.save(target)}: {outcome.fault.data[:300]!r}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
