"""Writes events into an agent's store, and says each number once the store has taken it; to be killed.

Arguments: the directory of the store.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from intercom.store import Store


def main() -> None:
    store, told = Store(Path(sys.argv[1])), 0
    while True:
        number = store.add({"name": "gate", "kind": "opened", "pad": "x" * 200}, {"lid": told % 2 == 0})
        store.keep_fact("wrong", str(number % 5))
        store.keep_document("passes", f"e{number}", "y" * 2000)
        os.write(1, b"%d\n" % number)
        if number - told > 50:
            told = number - 25
            os.write(1, b"-%d\n" % told)  # before it goes: from here on it may be gone
            store.told(told)


if __name__ == "__main__":
    main()
