"""The states of trunks, as the PBX tells them."""

from __future__ import annotations

from typing import Any

from webadmin.trunks.state import TrunkState, states


class Pbx:
    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        assert (action, complete) == ("TrunkList", "TrunkListComplete")
        return [{"Trunk": "a", "State": "Registered", "Calls": "2"}, {"Trunk": "b", "Calls": "many"}]


def test_states_by_trunk() -> None:
    link: Any = Pbx()
    assert states(link) == {"a": TrunkState("Registered", "", 2), "b": TrunkState("", "", 0)}
