"""The golden plan documents in tests/data/plans. `python -m tests.support.golden` writes them anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dialplan import document
from dialplan.plan import DialPlan
from dialplan.rows import SiteRows
from tests.support.demonstration import house, office
from tests.support.plans import compiled

PLANS = Path(__file__).parent.parent / "data" / "plans"
SITES: dict[str, Callable[[], SiteRows]] = {"house": house, "office": office}


def readable(plan: DialPlan) -> str:
    """The document with one value a line, so that a difference can be read."""
    return json.dumps(document.dump(plan), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write the document of each demonstration site."""
    for name, rows in SITES.items():
        (PLANS / f"{name}.json").write_text(readable(compiled(rows())), encoding="utf-8")


if __name__ == "__main__":
    write()
