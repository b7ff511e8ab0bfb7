"""Who is there, as the PBX says."""

from __future__ import annotations

from webadmin.panels.presence import Presence, presences
from webadmin.pbx_link import PbxAway


class Pbx:
    """Lists these."""

    def __init__(self, *found: dict[str, str], away: bool = False) -> None:
        self.found, self.away = list(found), away

    def listing(self, action: str, complete: str, **fields: str) -> list[dict[str, str]]:
        """Them."""
        if self.away:
            raise PbxAway("x")
        assert fields == {"Site": "x.example", "Kind": "all"}
        return self.found


def test_here_away_and_not_known() -> None:
    here = {"Panel": "gate", "Status": "Registered", "UserAgent": "x" * 100, "Address": "192.0.2.1:5060"}
    found = presences(Pbx(here, {"Panel": "back", "Status": "Unavailable"}, {}), "x.example")  # type: ignore[arg-type]
    assert found == {
        "gate": Presence(True, "x" * 80, "192.0.2.1:5060"),
        "back": Presence(False, "", ""),
    }
    assert presences(Pbx(away=True), "x.example") is None  # type: ignore[arg-type]
