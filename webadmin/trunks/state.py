"""How each trunk does at this moment, as the PBX tells it by AMI."""

from __future__ import annotations

from dataclasses import dataclass

from webadmin.pbx_link import PbxLink


@dataclass(frozen=True, slots=True)
class TrunkState:
    """`state`: Registered, Unregistered, Rejected, Reachable, Unreachable or Off; `calls` at this moment."""

    state: str
    cause: str
    calls: int


def states(link: PbxLink) -> dict[str, TrunkState]:
    """The state of each trunk that the PBX knows, by ref.

    Raises:
        webadmin.pbx_link.PbxAway: the PBX does not answer.
    """
    found = {}
    for each in link.listing("TrunkList", "TrunkListComplete"):
        calls = each.get("Calls", "")
        number = int(calls) if calls.isascii() and calls.isdecimal() and len(calls) < 7 else 0
        found[each.get("Trunk", "")] = TrunkState(each.get("State", ""), each.get("Cause", "")[:200], number)
    return found
