"""What a digit means in a call with a panel: which door it opens, if any."""

from __future__ import annotations

from dialplan.plan import DialPlan

OPEN_DIGIT = "5"
"""Opens a panel's first door unless the panel gives it to another one."""


def door_for(plan: DialPlan, panel: str, digit: str) -> str | None:
    """The id of the door this digit opens in a call with this panel (a device id); None: it means nothing."""
    found = plan.panel(panel)
    if found is None:
        return None
    for key in found.keys:
        if key.digit == digit:
            return key.door
    return found.doors[0] if digit == OPEN_DIGIT and found.doors else None
